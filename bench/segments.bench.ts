import { join } from 'node:path';
import { Client } from 'pg';
import type { Dispatches as DispatchesType } from '../src/features/delivery/dispatches';
import type { SegmentQuestions as SegmentQuestionsType } from '../src/features/segments/segment-questions';
import { NO_CAP } from '../src/features/registry/marketing-cap';
import type { Clock as ClockType } from '../src/platform/clock';
import type { Database as DatabaseType } from '../src/platform/database/database';
import { type Bench, type BenchContext, type Comparison, quantile } from './harness';
import { COMPANIES, seedLearners } from './learners';
import { QUESTIONS, type Question } from './segment-questions';
import { TOPIC } from './seed';

// Built, as it runs: plain Node cannot read decorators.
const BUILT = join(__dirname, '..', 'dist');
const DATABASE = 'bench_segments';
const SIZES = [10_000, 100_000, 1_000_000];
const MOST_MS = { attributes: 250, behaviour: 1000 };
const TIMES_THE_BEST = 2;
const CALLS = 5;

interface Figures {
  people: number;
  product: number[];
  byHand: number[];
}

/** Segments as staff ask them while they write one: how many, how many would get it, and why the others would not. */
export const segments: Bench = {
  name: 'segments',
  title: `Segments counted with reasons, five learner events a person, ${COMPANIES} companies, beside the best SQL by hand`,
  async run(context): Promise<Comparison[]> {
    const sizes = context.quick ? SIZES.slice(0, 1) : SIZES;
    const figures = new Map(QUESTIONS.map((question) => [question, [] as Figures[]]));
    for (const people of sizes) {
      context.say(`  ${people} people`);
      await withLearners(context, people, async (ask, client) => {
        for (const [question, soFar] of figures)
          soFar.push(await measure(context, people, question, ask, client));
      });
    }
    return [...figures].map(([question, ofSizes]) => judge(question, ofSizes));
  },
};

type Ask = (question: Question) => Promise<number>;

async function withLearners(
  context: BenchContext,
  people: number,
  work: (ask: Ask, client: Client) => Promise<void>,
): Promise<void> {
  const postgres = await context.postgres();
  const url = await postgres.create(DATABASE);
  await seedLearners(url, people);
  const client = new Client({ connectionString: url });
  await client.connect();
  // As the product asks; what is compared is the SQL.
  await client.query(`SET jit = off; SET random_page_cost = 1.1; SET work_mem = '64MB'`);
  const { db, ask } = open(url);
  try {
    await work(ask, client);
  } finally {
    await db.onModuleDestroy();
    await client.end();
    await postgres.drop(DATABASE);
  }
}

async function measure(
  { rounds }: BenchContext,
  people: number,
  question: Question,
  ask: Ask,
  client: Client,
): Promise<Figures> {
  const sql = `SELECT email_standing, count(*) AS people FROM reach
    WHERE email_address_id IS NOT NULL AND ${question.byHand} GROUP BY 1`;
  const bySql = async () =>
    (await client.query<{ people: string }>(sql)).rows.reduce(
      (sum, row) => sum + Number(row.people),
      0,
    );
  const [asked, known] = [await ask(question), await bySql()];
  // Calendars in Stockholm and in UTC may be an hour apart.
  if (known === 0 || Math.abs(asked - known) > people / 1000)
    throw new Error(`${question.what}: ${asked} people, by hand ${known}`);
  const product: number[] = [];
  const byHand: number[] = [];
  for (let call = 0; call < rounds * CALLS; call += 1) {
    product.push(await timed(() => ask(question)));
    byHand.push(await timed(bySql));
  }
  return { people, product, byHand };
}

function judge({ what, behaviour }: Question, ofSizes: Figures[]): Comparison {
  const { product, byHand } = ofSizes.at(-1)!;
  const [p95, best] = [quantile(product, 0.95), quantile(byHand, 0.95)];
  const most = behaviour ? MOST_MS.behaviour : MOST_MS.attributes;
  const sizes = ofSizes.map(({ people, ...of }) => {
    const [own, hand] = [quantile(of.product, 0.5), quantile(of.byHand, 0.5)];
    return `${people}: ${own.toFixed(0)} and ${hand.toFixed(0)}`;
  });
  return {
    goal: '10',
    what: `p95 of counting: ${what}`,
    unit: 'ms',
    product: [p95],
    baseline: [best],
    ratio: 'product/baseline',
    target: `< ${most} ms, ≤ ${TIMES_THE_BEST} times the best SQL by hand`,
    met: p95 < most && p95 <= TIMES_THE_BEST * best,
    note: `medians, ms, of ${product.length}, by people: ${sizes.join(' · ')}`,
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

function open(url: string): { db: DatabaseType; ask: Ask } {
  const load = <Exports>(file: string) => require(join(BUILT, file)) as Exports;
  const { Database } = load<{ Database: typeof DatabaseType }>('platform/database/database');
  const { Clock } = load<{ Clock: typeof ClockType }>('platform/clock');
  const { Dispatches } = load<{ Dispatches: typeof DispatchesType }>(
    'features/delivery/dispatches',
  );
  const { SegmentQuestions } = load<{ SegmentQuestions: typeof SegmentQuestionsType }>(
    'features/segments/segment-questions',
  );
  const db = new Database({ url, pool: 2 });
  const questions = new SegmentQuestions(new Clock());
  const dispatches = new Dispatches(
    db,
    { enqueue: async () => undefined } as never,
    NO_CAP as never,
  );
  const ask = async ({ tree }: Question) => {
    const known = await questions.known(db);
    const who = questions.conditionOf(questions.read(tree, null, known), known);
    return (await dispatches.arithmeticOf(TOPIC, 'email', who)).audience;
  };
  return { db, ask };
}
