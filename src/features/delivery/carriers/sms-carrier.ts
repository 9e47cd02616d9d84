import { Inject, Injectable } from '@nestjs/common';
import { inWindow, SMS_WINDOW, windowEnds } from '../../../domain/schedule';
import { Clock } from '../../../platform/clock';
import { Env } from '../../../platform/config/env';
import type { Outcome, Timing } from '../../channels/hand-over';
import { SMS_CHANNEL, type SmsChannel, type SmsRecipient } from '../../channels/sms/sms-channel';
import { RenderMessage, type PlannedMessage } from '../render-message';
import { type Due, SendingHours } from '../sending-hours';
import type { CarriedRun, Carrier } from './carrier';

/** P-57: later it would be news of yesterday, and a no would come too late for it. */
const VALID_SECONDS = 600;

/** Text messages: at decent hours by the recipient's own clock (P-61), and never to arrive after them. */
@Injectable()
export class SmsCarrier implements Carrier<SmsToHandOver> {
  readonly channel = 'sms';

  constructor(
    private readonly env: Env,
    private readonly clock: Clock,
    private readonly rendering: RenderMessage,
    private readonly hours: SendingHours,
    @Inject(SMS_CHANNEL) private readonly sms: SmsChannel,
  ) {}

  get most(): number {
    return this.sms.maxRecipients;
  }

  get rate(): number {
    return this.env.SEND_RATE_SMS;
  }

  /** The whole batch: where it is night for some, it may be day for others. */
  readonly looksAt = Number.MAX_SAFE_INTEGER;

  due(waiting: PlannedMessage[]): Due {
    return this.hours.due('sms', waiting);
  }

  recipient(message: PlannedMessage, token: string, run: CarriedRun): SmsToHandOver {
    const scope = this.rendering.scope(message, token, run.content, run.facts, 'sms');
    const { textHoles } = run.content.renderFor(scope);
    return {
      messageId: message.id,
      to: message.to!,
      body: run.content.text(textHoles).trim().normalize('NFC'),
      timeZone: message.timeZone,
      unsubscribeUrl: scope.links.unsubscribe,
    };
  }

  asTest(recipient: SmsToHandOver): SmsToHandOver {
    return { ...recipient, body: `[TEST] ${recipient.body}` };
  }

  handOver(run: CarriedRun, recipients: SmsToHandOver[], timing: Timing): Promise<Outcome[]> {
    const { campaignId, windowEnd } = run.dispatch;
    return this.sms.handOver({
      kind: 'marketing',
      campaignId,
      recipients: recipients.map(({ timeZone, ...recipient }) => ({
        ...recipient,
        validSeconds: this.validSeconds(timeZone, windowEnd),
      })),
      ...timing,
    });
  }

  /** Until its hour is over, by the clock of the moment it leaves; 0: it is over. */
  private validSeconds(timeZone: string | null, windowEnd: Date | null): number {
    const now = this.clock.now();
    const zone = timeZone ?? undefined;
    if (!inWindow(now, SMS_WINDOW, zone)) return 0;
    const ends = [windowEnds(now, SMS_WINDOW, zone), ...(windowEnd ? [windowEnd] : [])];
    const left = Math.min(...ends.map((end) => (end.getTime() - now.getTime()) / 1000));
    return Math.max(0, Math.min(VALID_SECONDS, Math.floor(left)));
  }
}

type SmsToHandOver = Omit<SmsRecipient, 'validSeconds'> & { timeZone: string | null };
