import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database';
import { JobQueue } from '../../platform/queues/job-queue';
import { FINISH_DISPATCHES, RELEASE_BATCH } from './permit.queries';

/** Batches that are let go: done, to be taken up at once, or not before some time. */
@Injectable()
export class Batches {
  constructor(
    private readonly db: Database,
    private readonly queue: JobQueue,
  ) {}

  /** Ends a claim; `notBefore` in seconds. The run ends with its last batch. */
  async release(
    batchId: string,
    token: string,
    dispatchId: string,
    notBefore: number | null,
  ): Promise<void> {
    const [released] = await this.db.query<{ goesOn: boolean }>(RELEASE_BATCH, [
      batchId,
      token,
      notBefore,
    ]);
    if (released?.goesOn) await this.queue.enqueue('delivery.hand-over', [batchId]);
    else await this.db.query(FINISH_DISPATCHES, [dispatchId]);
  }

  /** A batch that nobody holds waits for some seconds. */
  async postpone(batchId: string, seconds: number): Promise<void> {
    await this.db.query(
      `UPDATE batch SET retry_at = clock_timestamp() + make_interval(secs => $2)
       WHERE id = $1 AND state = 'PLANNED'`,
      [batchId, seconds],
    );
  }
}
