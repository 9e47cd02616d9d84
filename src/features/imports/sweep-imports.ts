import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock';
import { Database } from '../../platform/database/database';
import { JobQueue } from '../../platform/queues/job-queue';
import { UNDO_HOURS } from './import-record';
import { abandonedImports, purgeImports, purgeOrphans } from './sweep.queries';

/** Rings again for imports that nobody works on, and removes files whose time has passed. */
@Injectable()
export class SweepImports {
  constructor(
    private readonly db: Database,
    private readonly queue: JobQueue,
    private readonly clock: Clock,
  ) {}

  async run(): Promise<void> {
    const ids = await abandonedImports(this.db);
    if (ids.length > 0) await this.queue.enqueue('imports.run', ids);
    const before = new Date(this.clock.now().getTime() - UNDO_HOURS * 3_600_000);
    await purgeImports(this.db, before);
    await purgeOrphans(this.db, before);
  }
}
