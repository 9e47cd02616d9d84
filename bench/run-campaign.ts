import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import { cpuOf, rssPeakOf, type BenchPostgres } from './harness';
import { CAMPAIGN } from './mail';
import { Product, Redis, type Settings } from './processes';
import { TOPIC } from './seed';
import type { SinkState } from './sink';
import type { Sink } from './sink-process';
import { Throttle } from './throttle';

/** A provider of our own that counts; what its URL is to the product stands in the settings. */
export interface CountingSink {
  child: { pid: number };
  url: string;
  /** Counts from nothing, and answers after so long. */
  reset(delayMs: number): Promise<void>;
  state(): Promise<Pick<SinkState, 'recipients' | 'requests'>>;
}

/** What all rounds of a run stand on. */
export interface Ground<Of extends CountingSink = Sink> {
  postgres: BenchPostgres;
  sink: Of;
}

export interface Order {
  /** The seeded database that the round gets a copy of. */
  seeded: string;
  workers?: number;
  /** How long the sink takes to answer. */
  delayMs?: number;
  /** The share of a core that each worker may have. */
  share?: number;
  settings?: Settings;
  /** What is sent; else an ordinary mail. */
  content?: object;
  /** A file of ours that the workers load first. */
  preload?: string;
  /** Runs beside the sending until it is told to stop. */
  beside?(running: Running, stop: AbortSignal): Promise<void>;
}

/** One campaign, from the first hand-over that is possible to the last message that is final. */
export interface Sent {
  recipients: number;
  seconds: number;
  perSecond: number;
  perSecondFromLaunch: number;
  /** Of the launch and the materialising, before. */
  secondsBefore: number;
  workerMicros: number;
  postgresMicros: number;
  sinkMicros: number;
  /** Redis, web server and scheduler together. */
  otherMicros: number;
  workerPeakMb: number;
  requests: number;
}

/** Enough for the compiler to have seen the code, few enough to take no time. */
const WARM_UP_ORGANISATIONS = 60;
const LONGEST_SECONDS = 400;

/** Processes of the product on a fresh copy of a database, warm. */
export interface Running {
  url: string;
  client: Client;
  web: Product;
  workers: Product[];
  /** CPU seconds so far. */
  cpu: () => Record<'worker' | 'postgres' | 'sink' | 'other', number>;
}

/** Starts them, sends a first campaign to a few, does the work and clears up. */
export async function withProducts<Result>(
  { postgres, sink }: Ground<CountingSink>,
  order: Order,
  work: (running: Running) => Promise<Result>,
): Promise<Result> {
  const url = await postgres.create('bench_round', order.seeded);
  const redis = await Redis.start();
  const products: Product[] = [];
  const start = async (role: string, preload?: string) => {
    const own = { DATABASE_URL: url, REDIS_URL: redis.url, SENDGRID_API_URL: sink.url };
    const settings = { ...own, EMAIL_CHANNEL: 'sendgrid', ...order.settings };
    const product = await Product.start(role, settings, preload);
    products.push(product);
    return product;
  };
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const web = await start('web');
    const scheduler = await start('scheduler');
    const workers: Product[] = [];
    for (let n = 0; n < (order.workers ?? 1); n += 1)
      workers.push(await start('worker', order.preload));
    const others = [redis.child.pid, web.pid, scheduler.pid];
    const cpu = () => ({
      worker: sum(workers.map(({ pid }) => cpuOf(pid))),
      postgres: postgres.cpuSeconds(),
      sink: cpuOf(sink.child.pid),
      other: sum(others.map(cpuOf)),
    });
    await sink.reset(0);
    const { rows: few } = await client.query<{ id: string }>(
      `SELECT id FROM organisation ORDER BY name_key LIMIT ${WARM_UP_ORGANISATIONS}`,
    );
    await launched(client, web, { organisationIds: few.map(({ id }) => id) }, order.content);
    return await work({ url, client, web, workers, cpu });
  } finally {
    await client.end();
    await Promise.all(products.map((product) => product.stop()));
    await redis.stop();
    await postgres.drop('bench_round');
  }
}

/** One campaign to everybody, by fresh processes. */
export async function sendCampaign(ground: Ground<CountingSink>, order: Order): Promise<Sent> {
  return withProducts(ground, order, async (running) => {
    const { client, web, workers, cpu } = running;
    const { sink } = ground;
    await sink.reset(order.delayMs ?? 0);
    const throttles = workers.map(
      ({ child }, n) => new Throttle(child, order.share ?? 1, n / workers.length),
    );
    const stop = new AbortController();
    let before = cpu();
    let beside: Promise<void> | undefined;
    const run = await launched(client, web, {}, order.content, () => {
      before = cpu();
      beside = order.beside?.(running, stop.signal);
    });
    const after = cpu();
    stop.abort();
    await beside;
    for (const throttle of throttles) throttle.end();
    const { recipients, requests } = await sink.state();
    await account(web, run.campaignId, recipients);
    const micros = (part: keyof typeof after) => ((after[part] - before[part]) / recipients) * 1e6;
    return {
      recipients,
      requests,
      seconds: run.seconds,
      perSecond: recipients / run.seconds,
      perSecondFromLaunch: recipients / (run.seconds + run.secondsBefore),
      secondsBefore: run.secondsBefore,
      workerMicros: micros('worker'),
      postgresMicros: micros('postgres'),
      sinkMicros: micros('sink'),
      otherMicros: micros('other'),
      workerPeakMb: Math.max(...workers.map(({ pid }) => rssPeakOf(pid))),
    };
  });
}

interface Run {
  campaignId: string;
  seconds: number;
  secondsBefore: number;
}

/** Launches a campaign as staff do, and waits until it is finished. Times are the database's. */
export async function launched(
  client: Client,
  web: Product,
  audience: object,
  content: object = CAMPAIGN,
  onMaterialised: () => void = () => undefined,
): Promise<Run> {
  const draft = { ...content, name: 'Höstens kurser', topicId: TOPIC, audience };
  const { id } = await web.api<{ id: string }>('POST', 'campaigns', draft);
  const begun = Date.now();
  await web.api('POST', `campaigns/${id}/launch`, {});
  let materialised = false;
  for (;;) {
    const { rows } = await client.query<{ ready: Date | null; done: Date | null }>({
      name: 'progress',
      text: 'SELECT materialised_at AS ready, finished_at AS done FROM dispatch WHERE campaign_id = $1',
      values: [id],
    });
    const { ready, done } = rows[0] ?? { ready: null, done: null };
    if (ready && !materialised) {
      materialised = true;
      onMaterialised();
    }
    if (ready && done) {
      const seconds = (done.getTime() - ready.getTime()) / 1000;
      return { campaignId: id, seconds, secondsBefore: (ready.getTime() - begun) / 1000 };
    }
    if (Date.now() - begun > LONGEST_SECONDS * 1000) throw new Error('the campaign does not end');
    await wait(ready ? 20 : 5);
  }
}

/** A figure counts only if everybody got it once: by the product's report, and by the sink's own account. */
async function account(web: Product, campaignId: string, taken: number): Promise<void> {
  const path = `campaigns/${campaignId}/report`;
  const { counts } = await web.api<{ counts: { audience: number; buckets: Buckets } }>('GET', path);
  const { accepted, withheld } = counts.buckets;
  if (accepted !== taken || accepted + withheld !== counts.audience) {
    throw new Error(`the sink took ${taken}, the report says ${JSON.stringify(counts)}`);
  }
}

type Buckets = Record<'accepted' | 'withheld', number>;

function sum(figures: number[]): number {
  return figures.reduce((total, figure) => total + figure, 0);
}
