import { Injectable, Logger } from '@nestjs/common';
import { Database } from '../../platform/database/database';
import { JobQueue } from '../../platform/queues/job-queue';
import { END_WAITING, FINISH_DISPATCHES, REAP_CLAIMS, REAP_UNTOLD } from './permit.queries';

/** Launch rings for everything; this is for what was lost, so a little at a time is enough. */
const MOST_BELLS = 500;

/**
 * Finds what crashed workers and lost jobs left behind, from Postgres alone: a flushed Redis or a killed
 * process costs time, never a message. Safe to run anywhere, any number of times.
 */
@Injectable()
export class SweepDelivery {
  private readonly log = new Logger('delivery');

  constructor(
    private readonly db: Database,
    private readonly queue: JobQueue,
  ) {}

  async run(): Promise<void> {
    await this.reap();
    await this.expire();
    await this.db.query(FINISH_DISPATCHES, [null]);
    await this.ring();
  }

  private async reap(): Promise<void> {
    const [{ untold } = { untold: 0 }] = await this.db.query<{ untold: number }>(REAP_UNTOLD);
    if (untold > 0) this.log.warn(`${untold} messages have no outcome: UNKNOWN`);
    await this.db.query(REAP_CLAIMS);
  }

  /** A campaign whose window has passed does not go late, not even when it is paused. */
  private async expire(): Promise<void> {
    await this.db.query(
      `UPDATE dispatch SET state = 'expired', finished_at = clock_timestamp()
       WHERE state IN ('running', 'paused') AND window_end <= clock_timestamp() AND materialised_at IS NOT NULL`,
    );
    // Also what came back from the provider unsent after its run had ended.
    const ended = await this.db.query<{ id: string; state: string }>(
      `SELECT id, state FROM dispatch
       WHERE state IN ('expired', 'cancelled') AND finished_at > clock_timestamp() - interval '1 hour'`,
    );
    const ids = (of: string) => ended.filter(({ state }) => state === of).map(({ id }) => id);
    if (ended.length === 0) return;
    await this.db.query(END_WAITING, ['WITHHELD', 'outside_window', ids('expired')]);
    await this.db.query(END_WAITING, ['CANCELLED', null, ids('cancelled')]);
  }

  private async ring(): Promise<void> {
    const batches = await this.db.query<{ id: string }>(
      `SELECT b.id FROM batch b JOIN dispatch d ON d.id = b.dispatch_id
       WHERE d.state = 'running' AND d.materialised_at IS NOT NULL AND b.state = 'PLANNED'
         AND (b.retry_at IS NULL OR b.retry_at <= clock_timestamp())
       ORDER BY d.created_at, b.number LIMIT $1`,
      [MOST_BELLS],
    );
    if (batches.length === 0) return;
    await this.queue.enqueue(
      'delivery.hand-over',
      batches.map(({ id }) => id),
    );
  }
}
