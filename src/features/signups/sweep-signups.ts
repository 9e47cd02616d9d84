import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database';
import { JobQueue } from '../../platform/queues/job-queue';
import { expireSignups, receivedIds } from './signups.queries';

const SWEEP_LIMIT = 500;

/** What time does to sign-ups: forgets those nobody confirmed, and rings again for those whose bell was lost. */
@Injectable()
export class SweepSignups {
  constructor(
    private readonly db: Database,
    private readonly jobs: JobQueue,
  ) {}

  async run(): Promise<void> {
    await expireSignups(this.db);
    const ids = await receivedIds(this.db, SWEEP_LIMIT);
    if (ids.length > 0) await this.jobs.enqueue('signups.settle', ids);
  }
}
