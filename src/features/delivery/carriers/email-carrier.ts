import { Inject, Injectable } from '@nestjs/common';
import { Env } from '../../../platform/config/env';
import {
  EMAIL_CHANNEL,
  type EmailChannel,
  type EmailRecipient,
} from '../../channels/email/email-channel';
import type { Outcome, Timing } from '../../channels/hand-over';
import { RenderMessage, type PlannedMessage } from '../render-message';
import { type Due, SendingHours } from '../sending-hours';
import type { CarriedRun, Carrier } from './carrier';

@Injectable()
export class EmailCarrier implements Carrier<EmailRecipient> {
  readonly channel = 'email';
  /** Where mail to us is read (P-14). */
  private readonly mailbox: string | undefined;

  constructor(
    private readonly env: Env,
    private readonly hours: SendingHours,
    private readonly rendering: RenderMessage,
    @Inject(EMAIL_CHANNEL) private readonly email: EmailChannel,
  ) {
    this.mailbox = env.INBOUND_MAIL_ADDRESS;
  }

  get most(): number {
    return this.email.maxRecipients;
  }

  get rate(): number {
    return this.env.SEND_RATE_EMAIL;
  }

  /** With hours the whole batch: where it is night for some, it may be day for others. */
  get looksAt(): number {
    return this.hours.of('email') ? Number.MAX_SAFE_INTEGER : this.most;
  }

  due(waiting: PlannedMessage[]): Due {
    return this.hours.due('email', waiting);
  }

  recipient(message: PlannedMessage, token: string, run: CarriedRun): EmailRecipient {
    const scope = this.rendering.scope(message, token, run.content, run.facts);
    const { subject, htmlHoles, textHoles } = run.content.renderFor(scope);
    return {
      messageId: message.id,
      to: message.to!,
      toName: [message.firstName, message.lastName].filter(Boolean).join(' ') || undefined,
      subject,
      htmlHoles,
      textHoles,
      unsubscribeUrl: scope.links.unsubscribe,
      ...(this.mailbox && {
        unsubscribeMail: `mailto:${this.mailbox}?subject=avsluta%20${token}`,
      }),
    };
  }

  asTest(recipient: EmailRecipient): EmailRecipient {
    return { ...recipient, toName: undefined, subject: `[TEST] ${recipient.subject}` };
  }

  handOver(run: CarriedRun, recipients: EmailRecipient[], timing: Timing): Promise<Outcome[]> {
    return this.email.handOver({ content: run.email, recipients, ...timing });
  }
}
