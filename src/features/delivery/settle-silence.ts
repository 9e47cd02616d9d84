import { Injectable, Logger } from '@nestjs/common';
import { Database } from '../../platform/database/database';

/** SendGrid tries deferred mail for 72 hours; a day more, and its silence is the answer. */
const NO_TERMINAL_EVENT_HOURS = 96;
const NO_EVIDENCE_HOURS = 24;

/**
 * Names what no event ever came for. Absence counts only while the event path is seen to work: events have
 * arrived since the message left, and within the last hour. Nothing is sent again; a person may decide so.
 */
@Injectable()
export class SettleSilence {
  private readonly log = new Logger('delivery');

  constructor(private readonly db: Database) {}

  async run(): Promise<{ noEvidence: number; noTerminalEvent: number }> {
    const noEvidence = await this.settle('UNKNOWN', 'NO_EVIDENCE', NO_EVIDENCE_HOURS);
    const noTerminalEvent = await this.settle(
      'ACCEPTED',
      'NO_TERMINAL_EVENT',
      NO_TERMINAL_EVENT_HOURS,
    );
    if (noEvidence > 0) this.log.warn(`${noEvidence} unknown messages: no evidence after a day`);
    return { noEvidence, noTerminalEvent };
  }

  private async settle(from: string, to: string, hours: number): Promise<number> {
    const [settled] = await this.db.query<{ count: number }>(SETTLE, [from, to, hours]);
    return settled!.count;
  }
}

const EVENTS_CAME = (
  handedOver: string,
): string => `EXISTS (SELECT 1 FROM provider_event e WHERE e.type = 'delivered'
  AND e.received_at BETWEEN ${handedOver}.permit_at AND ${handedOver}.permit_at + make_interval(hours => $3))`;

/** $1 state · $2 the next · $3 hours after the permit */
const SETTLE = `
WITH d AS (
  SELECT id FROM dispatch WHERE created_at > clock_timestamp() - interval '30 days'
    AND EXISTS (SELECT 1 FROM provider_event e WHERE e.received_at > clock_timestamp() - interval '1 hour')
),
rows AS (
  UPDATE message m SET state = $2 FROM d
  WHERE m.dispatch_id = d.id AND m.state = $1 AND m.permit_at < clock_timestamp() - make_interval(hours => $3)
    AND ${EVENTS_CAME('m')}
  RETURNING 1
),
batches AS (
  UPDATE batch b SET message_state = $2 FROM d
  WHERE b.dispatch_id = d.id AND b.message_state = $1 AND b.permit_at < clock_timestamp() - make_interval(hours => $3)
    AND ${EVENTS_CAME('b')}
  RETURNING b.id
)
SELECT (SELECT count(*) FROM rows)
  + (SELECT count(*) FROM message m JOIN batches ON batches.id = m.batch_id WHERE m.state IS NULL) AS count`;
