import { Injectable } from '@nestjs/common';
import { endOfNextWorkingDay } from '../../../domain/working-day';
import { Audit } from '../../../platform/audit/audit';
import { Clock } from '../../../platform/clock';
import { Database } from '../../../platform/database/database';
import type { Actor } from '../../../platform/http/actor';
import { Metrics } from '../../../platform/operations/metrics';
import { listReplies, type Reply } from './reply.queries';

const YEAR = '12 months';

/** What people wrote back that nobody but a person can understand. */
@Injectable()
export class Replies {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly audit: Audit,
    private readonly metrics: Metrics,
  ) {}

  async list(state: Reply['state'], limit: number, reader: Actor): Promise<Reply[]> {
    const replies = await listReplies(this.db, state, limit);
    const replyIds = replies.map(({ id }) => id);
    await this.audit.record(
      this.db,
      reader,
      'replies.read',
      { type: 'reply', id: null },
      { replyIds },
    );
    return replies;
  }

  /** For a timer: how many wait, how long, and whether what is promised of them (P-14: one working day) is broken. */
  async watch(): Promise<void> {
    const [row] = await this.db.query<{ open: number; oldest: Date | null }>(
      `SELECT count(*) AS open, min(at) AS oldest FROM reply WHERE state = 'open'`,
    );
    const { open, oldest } = row!;
    const now = this.clock.now();
    const age = oldest ? (now.getTime() - oldest.getTime()) / 1000 : 0;
    this.metrics.openReplies.set(open);
    this.metrics.oldestOpenReply.set(Math.max(0, age));
    const isLate = oldest !== null && now >= endOfNextWorkingDay(oldest);
    this.metrics.unhealthy.set({ what: 'replies_late' }, isLate ? 1 : 0);
  }

  /** For a timer: the words and the sender of what nobody has read go after a year. */
  async forget(): Promise<void> {
    await this.db.query(
      `UPDATE reply SET state = 'done', outcome = 'expired', sender = NULL, body = NULL
       WHERE state = 'open' AND at < $1::timestamptz - $2::interval`,
      [this.clock.now(), YEAR],
    );
  }
}
