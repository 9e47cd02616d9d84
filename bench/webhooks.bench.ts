import { Agent, request } from 'node:http';
import { Client } from 'pg';
import { type SignedPost } from '../test/provider-stub/sendgrid-events';
import { inTurn, seededWith } from './ground';
import {
  cpuOf,
  median,
  rssPeakOf,
  type Bench,
  type BenchPostgres,
  type Comparison,
} from './harness';
import { until } from '../test/setup/until';
import { Child, Product, Redis } from './processes';
import { makePosts, seedAccepted, type Posts } from './webhook-posts';

/** Posts that the provider has under way at a time. */
const AT_ONCE = 8;
const SMALL_AT_ONCE = 32;
const LONGEST_SECONDS = 300;
const SEEDED = 'bench_webhooks';
const ROUND = 'bench_webhooks_round';

/** Events per second. */
interface Rates {
  acknowledged: number;
  applied: number;
}

interface Figures {
  large: Rates;
  small: Rates;
  /** CPU per event, in microseconds. */
  web: number;
  worker: number;
  postgres: number;
  webPeakMb: number;
  workerPeakMb: number;
}

interface BareFigures {
  large: number;
  small: number;
  micros: number;
}

export const webhooks: Bench = {
  name: 'webhooks',
  title: 'Webhooks: what the provider tells of a run, from signed posts to all effects',
  async run(context) {
    const messages = context.quick ? 6_000 : 60_000;
    const postgres = await context.postgres();
    const seeded = await seededWith(context, { people: context.quick ? 20_000 : 100_000 });
    const url = await postgres.create(SEEDED, seeded);
    try {
      await seedAccepted(url, messages);
      const posts = await makePosts(url);
      context.say(`  ${posts.largeEvents} events, ${posts.unique} of them different`);
      const { product, baseline } = await inTurn(
        context,
        () => onFreshCopy(postgres, (copy) => takenByProduct(postgres, copy, posts)),
        () => onFreshCopy(postgres, (copy) => takenBare(postgres, copy, posts)),
      );
      return comparisons(product, baseline, posts);
    } finally {
      await postgres.drop(SEEDED);
    }
  },
};

function comparisons(product: Figures[], bare: BareFigures[], posts: Posts): Comparison[] {
  const info = (what: string, unit: string, of: (figures: Figures) => number): Comparison => ({
    goal: 'info',
    what,
    unit,
    product: product.map(of),
  });
  const applied = product.map((figures) => figures.large.applied);
  const { large, small, largeEvents, smallEvents } = posts;
  return [
    {
      goal: '8',
      what: 'Events received, verified, stored once and applied, three copies of each in any order, full posts',
      unit: 'events/s',
      product: applied,
      baseline: bare.map((figures) => figures.large),
      target: '≥ 10 000/s (hope: 50 000)',
      met: median(applied) >= 10_000,
      note:
        `${Math.round(largeEvents / large.length)} events a post; bare: signature and one INSERT without an index, ` +
        `nothing deduplicated or applied, ${median(bare.map(({ micros }) => micros)).toPrecision(3)} µs of CPU an event`,
    },
    {
      goal: 'info',
      what: 'the same until the last post is acknowledged',
      unit: 'events/s',
      product: product.map((figures) => figures.large.acknowledged),
      baseline: bare.map((figures) => figures.large),
    },
    {
      goal: 'info',
      what: 'acknowledged in small posts, all events new',
      unit: 'events/s',
      product: product.map((figures) => figures.small.acknowledged),
      baseline: bare.map((figures) => figures.small),
      note: `${(smallEvents / small.length).toPrecision(2)} events a post`,
    },
    info('the same until all are applied', 'events/s', (figures) => figures.small.applied),
    info('CPU of the web server per event received (full posts)', 'µs', ({ web }) => web),
    info('CPU of the worker per event received', 'µs', ({ worker }) => worker),
    info('CPU of PostgreSQL per event received', 'µs', (figures) => figures.postgres),
    info('memory of the web server at its peak', 'MB', ({ webPeakMb }) => webPeakMb),
    info('memory of the worker at its peak', 'MB', ({ workerPeakMb }) => workerPeakMb),
  ];
}

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

