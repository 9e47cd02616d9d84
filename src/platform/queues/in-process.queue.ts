import { Logger } from '@nestjs/common';
import { JobQueue, type PoolCount } from './job-queue';
import { POOL_OF, POOLS, type JobHandlers, type JobKind, type Pool, type PoolSizes } from './jobs';

interface Job {
  kind: JobKind;
  id: string;
}

/** Jobs in the memory of this process: nothing to install. What a crash loses, the sweepers ring again. */
export class InProcessQueue extends JobQueue {
  private readonly log = new Logger('jobs');
  private readonly lines = new Map<Pool, Map<string, Job>>();
  private readonly running = new Set<Promise<void>>();
  private readonly busy = new Map<Pool, number>();
  private handlers?: JobHandlers;
  private pools: PoolSizes = {};
  private stopped = false;

  override async enqueue(kind: JobKind, ids: readonly string[]): Promise<void> {
    const pool = POOL_OF[kind];
    // In a process that takes no such jobs the bell would ring for nobody; a sweeper elsewhere will hear.
    if (this.stopped || !this.handlers || !this.pools[pool]) return;
    const line = this.lines.get(pool) ?? new Map<string, Job>();
    this.lines.set(pool, line);
    for (const id of ids) line.set(`${kind}/${id}`, { kind, id });
    this.next(pool);
  }

  override async work(handlers: JobHandlers, pools: PoolSizes): Promise<void> {
    this.handlers = handlers;
    this.pools = pools;
  }

  override async stop(): Promise<void> {
    this.stopped = true;
    this.lines.clear();
    await Promise.all(this.running);
  }

  override async counts(): Promise<PoolCount[]> {
    return POOLS.map((pool) => ({
      pool,
      waiting: this.lines.get(pool)?.size ?? 0,
      running: this.busy.get(pool) ?? 0,
    }));
  }

  override async healthy(): Promise<boolean> {
    return true;
  }

  private next(pool: Pool): void {
    const line = this.lines.get(pool);
    while (line && line.size > 0 && (this.busy.get(pool) ?? 0) < (this.pools[pool] ?? 0)) {
      const [key, job] = line.entries().next().value as [string, Job];
      line.delete(key);
      this.busy.set(pool, (this.busy.get(pool) ?? 0) + 1);
      const run = this.run(job).finally(() => {
        this.running.delete(run);
        this.busy.set(pool, (this.busy.get(pool) ?? 1) - 1);
        this.next(pool);
      });
      this.running.add(run);
    }
  }

  private async run(job: Job): Promise<void> {
    // A new turn of the event loop, so that whoever rang is not run over.
    await new Promise((resolve) => setImmediate(resolve));
    try {
      await this.handlers![job.kind](job.id);
    } catch (error) {
      this.log.error(
        `${job.kind} ${job.id}: ${error instanceof Error ? error.stack : String(error)}`,
      );
    }
  }
}
