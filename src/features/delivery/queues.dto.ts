import { ApiProperty } from '@nestjs/swagger';
import { POOLS, type Pool } from '../../platform/queues/jobs';

/** Work of one kind, as the database knows it. */
export class QueueLine {
  @ApiProperty({ enum: POOLS })
  pool: Pool;
  /** Null: the work belongs to no channel. */
  channel: 'email' | 'sms' | null;
  /** Ready to be taken up. */
  waiting: number;
  running: number;
  /** Waits for its next attempt. */
  retrying: number;
  /** Taken up, and given up by whoever took it: more than a minute past its time. */
  stuck: number;
  /** Since when the oldest that waits has waited. */
  oldestAt: Date | null;
}

/** Bells in the job queue; work whose bell is lost is found by the timers. */
export class QueueBells {
  @ApiProperty({ enum: POOLS })
  pool: Pool;
  waiting: number;
  running: number;
}

export class QueueOverview {
  /** Whether jobs go by Redis; else they run in the process that answers. */
  redis: boolean;
  /** Redis answers, or is not needed. */
  reachable: boolean;
  lines: QueueLine[];
  bells: QueueBells[];
}
