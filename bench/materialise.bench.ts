import { join } from 'node:path';
import { Client } from 'pg';
import type { Dispatches as DispatchesType } from '../src/features/delivery/dispatches';
import type { Database as DatabaseType } from '../src/platform/database/database';
import { WHOLE_TOPIC } from '../src/domain/audience';
import { newId } from '../src/platform/ids';
import { seededWith } from './ground';
import { type Bench, type BenchContext, type Comparison, median } from './harness';
import { expected, TOPIC } from './seed';

// Built, as it runs: plain Node cannot read decorators.
const BUILT = join(__dirname, '..', 'dist');
const DATABASE = 'bench_materialise';
const SENDER = { email: 'nyhetsbrev@larkraft.example', name: 'Lärkraft' };
const BATCH = 500;
const GOAL_PEOPLE = 1_000_000;
const GOAL_SECONDS = 15;
const GOAL_SHARE = 0.5;

/** The audience of a campaign, frozen: a message for each, with the gate's decision. */
export const materialise: Bench = {
  name: 'materialise',
  title: 'Freezing an audience: a message for everybody, with what the gate says of each',
  async run(context): Promise<Comparison[]> {
    const comparisons: Comparison[] = [];
    const sizes = context.quick ? [20_000] : [100_000, GOAL_PEOPLE];
    for (const people of sizes) comparisons.push(await compare(context, people));
    return comparisons;
  },
};

async function compare(context: BenchContext, people: number): Promise<Comparison> {
  const seeded = await seededWith(context, { people });
  const postgres = await context.postgres();
  const product: number[] = [];
  const baseline: number[] = [];
  for (let round = 0; round < context.rounds; round += 1) {
    context.say(`  ${people} people, round ${round + 1} of ${context.rounds}`);
    const url = await postgres.create(DATABASE, seeded);
    try {
      // Always in this order: what the bare copy writes are the rows of the product's own run.
      const { dispatchId, seconds } = await freeze(url, people);
      product.push(people / seconds);
      baseline.push(people / (await copy(url, dispatchId, people)));
    } finally {
      await postgres.drop(DATABASE);
    }
  }
  const seconds = people / median(product);
  const share = median(product.map((rate, round) => rate / baseline[round]!));
  const whole = people === GOAL_PEOPLE;
  return {
    goal: '11',
    what: `${people.toLocaleString('en')} people frozen, over a bare INSERT … SELECT of the same rows`,
    unit: 'people/s',
    product,
    baseline,
    target: `≥ ${GOAL_SHARE} of the bare copy${whole ? `, ≤ ${GOAL_SECONDS} s` : ''}`,
    met: share >= GOAL_SHARE && (!whole || seconds <= GOAL_SECONDS),
    note: `${seconds.toFixed(1)} s`,
  };
}

async function freeze(
  url: string,
  people: number,
): Promise<{ dispatchId: string; seconds: number }> {
  const { Dispatches, db } = open(url);
  try {
    const dispatches = new Dispatches(
      db,
      { enqueue: async () => undefined } as never,
      {
        MARKETING_CAP: 0,
        MARKETING_CAP_DAYS: 30,
      } as never,
    );
    const dispatchId = await db.tx((tx) =>
      dispatches.create(tx, {
        campaignId: newId(),
        channel: 'email',
        topicId: TOPIC,
        contentVersionId: newId(),
        sender: { from: SENDER, replyTo: SENDER, listId: 'bench.example' },
        policyVersion: '2018-04-05',
        windowEnd: null,
        batchSize: BATCH,
      }),
    );
    const began = performance.now();
    await dispatches.materialise(dispatchId, WHOLE_TOPIC);
    const seconds = (performance.now() - began) / 1000;
    const [sum] = await db.query<{ messages: number; sendable: number }>(
      `SELECT count(*) AS messages, count(*) FILTER (WHERE state IS NULL) AS sendable
       FROM message WHERE dispatch_id = $1`,
      [dispatchId],
    );
    if (sum!.messages !== people || sum!.sendable !== expected({ people })) {
      throw new Error(`frozen wrongly: ${JSON.stringify(sum)}`);
    }
    return { dispatchId, seconds };
  } finally {
    await db.onModuleDestroy();
  }
}

/** The same rows once more, for another run of the same month. */
async function copy(url: string, dispatchId: string, people: number): Promise<number> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const began = performance.now();
    const { rowCount } = await client.query(COPY, [dispatchId, newId()]);
    if (rowCount !== people) throw new Error(`copied ${rowCount} of ${people}`);
    return (performance.now() - began) / 1000;
  } finally {
    await client.end();
  }
}

// Ids end in the number within the run; the beginning is the run's.
const COPY = `
INSERT INTO message (id, dispatch_id, batch_id, contact_id, address_id, address_key, copy, state, reason,
                     reason_seq, epoch, decided_at)
SELECT (left($2::text, 18) || '-8' || substr($2::text, 21, 3) || '-' || substr($2::text, 25, 2)
  || right(id::text, 10))::uuid, $2::uuid, batch_id, contact_id, address_id, address_key, copy, state, reason,
  reason_seq, epoch, decided_at
FROM message WHERE dispatch_id = $1`;

function open(url: string) {
  const load = <Exports>(file: string) => require(join(BUILT, file)) as Exports;
  const { Database } = load<{ Database: typeof DatabaseType }>('platform/database/database');
  const { Dispatches } = load<{ Dispatches: typeof DispatchesType }>(
    'features/delivery/dispatches',
  );
  return { Dispatches, db: new Database({ url, pool: 2 }) };
}
