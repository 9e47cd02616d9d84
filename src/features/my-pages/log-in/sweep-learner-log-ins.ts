import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock';
import { Database } from '../../../platform/database/database';
import { IDLE_MS, MAILBOX_IS_HELD } from './learner-sessions';
import { WHO_MAY_ENTER } from './people';

/** Removes what no longer logs anybody in, and what need not be remembered; for a timer, any number of times. */
@Injectable()
export class SweepLearnerLogIns {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  async run(): Promise<void> {
    const now = this.clock.now();
    await this.db.query(
      `DELETE FROM learner_session s
       WHERE s.expires_at < $1 OR s.last_seen_at < $2
         OR NOT EXISTS (SELECT FROM contact known ${WHO_MAY_ENTER} WHERE known.id = s.contact_id)`,
      [now, new Date(now.getTime() - IDLE_MS)],
    );
    await this.db.query(
      `UPDATE learner_session s SET mailbox_key = NULL
       WHERE s.mailbox_key IS NOT NULL AND NOT ${MAILBOX_IS_HELD}`,
    );
    await this.db.query('DELETE FROM login_link WHERE expires_at < $1', [now]);
    await this.db.query('DELETE FROM spent_token WHERE expires_at < $1', [now]);
  }
}
