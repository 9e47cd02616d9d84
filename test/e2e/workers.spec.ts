import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Redis from 'ioredis';
import { SendGridStub } from '../provider-stub/sendgrid-stub';
import { Service, TEST_SETTINGS, until } from '../setup/service';

declare const JOBS: 'in-process' | 'bull';

const MAIN = join(__dirname, '../../dist/main.js');
const AUDIENCE = 3000;
/** Without Redis a process rings only for itself, so each must be whole. */
const WORKER = JOBS === 'bull' ? 'worker' : 'all';

describe('workers that die', () => {
  let stub: SendGridStub;
  let service: Service;
  let topicId: string;
  const workers = new Set<ChildProcess>();

  beforeAll(async () => {
    if (!existsSync(MAIN)) throw new Error('dist/main.js is missing: run npm run build first');
    stub = await SendGridStub.start({ keepMails: false });
    stub.mode = { kind: 'accept', delayMs: 40 };
    // The web server alone; workers and scheduler are processes of their own, as in production.
    service = await Service.open(settings(), 'web');
    topicId = await service.topic('nyhetsbrev');
    const people = Array.from({ length: AUDIENCE }, (_, n) => ({ email: `p${n}@exempel.example` }));
    await service.people(topicId, people);
  });
  afterAll(async () => {
    await Promise.all([...workers].map((worker) => end(worker, 'SIGKILL')));
    await service.close();
    await stub.stop();
  });

  it('F-80 loses nothing and sends nothing twice through kill -9 and a flushed Redis in mid-campaign', async () => {
    if (JOBS === 'bull') start('scheduler');
    start(WORKER);
    let victim = start(WORKER);
    const campaignId = await service.launch(topicId, { templateKey: 'enkel' });
    for (const share of [0.1, 0.3, 0.5]) {
      await until(
        async () => (await settledShare(campaignId)) > share,
        60,
        `${share} of the audience`,
      );
      await end(victim, 'SIGKILL');
      if (service.env.REDIS_URL) await flush(service.env.REDIS_URL);
      victim = start(WORKER);
    }
    // A lease is 30 s: what the dead held is UNKNOWN or free again after it.
    const counts = await service.settled(campaignId, ['finished'], 120);
    expect(counts).toMatchObject({ audience: AUDIENCE, gap: 0 });
    expect(counts.buckets).toMatchObject({ pending: 0, in_flight: 0, rejected: 0, withheld: 0 });
    expect(counts.buckets.accepted + counts.buckets.unknown).toBe(AUDIENCE);

    const taken = stub.takenByMessage();
    expect([...taken.values()].filter((times) => times !== 1)).toEqual([]);
    const accepted = await service.db.query<{ id: string }>(
      `SELECT id FROM message_status WHERE state = 'ACCEPTED'`,
    );
    expect(accepted.filter(({ id }) => !taken.has(id))).toEqual([]);
    const unknown = await service.db.query<{ id: string }>(
      `SELECT id FROM message_status WHERE state = 'UNKNOWN'`,
    );
    expect(taken.size).toBeLessThanOrEqual(accepted.length + unknown.length);
    // At most the batches that the killed had in hand.
    expect(unknown.length).toBeLessThanOrEqual(3 * 4 * 100);
  }, 200_000);

  it('stops cleanly on SIGTERM: what is in flight is finished, and nothing becomes UNKNOWN', async () => {
    const before = await unknowns();
    const campaignId = await service.launch(topicId, { templateKey: 'enkel' });
    await until(async () => (await settledShare(campaignId)) > 0.1, 60);
    const alive = [...workers].filter(
      ({ exitCode, signalCode }) => exitCode === null && !signalCode,
    );
    // Not the scheduler, and not one that is still starting.
    const worker = alive[JOBS === 'bull' ? 1 : 0];
    expect(await end(worker!, 'SIGTERM')).toBe(0);
    await service.settled(campaignId, ['finished'], 90);
    expect(await unknowns()).toBe(before);
  }, 120_000);

  function settings(): Record<string, string> {
    return {
      EMAIL_CHANNEL: 'sendgrid',
      SENDGRID_API_KEY: 'SG.test',
      SENDGRID_API_URL: stub.url,
      BATCH_SIZE: '100',
    };
  }

  function start(role: string): ChildProcess {
    const redis = service.env.REDIS_URL ? { REDIS_URL: service.env.REDIS_URL } : {};
    const child = spawn(process.execPath, [MAIN, role], {
      env: {
        PATH: process.env.PATH,
        ...TEST_SETTINGS,
        LOG_LEVEL: 'warn',
        ...settings(),
        ...redis,
        DATABASE_URL: service.database.url,
      },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    workers.add(child);
    return child;
  }

  async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    child.kill(signal);
    await once(child, 'exit');
    return child.exitCode;
  }

  async function settledShare(campaignId: string): Promise<number> {
    const counts = await service.counts(campaignId).catch(() => null);
    return counts ? (counts.buckets.accepted + counts.buckets.unknown) / AUDIENCE : 0;
  }

  async function unknowns(): Promise<number> {
    const [row] = await service.db.query<{ n: number }>(
      `SELECT count(*) AS n FROM message_status WHERE state = 'UNKNOWN'`,
    );
    return row!.n;
  }

  async function flush(url: string): Promise<void> {
    const redis = new Redis(url);
    await redis.flushall();
    await redis.quit();
  }
});
