import { Injectable, Logger } from '@nestjs/common';
import { Database } from '../../platform/database/database';
import { JobQueue } from '../../platform/queues/job-queue';
import { FINISH_DISPATCHES, REAP_CLAIMS, REAP_UNTOLD } from './permit.queries';

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
    const untold = (await this.db.pool.query(REAP_UNTOLD)).rowCount ?? 0;
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
    await this.db.query(
      `UPDATE message m SET decided_at = clock_timestamp(), retry_at = NULL,
         state = CASE d.state WHEN 'expired' THEN 'WITHHELD' ELSE 'CANCELLED' END,
         reason = CASE d.state WHEN 'expired' THEN 'outside_window' END
       FROM dispatch d WHERE d.state IN ('expired', 'cancelled') AND d.finished_at > clock_timestamp() - interval '1 hour'
         AND m.dispatch_id = d.id AND m.state IN ('PLANNED', 'RETRY_WAIT')`,
    );
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
