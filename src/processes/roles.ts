import type { Env } from '../platform/config/env';
import { POOLS, type Pool, type PoolSizes } from '../platform/queues/jobs';

export type Role = Env['APP_ROLE'];

export const ROLES: readonly Role[] = ['all', 'web', 'worker', 'scheduler', 'migrate'];

/** What each process runs. The web server needs only Postgres: an opt-out never waits for anything else. */
export interface Duties {
  web: boolean;
  timers: boolean;
  pools: PoolSizes;
}

/** `worker` takes all pools, `worker <pool>` one. */
export function dutiesOf(role: Role, env: Env, pool?: string): Duties {
  const all: PoolSizes = Object.fromEntries(POOLS.map((name) => [name, poolSize(name, env)]));
  switch (role) {
    case 'all':
      return { web: true, timers: true, pools: all };
    case 'web':
      return { web: true, timers: false, pools: {} };
    case 'worker':
      return { web: false, timers: false, pools: pool ? { [pool]: all[pool as Pool] } : all };
    case 'scheduler':
      return { web: false, timers: true, pools: {} };
    case 'migrate':
      return { web: false, timers: false, pools: {} };
  }
}

function poolSize(pool: Pool, env: Env): number {
  return pool === 'sending' ? env.SEND_CONCURRENCY : 1;
}
