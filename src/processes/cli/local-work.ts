import type { INestApplicationContext } from '@nestjs/common';
import { Env } from '../../platform/config/env';
import { Database } from '../../platform/database/database';
import { requireDurability } from '../../platform/database/durability';
import { JobQueue } from '../../platform/queues/job-queue';
import { jobHandlers } from '../jobs';
import { dutiesOf } from '../roles';
import { Timers } from '../timers';

/** A running service sweeps every other second; after so long without, there is none. */
const SILENCE_SECONDS = 8;

/**
 * Does the service's work here, but only while no service runs: a running one may have other settings, such
 * as the channel mail goes by. Should one start meanwhile, both can work; the permit lets nothing go twice.
 */
export class LocalWork {
  private working = false;

  constructor(private readonly app: INestApplicationContext) {}

  async ensure(): Promise<void> {
    if (this.working || (await this.isServiceAlive())) return;
    await requireDurability(this.app.get(Database), this.app.get(Env));
    this.working = true;
    const { pools } = dutiesOf('worker', this.app.get(Env));
    await this.app.get(JobQueue).work(jobHandlers(this.app), pools);
    this.app.get(Timers).start(this.app);
  }

  /** Waits for what is under way. */
  async stop(): Promise<void> {
    await this.app.get(Timers).stop();
    await this.app.get(JobQueue).stop();
  }

  private async isServiceAlive(): Promise<boolean> {
    const [turn] = await this.app.get(Database).query<{ fresh: boolean }>(
      `SELECT max(next_run_at) > clock_timestamp() - make_interval(secs => $1) AS fresh
       FROM timer_turn WHERE name = 'delivery.sweep'`,
      [SILENCE_SECONDS],
    );
    return turn?.fresh ?? false;
  }
}
