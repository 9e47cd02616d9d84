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
    const result = await this.db.pool.query(
      `UPDATE message m SET state = $2 FROM dispatch d
       WHERE d.id = m.dispatch_id AND d.created_at > clock_timestamp() - interval '30 days'
         AND m.state = $1 AND m.permit_at < clock_timestamp() - make_interval(hours => $3)
         AND EXISTS (SELECT 1 FROM provider_event e WHERE e.received_at > clock_timestamp() - interval '1 hour')
         AND EXISTS (SELECT 1 FROM provider_event e WHERE e.type = 'delivered'
                       AND e.received_at BETWEEN m.permit_at AND m.permit_at + make_interval(hours => $3))`,
      [from, to, hours],
    );
    return result.rowCount ?? 0;
  }
}
