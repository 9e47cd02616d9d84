import { chaosReport } from './report';
import { runChaos, type ChaosPlan } from './run-chaos';

const MAILS: ChaosPlan = {
  channel: 'email',
  seed: 80,
  seconds: 12,
  people: 500,
  campaigns: 4,
  optOuts: 200,
  storm: { size: 60, left: 1 },
  batchSize: 20,
  concurrency: 4,
  everyMs: 250,
  settleSeconds: 90,
};
const TEXTS: ChaosPlan = {
  ...MAILS,
  channel: 'sms',
  seed: 81,
  seconds: 6,
  people: 200,
  campaigns: 2,
  optOuts: 60,
  storm: { size: 30, left: 1 },
};

/** The short form of `npm run chaos`: the same faults on the same processes, for a quarter of a minute. */
describe('F-80 the product under faults', () => {
  it.each([
    { what: 'mails', plan: MAILS, faults: 30, kinds: 15 },
    { what: 'text messages', plan: TEXTS, faults: 12, kinds: 8 },
  ])(
    'loses nothing, sends nothing twice and nothing after a no, whatever is killed: $what',
    async ({ plan, faults, kinds }) => {
      const result = await runChaos(plan);
      const report = chaosReport(result).join('\n');
      expect(`${report}\n${result.verdict.violations.length} violations`).toMatch(
        /\n0 violations$/,
      );
      expect(result.broken).toEqual([]);
      expect(result.verdict.messages).toBeGreaterThanOrEqual(plan.people * plan.campaigns);
      expect(result.history.optOuts.length).toBeGreaterThanOrEqual(plan.optOuts);
      expect(result.history.faults.length).toBeGreaterThanOrEqual(faults);
      expect(new Set(result.history.faults.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(
        kinds,
      );
      // It was no holiday: something was withheld, and something became unknown and was resolved.
      expect(report).toMatch(/WITHHELD=[1-9]/);
      expect(report).toMatch(/[1-9]\d* more were resolved/);
    },
    300_000,
  );
});
