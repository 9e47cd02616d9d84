import { Client } from 'pg';
import type { LearnerEventResults } from '../src/features/contacts/learning/events/learner-events.dto';
import { inTurn, peopleOf, seededWith } from './ground';
import { cpuOf, type Bench, type BenchPostgres, median } from './harness';
import { batchOf, knowLearners, type LearnerEvent, PER_BATCH } from './event-batches';
import { Product, Redis } from './processes';

const AT_ONCE = 4;
const WARM_UP = 4;
const SEEDED = 'bench_learning';
const ROUND = 'bench_learning_round';

interface Rate {
  perSecond: number;
  /** CPU of the web server per event, microseconds. */
  micros: number;
}

/** What a learning platform may send after a night: batches of different people, each event once. */
export const learnerEvents: Bench = {
  name: 'learner-events',
  title: `Learner events over HTTP, ${PER_BATCH} a call, ${AT_ONCE} calls at a time`,
  async run(context) {
    const postgres = await context.postgres();
    const people = peopleOf(context);
    const seeded = await seededWith(context, { people });
    const url = await postgres.create(SEEDED, seeded);
    const batches = context.quick ? 20 : 100;
    try {
      const persons = await knowLearners(url);
      const make = (n: number) => batchOf(n, persons);
      const { product, baseline } = await inTurn(
        context,
        () => onFreshCopy(postgres, (copy) => taken(copy, batches, make)),
        () => onFreshCopy(postgres, (copy) => inserted(copy, batches, make)),
      );
      const rates = product.map(({ perSecond }) => perSecond);
      return [
        {
          goal: 'info',
          what: 'Events stored, judged one by one and counted by month',
          unit: 'events/s',
          product: rates,
          baseline,
          ratio: 'product/baseline',
          target: '≥ 10 000/s',
          met: median(rates) >= 10_000,
          note: 'bare: one INSERT … SELECT per batch of the same rows by one connection, nothing looked up',
        },
        {
          goal: 'info',
          what: 'CPU of the web server per event',
          unit: 'µs',
          product: product.map(({ micros }) => micros),
        },
      ];
    } finally {
      await postgres.drop(SEEDED);
    }
  },
};

async function onFreshCopy<Result>(
  postgres: BenchPostgres,
  work: (url: string) => Promise<Result>,
): Promise<Result> {
  const url = await postgres.create(ROUND, SEEDED);
  try {
    return await work(url);
  } finally {
    await postgres.drop(ROUND);
  }
}

async function taken(
  url: string,
  batches: number,
  make: (n: number) => LearnerEvent[],
): Promise<Rate> {
  const redis = await Redis.start();
  const own = { DATABASE_URL: url, REDIS_URL: redis.url, EMAIL_CHANNEL: 'sendgrid' };
  const web = await Product.start('web', own);
  try {
    const post = async (n: number) => {
      const body = { items: make(n) };
      const answer = await web.api<LearnerEventResults>('POST', 'learner-events/batch', body);
      const lost = answer.items.find(({ outcome }) => outcome !== 'stored');
      if (lost) throw new Error(`learner event: ${JSON.stringify(lost)}`);
    };
    for (let n = 0; n < WARM_UP; n += 1) await post(n);
    let next = WARM_UP;
    const [begun, cpu] = [performance.now(), cpuOf(web.pid)];
    const send = async (): Promise<void> => {
      while (next < WARM_UP + batches) await post(next++);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, send));
    const events = batches * PER_BATCH;
    return {
      perSecond: (events * 1000) / (performance.now() - begun),
      micros: ((cpuOf(web.pid) - cpu) * 1_000_000) / events,
    };
  } finally {
    await web.stop();
    await redis.stop();
  }
}

async function inserted(
  url: string,
  batches: number,
  make: (n: number) => LearnerEvent[],
): Promise<number> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ id: string }>('SELECT id FROM course LIMIT 1');
    const begun = performance.now();
    for (let n = 0; n < batches; n += 1) {
      const events = make(n);
      await client.query(
        `INSERT INTO learner_event (event_id, contact_id, course_id, kind, occurred_at, received_at)
         SELECT e, c, $2, k, at, now() FROM unnest($1::text[], $3::uuid[], $4::text[], $5::timestamptz[]) AS r(e, c, k, at)`,
        [
          events.map(({ eventId }) => eventId),
          rows[0]!.id,
          events.map(({ contactExternalId }) => contactExternalId),
          events.map(({ kind }) => kind),
          events.map(({ occurredAt }) => occurredAt),
        ],
      );
    }
    return (batches * PER_BATCH * 1000) / (performance.now() - begun);
  } finally {
    await client.end();
  }
}
