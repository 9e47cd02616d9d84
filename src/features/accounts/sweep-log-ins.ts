import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock';
import { Database } from '../../platform/database/database';
import { WINDOW_MS } from './log-in-throttle';
import { IDLE_MS } from './sessions.service';

/** Removes sessions and failed log-ins that no longer count; for a timer, any number of times. */
@Injectable()
export class SweepLogIns {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  async run(): Promise<void> {
    const now = this.clock.now().getTime();
    await this.db.query('DELETE FROM login_failure WHERE at < $1', [new Date(now - WINDOW_MS)]);
    await this.db.query('DELETE FROM session WHERE expires_at < $1 OR last_seen_at < $2', [
      new Date(now),
      new Date(now - IDLE_MS),
    ]);
  }
}
