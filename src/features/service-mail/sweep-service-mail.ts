import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database';
import { JobQueue } from '../../platform/queues/job-queue';
import { dueServiceMessages, giveUpHandedOver } from './service-mail.queries';

/** How many bells one sweep rings; the next sweep takes the rest. */
const SWEEP_LIMIT = 500;

/** Settles what dead processes left behind, and rings for what is due. */
@Injectable()
export class SweepServiceMail {
  constructor(
    private readonly db: Database,
    private readonly jobs: JobQueue,
  ) {}

  async run(): Promise<void> {
    await giveUpHandedOver(this.db);
    const ids = await this.dueIds();
    if (ids.length > 0) await this.jobs.enqueue('service-mail.send', ids);
  }

  /** Messages that may be claimed now. */
  dueIds(limit = SWEEP_LIMIT): Promise<string[]> {
    return dueServiceMessages(this.db, limit);
  }
}
