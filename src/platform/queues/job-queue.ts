import type { JobHandlers, JobKind, Pool, PoolSizes } from './jobs';

export interface PoolCount {
  pool: Pool;
  waiting: number;
  running: number;
}

/**
 * Rings doorbells. A job may be delivered 0, 1 or n times and in any order: Postgres holds the truth,
 * and the sweepers ring again for whatever was lost.
 */
export abstract class JobQueue {
  abstract enqueue(kind: JobKind, ids: readonly string[]): Promise<void>;

  /** Starts taking jobs of these pools in this process. */
  abstract work(handlers: JobHandlers, pools: PoolSizes): Promise<void>;

  /** Stops taking jobs and waits for those under way. */
  abstract stop(): Promise<void>;

  /** Jobs by pool; none when the queue cannot be reached. */
  abstract counts(): Promise<PoolCount[]>;

  /** Whether the queue can be reached now. */
  abstract healthy(): Promise<boolean>;
}
