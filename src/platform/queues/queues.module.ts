import { BullModule, getQueueToken } from '@nestjs/bull';
import { Global, Module, type DynamicModule } from '@nestjs/common';
import type { Queue } from 'bull';
import type { Env } from '../config/env';
import { BullQueue } from './bull.queue';
import { InProcessQueue } from './in-process.queue';
import { JobQueue } from './job-queue';
import { POOLS, type Pool } from './jobs';

/** REDIS_URL set: Bull. Unset: jobs in this process. Nothing outside this folder knows which. */
@Global()
@Module({})
export class QueuesModule {
  static with(env: Env): DynamicModule {
    if (!env.REDIS_URL) {
      return {
        module: QueuesModule,
        providers: [{ provide: JobQueue, useClass: InProcessQueue }],
        exports: [JobQueue],
      };
    }
    return {
      module: QueuesModule,
      imports: [
        BullModule.forRoot({
          url: env.REDIS_URL,
          prefix: 'utskick',
          // A stalled job runs again at most once; running twice is harmless, the permit sees to that.
          settings: { lockDuration: 60_000, maxStalledCount: 1 },
        }),
        BullModule.registerQueue(...POOLS.map((name) => ({ name }))),
      ],
      providers: [
        {
          provide: JobQueue,
          inject: POOLS.map((pool) => getQueueToken(pool)),
          useFactory: (...queues: Queue[]) =>
            new BullQueue(
              Object.fromEntries(POOLS.map((pool, n) => [pool, queues[n]!])) as Record<Pool, Queue>,
            ),
        },
      ],
      exports: [JobQueue],
    };
  }
}
