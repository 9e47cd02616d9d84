import { Injectable } from '@nestjs/common';
import { ApplyEvents } from '../../features/feedback/apply-events';
import { ReceiveEvents } from '../../features/feedback/receive-events';
import type { IncomingEvent } from '../../features/feedback/incoming-event';
import { LinkTokens } from '../../features/registry/link-tokens';
import { OptOuts } from '../../features/registry/opt-outs';
import { Database } from '../../platform/database/database';

interface SentMessage {
  id: string;
  permitAt: Date;
}

/** The ways a link says no (P-07): its page, the button of the mail program, a bare POST. */
const WAYS = ['form', 'one_click', 'form', 'bare'];

/** What comes back from a sent campaign: deliveries, bounces, complaints, and noes by the links in the mails. */
@Injectable()
export class DemoReplies {
  constructor(
    private readonly db: Database,
    private readonly receiving: ReceiveEvents,
    private readonly applying: ApplyEvents,
    private readonly optOuts: OptOuts,
    private readonly links: LinkTokens,
  ) {}

  /**
   * Only to what is in the mailbox: of a message that a crash left unknown nothing may be made up. Repeats
   * change nothing: an event is stored once, and a no that stands is not written again.
   */
  async to(campaignId: string): Promise<void> {
    const messages = await this.db.query<SentMessage & Record<string, unknown>>(
      `SELECT m.id, m.permit_at AS "permitAt" FROM message_status m
       JOIN dispatch d ON d.id = m.dispatch_id JOIN address a ON a.id = m.address_id
       JOIN mailbox_message mail ON mail.message_id = m.id
       WHERE d.campaign_id = $1 ORDER BY a.canonical`,
      [campaignId],
    );
    await this.receiving.run('demo', messages.flatMap(eventsOf));
    await this.applying.run();
    const leaving = messages.filter((_, n) => n % 83 === 11);
    for (const [n, { id }] of leaving.entries()) {
      await this.optOuts.byToken(this.links.tokenFor(id), { detail: WAYS[n % WAYS.length]! });
    }
  }
}

/** Nearly all arrive; of a few nothing is heard, some mailboxes are gone, and somebody presses "spam". */
function eventsOf({ id, permitAt }: SentMessage, n: number): IncomingEvent[] {
  const event = (type: string, seconds: number, code: string | null): IncomingEvent => ({
    providerEventId: `demo-${id}-${type}`,
    type,
    subtype: null,
    code,
    occurredAt: new Date(permitAt.getTime() + seconds * 1000),
    messageId: id,
    email: null,
  });
  if (n % 113 === 5) return [];
  if (n % 139 === 7) return [event('bounce', 3, '5.1.1')];
  const delivered = event('delivered', 2, '2.0.0');
  return n % 1009 === 17 ? [delivered, event('spamreport', 60, null)] : [delivered];
}
