import type { Env } from '../../platform/config/env';
import { DEMO_PORTAL, isDemoPortal } from '../../platform/config/mina-sidor-settings';
import type { DemoSettings } from './demo-files';

export interface DemoFigures {
  people: number;
  organisations: number;
  sent: number;
  /** The draft that waits for whoever tries the demo is still one. */
  unsent: boolean;
}

/** What the demo prints at each start; passwords at the first one only. */
export function demoLines(
  env: Env,
  settings: DemoSettings,
  loaded: { first: boolean; failed: boolean; figures: DemoFigures },
): string[] {
  const { people, organisations, sent } = loaded.figures;
  const width = Math.max(...settings.staff.map(({ email }) => email.length));
  const draft = settings.campaigns.find((campaign) => !campaign.sent)!;
  return [
    '',
    `Demo: ${people} people at ${organisations} companies, all invented; ${sent} campaigns sent.`,
    ...(loaded.failed ? ['It is not whole: see the log. The next start goes on with it.'] : []),
    ...(env.EMAIL_CHANNEL === 'mailbox'
      ? ['Nothing leaves this computer: mail lands in the mailbox below.']
      : []),
    '',
    'Log-ins (for the demo only):',
    ...settings.staff.map(({ email, role }) => `  ${email.padEnd(width)}  ${role}`),
    loaded.first
      ? `  Password of all: ${settings.password}`
      : '  Their password was printed at the first start and stands in prisma/demo/demo.json.',
    '',
    ...pageLines(env),
    '',
    'Try in another terminal:',
    `  npm run cli -- campaign ${loaded.figures.unsent ? 'send' : 'report'} "${draft.name}"`,
    '',
  ];
}

/** Where to look; also for a demo on a database that was not empty. */
export function pageLines(env: Env): string[] {
  const pages = [
    ['What to try, step by step', '/'],
    ['For staff', '/app'],
    ...(env.EMAIL_CHANNEL === 'mailbox' ? [['Mailbox: everything "sent"', '/dev/mailbox']] : []),
    ...(isDemoPortal(env) ? [['A learning portal, to Mina sidor', DEMO_PORTAL]] : []),
    ['API, readable', '/api/docs'],
  ];
  return pages.map(([name, path]) => `${`${name}:`.padEnd(34)}${env.link(path!)}`);
}