/** Small posts first: the other half is measured warm. */
async function takenByProduct(
  postgres: BenchPostgres,
  databaseUrl: string,
  posts: Posts,
): Promise<Figures> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  const redis = await Redis.start();
  const products: Product[] = [];
  const start = async (role: string) => {
    const own = { DATABASE_URL: databaseUrl, REDIS_URL: redis.url, EMAIL_CHANNEL: 'sendgrid' };
    const settings = { ...own, SENDGRID_WEBHOOK_PUBLIC_KEY: posts.publicKey };
    products.push(await Product.start(role, settings));
    return products.at(-1)!;
  };
  try {
    const web = await start('web');
    const worker = await start('worker');
    const url = `${web.url}/webhooks/sendgrid/events`;
    const nothingWaits = async () =>
      (await client.query('SELECT 1 FROM event_slice LIMIT 1')).rowCount === 0;
    const take = async (some: readonly SignedPost[], atOnce: number, events: number) => {
      const begun = performance.now();
      await deliver(url, some, atOnce);
      const acknowledged = events / secondsSince(begun);
      await until(nothingWaits, LONGEST_SECONDS);
      return { acknowledged, applied: events / secondsSince(begun) };
    };
    const small = await take(posts.small, SMALL_AT_ONCE, posts.smallEvents);
    const cpu = () => [cpuOf(web.pid), cpuOf(worker.pid), postgres.cpuSeconds()];
    const before = cpu();
    const large = await take(posts.large, AT_ONCE, posts.largeEvents);
    const micros = cpu().map((seconds, n) => ((seconds - before[n]!) / posts.largeEvents) * 1e6);
    await mustBeRight(client, posts);
    return {
      large,
      small,
      web: micros[0]!,
      worker: micros[1]!,
      postgres: micros[2]!,
      webPeakMb: rssPeakOf(web.pid),
      workerPeakMb: rssPeakOf(worker.pid),
    };
  } finally {
    await client.end();
    await Promise.all(products.map((product) => product.stop()));
    await redis.stop();
  }
}

async function takenBare(
  postgres: BenchPostgres,
  databaseUrl: string,
  posts: Posts,
): Promise<BareFigures> {
  const { child, line: url } = await Child.script('bare-webhook.ts', databaseUrl, posts.publicKey);
  try {
    const first = performance.now();
    await deliver(url, posts.small, SMALL_AT_ONCE);
    const small = posts.smallEvents / secondsSince(first);
    const cpu = () => cpuOf(child.pid) + postgres.cpuSeconds();
    const before = cpu();
    const begun = performance.now();
    await deliver(url, posts.large, AT_ONCE);
    const large = posts.largeEvents / secondsSince(begun);
    return { large, small, micros: ((cpu() - before) / posts.largeEvents) * 1e6 };
  } finally {
    await child.stop();
  }
}

/** Posts them all, some at a time, as the provider does; every one must be taken. */
async function deliver(url: string, posts: readonly SignedPost[], atOnce: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  let next = 0;
  const line = async (): Promise<void> => {
    while (next < posts.length) {
      const { headers, body } = posts[next++]!;
      const status = await new Promise<number>((resolve, reject) => {
        const length = { 'content-length': body.length };
        const options = { method: 'POST', agent, headers: { ...headers, ...length } };
        request(url, options, (answer) => {
          answer.resume().once('end', () => resolve(answer.statusCode!));
        })
          .once('error', reject)
          .end(body);
      });
      if (status !== 204) throw new Error(`a post was answered with ${status}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, line));
  agent.destroy();
}

/** A figure for work that was not done, or done twice, would be none. */
async function mustBeRight(client: Client, posts: Posts): Promise<void> {
  const { unique, smallEvents, states } = posts;
  const { rows: counted } = await client.query<{ state: string; count: number }>(
    'SELECT state, count(*)::int AS count FROM message_status GROUP BY state',
  );
  const found = Object.fromEntries(counted.map(({ state, count }) => [state, count]));
  for (const [state, count] of Object.entries(states)) {
    if (found[state] !== count) throw new Error(`${found[state]} messages ${state}, not ${count}`);
  }
  const { rows: facts } = await client.query<{ events: number; noes: number; dead: number }>(FACTS);
  const { events, noes, dead } = facts[0]!;
  if (events !== unique + smallEvents)
    throw new Error(`${events} events are stored, not ${unique + smallEvents}`);
  if (noes === 0 || dead === 0) throw new Error('events have left nothing in the registry');
}

const FACTS = `
SELECT (SELECT count(*) FROM provider_event)::int AS events,
  (SELECT count(*) FROM ledger_entry WHERE door IN ('spam_complaint', 'provider_unsubscribe'))::int AS noes,
  (SELECT count(*) FROM ledger_entry WHERE kind = 'undeliverable')::int AS dead`;

const secondsSince = (begun: number): number => (performance.now() - begun) / 1000;
