import { Logger } from '@nestjs/common';
import type { Queue } from 'bull';
import { randomUUID } from 'node:crypto';
import { JobQueue, type PoolCount } from './job-queue';
import { POOL_OF, POOLS, type JobHandlers, type JobKind, type Pool, type PoolSizes } from './jobs';

/**
 * Rings for the same id within so many seconds are one. Not for ever: a job that its worker took and never began
 * (killed, or closing at that moment) stands in Redis for up to 90 s, and would swallow every ring of a sweeper.
 */
const SAME_RING_SECONDS = 20;

const AWAY = new Set(['reconnecting', 'close', 'end']);

/** Bull on Redis: one queue per pool. Redis holds ids only and may be flushed at any moment. */
export class BullQueue extends JobQueue {
  private readonly log = new Logger('jobs');
  /** What this process is doing, and how many times at once: a job and the ring it made for itself may overlap. */
  private readonly underWay = new Map<string, number>();

  constructor(private readonly queues: Record<Pool, Queue>) {
    super();
    for (const pool of POOLS) {
      // Redis away is a delay, never a crash: the sweepers ring again when it is back.
      queues[pool].on('error', (error) => this.log.warn(`${pool}: ${error.message}`));
      queues[pool].on('failed', (job, error) =>
        this.log.error(`${job.name} ${job.id}: ${error.stack}`),
      );
    }
  }

  override async enqueue(kind: JobKind, ids: readonly string[]): Promise<void> {
    const queue = this.queues[POOL_OF[kind]];
    // Redis away: commands would wait in line for it, and with them whoever rings. The sweepers ring later.
    if (AWAY.has(queue.client.status)) return;
    const slot = Math.floor(Date.now() / (SAME_RING_SECONDS * 1000));
    // A job that rings for itself, because more is to be done: the one that runs would swallow it.
    const ring = (id: string) => (this.underWay.has(`${kind}/${id}`) ? randomUUID() : slot);
    try {
      await queue.addBulk(
        ids.map((id) => ({
          name: kind,
          data: { id },
          // One attempt: trying again is decided by the state in Postgres, never by the queue.
          opts: {
            jobId: `${kind}/${id}/${ring(id)}`,
            attempts: 1,
            removeOnComplete: true,
            removeOnFail: true,
          },
        })),
      );
    } catch (error) {
      this.log.warn(`${kind}: not rung (${(error as Error).message}); a sweeper will`);
    }
  }

  override async work(handlers: JobHandlers, pools: PoolSizes): Promise<void> {
    for (const [kind, pool] of Object.entries(POOL_OF) as [JobKind, Pool][]) {
      const size = pools[pool];
      if (!size) continue;
      void this.queues[pool].process(kind, size, async (job) => {
        const { id } = job.data as { id: string };
        const name = `${kind}/${id}`;
        this.count(name, 1);
        try {
          await handlers[kind](id);
        } finally {
          this.count(name, -1);
        }
      });
    }
  }

  private count(name: string, by: 1 | -1): void {
    const times = (this.underWay.get(name) ?? 0) + by;
    if (times > 0) this.underWay.set(name, times);
    else this.underWay.delete(name);
  }

  override async stop(): Promise<void> {
    await Promise.all(
      POOLS.map(async (pool) => {
        const queue = this.queues[pool];
        if (queue.client.status === 'ready') await queue.pause(true);
        await queue.close();
      }),
    );
  }

  override async counts(): Promise<PoolCount[]> {
    if (!(await this.healthy())) return [];
    return Promise.all(
      POOLS.map(async (pool) => {
        const { waiting, active } = await this.queues[pool].getJobCounts();
        return { pool, waiting, running: active };
      }),
    );
  }

  override async healthy(): Promise<boolean> {
    return this.queues[POOLS[0]!].client.status === 'ready';
  }
}
