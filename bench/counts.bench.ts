import { join } from 'node:path';
import { Client } from 'pg';
import { WHOLE_TOPIC, type Audience } from '../src/domain/audience';
import type { Dispatches as DispatchesType } from '../src/features/delivery/dispatches';
import { NO_CAP } from '../src/features/registry/marketing-cap';
import type { Database as DatabaseType } from '../src/platform/database/database';
import { seededWith } from './ground';
import { type Bench, type BenchContext, type Comparison, quantile } from './harness';
import { expected, TOPIC } from './seed';

// Built, as it runs: plain Node cannot read decorators.
const BUILT = join(__dirname, '..', 'dist');
const PEOPLE = 1_000_000;
const MOST_MS = 250;
const TIMES_THE_BEST = 2;
const CALLS = 12;

interface Question {
  what: string;
  audience: Audience;
  /** Who wrote it by hand would know that nobody has to be asked of the gate itself. */
  byHand: string;
  values: unknown[];
}

/** People counted by what the gate says of them, before anything is sent. */
export const counts: Bench = {
  name: 'counts',
  title: 'Who would get it, with reasons: the count beside the best SQL by hand',
  async run(context): Promise<Comparison[]> {
    const people = context.quick ? 20_000 : PEOPLE;
    const seeded = await seededWith(context, { people });
    const url = await (await context.postgres()).create('bench_counts', seeded);
    const client = new Client({ connectionString: url });
    await client.connect();
    const { Dispatches, Database } = built();
    const db = new Database({ url, pool: 2 });
    try {
      const dispatches = new Dispatches(
        db,
        { enqueue: async () => undefined } as never,
        NO_CAP as never,
      );
      const [company] = (await client.query<{ id: string }>('SELECT id FROM organisation LIMIT 1'))
        .rows;
      const whole = await dispatches.arithmetic(TOPIC, 'email', WHOLE_TOPIC);
      if (whole.gets !== expected({ people })) throw new Error(`counted ${whole.gets}`);
      const figures: Comparison[] = [];
      for (const question of questions(company!.id))
        figures.push(await compare(context, question, dispatches, client));
      return figures;
    } finally {
      await db.onModuleDestroy();
      await client.end();
      await (await context.postgres()).drop('bench_counts');
    }
  },
};

function questions(company: string): Question[] {
  const byHand = (condition: string) =>
    `SELECT email_standing, count(*) FROM reach WHERE ${condition} GROUP BY 1`;
  return [
    {
      what: 'everybody who agreed to the topic',
      audience: WHOLE_TOPIC,
      byHand: byHand(`email_agreed LIKE '1%'`),
      values: [],
    },
    {
      what: 'contacts at companies, in Swedish',
      audience: {
        ...WHOLE_TOPIC,
        members: 'everyone',
        kinds: ['company_contact'],
        languages: ['sv'],
      },
      byHand: byHand('kinds & 1 <> 0 AND language = $1'),
      values: ['sv'],
    },
    {
      what: 'one company',
      audience: { ...WHOLE_TOPIC, organisationIds: [company] },
      byHand: byHand(`organisation_id = $1 AND email_agreed LIKE '1%'`),
      values: [company],
    },
  ];
}

async function compare(
  { rounds }: BenchContext,
  { what, audience, byHand, values }: Question,
  dispatches: DispatchesType,
  client: Client,
): Promise<Comparison> {
  const product: number[] = [];
  const baseline: number[] = [];
  for (let call = 0; call < rounds * CALLS; call += 1) {
    product.push(await timed(() => dispatches.arithmetic(TOPIC, 'email', audience)));
    baseline.push(await timed(() => client.query(byHand, values)));
  }
  const [p95, best] = [quantile(product, 0.95), quantile(baseline, 0.95)];
  return {
    goal: '10',
    what: `p95 of counting ${what}`,
    unit: 'ms',
    product: [p95],
    baseline: [best],
    ratio: 'product/baseline',
    target: `< ${MOST_MS} ms, ≤ ${TIMES_THE_BEST} times the best SQL by hand`,
    met: p95 < MOST_MS && (p95 <= TIMES_THE_BEST * best || p95 < 10),
    note: `medians ${quantile(product, 0.5).toFixed(1)} and ${quantile(baseline, 0.5).toFixed(1)} ms of ${product.length}`,
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

function built() {
  const load = <Exports>(file: string) => require(join(BUILT, file)) as Exports;
  const { Database } = load<{ Database: typeof DatabaseType }>('platform/database/database');
  const { Dispatches } = load<{ Dispatches: typeof DispatchesType }>(
    'features/delivery/dispatches',
  );
  return { Database, Dispatches };
}
