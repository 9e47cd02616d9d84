import { Inject, Injectable, Logger } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { Database } from '../../../platform/database/database';
import { TwilioSent, type SentSms } from '../../channels/sms/twilio/twilio-sent';
import { ReceiveEvents } from '../receive-events';
import { readStatus } from '../twilio-events';
import { SmsCosts } from './sms-costs';
import { SmsLinks } from './sms-links';

/** Time for the callback, which tells the same. */
const YOUNGEST_MINUTES = 5;
/** Then silence is the answer (NO_EVIDENCE). */
const OLDEST_HOURS = 24;
/** Messages asked for in one turn; the next turn goes on from there, and a stop waits for no more. */
const MOST = 40;
/** About four questions a second: the account's limit is for sending. */
const PAUSE_MS = 250;
const FIRST = '00000000-0000-0000-0000-000000000000';

interface Unknown {
  id: string;
  to: string;
  permitAt: Date;
}

/**
 * Asks Twilio what became of text messages whose answer was lost. A message of its list is ours when it carries the
 * very link that only that message had; what the list says is then taken as a status callback would be. Nothing is
 * ever sent again, and what is not found stays unknown.
 */
@Injectable()
export class ReconcileSms {
  private readonly log = new Logger('feedback');
  private after = FIRST;

  constructor(
    private readonly db: Database,
    @Inject(TwilioSent) private readonly sent: TwilioSent | null,
    private readonly links: SmsLinks,
    private readonly events: ReceiveEvents,
    private readonly costs: SmsCosts,
  ) {}

  /** How many were found. */
  async run(): Promise<number> {
    if (!this.sent) return 0;
    const unknown = await this.db.query<Unknown & Record<string, unknown>>(UNKNOWN, [
      this.after,
      MOST,
      YOUNGEST_MINUTES,
      OLDEST_HOURS,
    ]);
    let found = 0;
    for (const message of unknown) {
      const tomorrow = new Date(message.permitAt.getTime() + OLDEST_HOURS * 3600_000);
      const answer = await this.sent.to(message.to, message.permitAt, tomorrow);
      if (answer.kind === 'failed' && !isOfThisQuestion(answer.code)) {
        this.log.warn(`what became of unknown text messages cannot be asked: ${answer.code}`);
        return found;
      }
      if (answer.kind === 'failed')
        this.log.warn(`what became of ${message.id} is not told: ${answer.code}`);
      else if (await this.settle(message.id, answer.messages)) found += 1;
      this.after = message.id;
      await pause(PAUSE_MS);
    }
    if (unknown.length < MOST) this.after = FIRST;
    if (found > 0) this.log.log(`${found} of ${unknown.length} unknown text messages are known`);
    return found;
  }

  private async settle(messageId: string, sent: readonly SentSms[]): Promise<boolean> {
    const owners = await this.links.messagesOf(sent.map(({ body }) => body));
    for (const [n, { told }] of sent.entries()) {
      const event = owners[n] === messageId ? readStatus(told, messageId) : null;
      if (!event) continue;
      await this.events.run('twilio', [event]);
      await this.costs.keep([{ messageId, told }]);
      return true;
    }
    return false;
  }
}

/** Refused for what it asks, and not for who asks or how often: others may be answered. */
const isOfThisQuestion = (code: string): boolean =>
  /^4\d\d$/.test(code) && !/^4(01|03|29)$/.test(code);

/** $1 after this message · $2 at most · $3 minutes that are too young · $4 hours that are too old */
const UNKNOWN = `
SELECT m.id, a.value AS "to", m.permit_at AS "permitAt"
FROM dispatch d
JOIN message_status m ON m.dispatch_id = d.id
JOIN address a ON a.id = m.address_id
WHERE d.channel = 'sms' AND (d.finished_at IS NULL OR d.finished_at > now() - make_interval(hours => $4 + 1))
  AND m.state = 'UNKNOWN' AND m.permit_at > now() - make_interval(hours => $4)
  AND m.permit_at < now() - make_interval(mins => $3) AND m.id > $1
ORDER BY m.id LIMIT $2`;
