/**
 * What brings the whole service along: loaded when a command runs, because Nest, Prisma and MJML take seconds
 * and `--help` should not. `require`, since import() in CommonJS would want file names that only the build has.
 */
export const lazily = {
  session: () => require('./session') as typeof import('./session'),
  faults: () => require('./describe-fault') as typeof import('./describe-fault'),
  createAdmin: () => require('./work/create-admin') as typeof import('./work/create-admin'),
  importFile: () => require('./work/import-file') as typeof import('./work/import-file'),
  newCampaign: () => require('./work/new-campaign') as typeof import('./work/new-campaign'),
  listCampaigns: () => require('./work/list-campaigns') as typeof import('./work/list-campaigns'),
  sendCampaign: () => require('./work/send-campaign') as typeof import('./work/send-campaign'),
  steerCampaign: () => require('./work/steer-campaign') as typeof import('./work/steer-campaign'),
  reportCampaign: () =>
    require('./work/report-campaign') as typeof import('./work/report-campaign'),
  exportLedger: () => require('./work/export-ledger') as typeof import('./work/export-ledger'),
  verifyLedger: () => require('./work/verify-ledger') as typeof import('./work/verify-ledger'),
  compareLists: () => require('./work/compare-lists') as typeof import('./work/compare-lists'),
  desk: () => require('./work/desk') as typeof import('./work/desk'),
  incidents: () => require('./work/incidents') as typeof import('./work/incidents'),
  addressState: () => require('./work/address-state') as typeof import('./work/address-state'),
};
