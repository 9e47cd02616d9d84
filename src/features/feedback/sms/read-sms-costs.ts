import { Inject, Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../../platform/clock';
import { Database } from '../../../platform/database/database';
import { TwilioSent } from '../../channels/sms/twilio/twilio-sent';
import { SmsCosts } from './sms-costs';
import { SmsLinks } from './sms-links';

const DAY_MS = 24 * 3600_000;
/** Pages of one turn (500 messages each). */
const PAGES = 10;
/** Twilio names its price some time after the message has arrived. */
const SETTLED_HOURS = 36;

/**
 * Reads what each day's text messages cost, once it is likely to be known: a status callback seldom tells it. A day
 * that breaks off is read again from its beginning; nothing is counted twice.
 */
@Injectable()
export class ReadSmsCosts {
  private readonly log = new Logger('feedback');
  /** Where a day goes on. */
  private next: { day: number; page: string } | null = null;

  constructor(
    private readonly db: Database,
    @Inject(TwilioSent) private readonly sent: TwilioSent | null,
    private readonly links: SmsLinks,
    private readonly costs: SmsCosts,
    private readonly clock: Clock,
  ) {}

  async run(): Promise<void> {
    if (!this.sent) return;
    const last = new Date(this.clock.now().getTime() - SETTLED_HOURS * 3600_000);
    const [mark] = await this.db.query<{ position: number }>(MARK, [toNumber(last)]);
    const day = new Date(toDate(mark!.position).getTime() + DAY_MS);
    if (toNumber(day) > toNumber(last)) return;
    // Another scheduler may have read that day to its end meanwhile.
    if (this.next?.day !== toNumber(day)) this.next = null;
    for (let pages = 0; pages < PAGES; pages += 1) {
      const page = await this.sent.of(day, this.next?.page ?? null);
      if (page.kind === 'failed') {
        this.next = null;
        return this.log.warn(`what text messages cost cannot be read: ${page.code}`);
      }
      const owners = await this.links.messagesOf(page.messages.map(({ body }) => body));
      await this.costs.keep(
        page.messages.map(({ told }, n) => ({ messageId: owners[n] ?? null, told })),
      );
      this.next = page.next === null ? null : { day: toNumber(day), page: page.next };
      if (this.next === null) return void (await this.db.query(MOVE_MARK, [toNumber(day)]));
    }
  }
}

const toNumber = (day: Date): number => Number(day.toISOString().slice(0, 10).replaceAll('-', ''));

const toDate = (day: number): Date =>
  new Date(String(day).replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3'));

/** The last day that is read; the first time, the one before $1. */
const MARK = `
INSERT INTO feedback_mark (name, position)
VALUES ('sms_costs', to_char(to_date($1::text, 'YYYYMMDD') - 1, 'YYYYMMDD')::bigint)
ON CONFLICT (name) DO UPDATE SET position = feedback_mark.position
RETURNING position`;

const MOVE_MARK = `UPDATE feedback_mark SET position = $1 WHERE name = 'sms_costs' AND position < $1`;
