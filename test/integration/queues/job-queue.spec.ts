import { Logger } from '@nestjs/common';
import Bull from 'bull';
import { BullQueue } from '../../../src/platform/queues/bull.queue';
import { InProcessQueue } from '../../../src/platform/queues/in-process.queue';
import type { JobQueue } from '../../../src/platform/queues/job-queue';
import { POOLS, type JobHandlers, type Pool } from '../../../src/platform/queues/jobs';
import { createTestRedis } from '../../setup/redis';
import { until } from '../../setup/until';

async function bull(): Promise<JobQueue> {
  const url = await createTestRedis();
  const queues = POOLS.map(
    (pool) => [pool, new Bull(pool, url, { prefix: 'queue-test' })] as const,
  );
  await Promise.all(queues.map(([, queue]) => queue.isReady()));
  return new BullQueue(Object.fromEntries(queues) as Record<Pool, Bull.Queue>);
}

describe.each([
  ['in the process', async (): Promise<JobQueue> => new InProcessQueue()],
  ['Bull on Redis', bull],
])('the queue (%s)', (_name, open) => {
  let queue: JobQueue;
  let ran: string[];
  let running: number;
  let most: number;

  beforeAll(() => Logger.overrideLogger(false));
  beforeEach(async () => {
    queue = await open();
    [ran, running, most] = [[], 0, 0];
  });
  afterEach(() => queue.stop());

  const handlers = (work: (id: string) => Promise<void> = async () => undefined) =>
    new Proxy({} as JobHandlers, {
      get: () => async (id: string) => {
        running += 1;
        most = Math.max(most, running);
        await work(id).finally(() => {
          running -= 1;
          ran.push(id);
        });
      },
    });

  it('rings once for each id', async () => {
    await queue.work(handlers(), { sending: 2 });
    await queue.enqueue('delivery.hand-over', ['a', 'b', 'c']);
    await until(async () => ran.length === 3);
    expect([...ran].sort()).toEqual(['a', 'b', 'c']);
  });

  it('runs again what rings for itself while it runs, as often as it does', async () => {
    const inParts = async (id: string) => {
      if (ran.length < 3) await queue.enqueue('delivery.hand-over', [id]);
    };
    await queue.work(handlers(inParts), { sending: 2 });
    await queue.enqueue('delivery.hand-over', ['a']);
    await until(async () => ran.length === 4);
    expect(ran).toEqual(['a', 'a', 'a', 'a']);
  });

  it('runs no more of a pool at a time than it was told', async () => {
    const slow = () => new Promise<void>((resolve) => setTimeout(resolve, 30));
    await queue.work(handlers(slow), { sending: 2 });
    await queue.enqueue(
      'delivery.hand-over',
      Array.from({ length: 8 }, (_, n) => `job${n}`),
    );
    await until(async () => ran.length === 8);
    expect(most).toBe(2);
  });

  it('goes on after a job that throws, and does not try it again by itself', async () => {
    const failing = async (id: string) => {
      if (id === 'bad') throw new Error('broken');
    };
    await queue.work(handlers(failing), { sending: 1 });
    await queue.enqueue('delivery.hand-over', ['bad', 'good']);
    await until(async () => ran.length === 2);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(ran).toEqual(['bad', 'good']);
  });

  it('finishes what runs before it stops', async () => {
    const slow = () => new Promise<void>((resolve) => setTimeout(resolve, 200));
    await queue.work(handlers(slow), { sending: 1 });
    await queue.enqueue('delivery.hand-over', ['last']);
    await until(async () => running === 1);
    await queue.stop();
    expect(ran).toEqual(['last']);
  });
});
