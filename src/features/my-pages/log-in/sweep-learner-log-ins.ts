import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock';
import { Database } from '../../../platform/database/database';
import { IDLE_MS } from './learner-sessions';

/** Removes what no longer logs anybody in, and what need not be remembered; for a timer, any number of times. */
@Injectable()
export class SweepLearnerLogIns {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  async run(): Promise<void> {
    const now = this.clock.now();
    await this.db.query('DELETE FROM learner_session WHERE expires_at < $1 OR last_seen_at < $2', [
      now,
      new Date(now.getTime() - IDLE_MS),
    ]);
    await this.db.query('DELETE FROM login_link WHERE expires_at < $1', [now]);
    await this.db.query('DELETE FROM spent_token WHERE expires_at < $1', [now]);
  }
}
