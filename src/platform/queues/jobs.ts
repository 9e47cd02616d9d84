/** Every kind of job and the pool of workers that runs it. A job carries one id and is only a doorbell. */
export const POOL_OF = {
  'campaigns.launch': 'campaigns',
  'imports.run': 'imports',
  'delivery.hand-over': 'sending',
  'signups.settle': 'service-mail',
  'service-mail.send': 'service-mail',
  'feedback.apply': 'feedback',
} as const;

export type JobKind = keyof typeof POOL_OF;
export type Pool = (typeof POOL_OF)[JobKind];

export const POOLS = [...new Set(Object.values(POOL_OF))] as Pool[];

/** One call per kind; a missing handler is a compile error. */
export type JobHandlers = Record<JobKind, (id: string) => Promise<void>>;

/** Jobs a pool runs at the same time in one process. */
export type PoolSizes = Partial<Record<Pool, number>>;
