import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database';
import { JobQueue } from '../../platform/queues/job-queue';

/** Starts what is due, and rings again for launches that a crash interrupted. */
@Injectable()
export class SweepCampaigns {
  constructor(
    private readonly db: Database,
    private readonly queue: JobQueue,
  ) {}

  async run(): Promise<void> {
    // The conditional update is the claim: two schedulers cannot both start a campaign.
    await this.db.query(
      `UPDATE campaign SET state = 'launching'
       WHERE state = 'approved' AND send_at_local IS NOT NULL AND send_at <= clock_timestamp()
         AND COALESCE(leaves_at, send_at) <= clock_timestamp()`,
    );
    const unfinished = await this.db.query<{ id: string }>(
      `SELECT c.id FROM campaign c LEFT JOIN dispatch d ON d.campaign_id = c.id
       WHERE (c.state = 'launching' AND COALESCE(c.leaves_at, c.send_at) <= clock_timestamp()) OR (c.state = 'launched' AND d.materialised_at IS NULL AND d.state = 'running')`,
    );
    await this.queue.enqueue(
      'campaigns.launch',
      unfinished.map(({ id }) => id),
    );
  }
}
