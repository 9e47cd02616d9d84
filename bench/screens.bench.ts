import { onGround, seededWith } from './ground';
import { quantile, type Bench, type Comparison } from './harness';
import type { Product } from './processes';
import { launched, withProducts, type Running } from './run-campaign';

/** What is asked of the API when a screen of the staff web app is opened or goes on showing what happens. */
interface Call {
  screen: string;
  method: 'GET' | 'POST';
  path: (ids: Ids) => string;
  body?: object;
}

interface Ids {
  campaign: string;
  contact: string;
}

const CALLS: readonly Call[] = [
  { screen: 'campaigns', method: 'GET', path: () => 'campaigns' },
  { screen: 'campaign', method: 'GET', path: ({ campaign }) => `campaigns/${campaign}` },
  { screen: 'audience', method: 'GET', path: ({ campaign }) => `campaigns/${campaign}/audience` },
  { screen: 'report', method: 'GET', path: ({ campaign }) => `campaigns/${campaign}/report` },
  { screen: 'messages', method: 'GET', path: ({ campaign }) => `campaigns/${campaign}/messages` },
  { screen: 'contacts', method: 'POST', path: () => 'contacts/search', body: {} },
  { screen: 'contact', method: 'GET', path: ({ contact }) => `contacts/${contact}` },
  { screen: 'history', method: 'GET', path: ({ contact }) => `contacts/${contact}/timeline` },
  { screen: 'search', method: 'POST', path: () => 'search', body: { text: 'and' } },
  { screen: 'why', method: 'GET', path: ({ contact }) => `registry/contacts/${contact}` },
];

const PEOPLE = 100_000;
const MOST_MS = 300;

/** The screens of the staff web app with 100 000 contacts and a campaign of 100 000 messages. */
export const screens: Bench = {
  name: 'screens',
  title: 'What the screens of the staff web app ask of the API, with 100 000 contacts',
  run: (context) =>
    onGround(context, async (ground): Promise<Comparison[]> => {
      const people = context.quick ? PEOPLE / 10 : PEOPLE;
      const seeded = await seededWith(context, { people });
      return withProducts(ground, { seeded }, async (running) => {
        const { campaignId } = await launched(running.client, running.web, {});
        const ids = { campaign: campaignId, contact: await someContact(running) };
        const times = new Map(CALLS.map(({ screen }) => [screen, [] as number[]]));
        // In turn, so that nothing is warm only because it was asked just before.
        for (let time = 0; time < 20 * context.rounds; time += 1) {
          for (const call of CALLS)
            times.get(call.screen)!.push(await timed(running.web, call, ids));
        }
        return CALLS.map(({ screen }) => figure(screen, times.get(screen)!));
      });
    }),
};

async function someContact({ client }: Running): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    'SELECT id FROM contact ORDER BY id OFFSET 5000 LIMIT 1',
  );
  return rows[0]!.id;
}

async function timed(web: Product, { method, path, body }: Call, ids: Ids): Promise<number> {
  const begun = performance.now();
  await web.api(method, path(ids), body);
  return performance.now() - begun;
}

function figure(screen: string, times: number[]): Comparison {
  const p95 = quantile(times, 0.95);
  return {
    goal: 'info',
    what: `p95 of ${screen}`,
    unit: 'ms',
    product: [p95],
    target: `< ${MOST_MS} ms`,
    met: p95 < MOST_MS,
    note: `median ${quantile(times, 0.5).toFixed(1)} ms of ${times.length} calls`,
  };
}
