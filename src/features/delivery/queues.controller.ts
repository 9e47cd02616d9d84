import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Env } from '../../platform/config/env';
import { Database } from '../../platform/database/database';
import { Permit } from '../../platform/http/access';
import { JobQueue } from '../../platform/queues/job-queue';
import { QueueOverview } from './queues.dto';
import { queueLines } from './queues.queries';

@ApiTags('operations')
@ApiBearerAuth()
@Controller('api/v1/operations/queues')
export class QueuesController {
  constructor(
    private readonly env: Env,
    private readonly db: Database,
    private readonly queue: JobQueue,
  ) {}

  /** What waits to be done and since when; the truth from Postgres, the bells from the job queue. */
  @Get()
  @Permit('operations:read')
  async overview(): Promise<QueueOverview> {
    return {
      redis: this.env.REDIS_URL !== undefined,
      reachable: await this.queue.healthy(),
      lines: await queueLines(this.db),
      bells: await this.queue.counts(),
    };
  }
}
