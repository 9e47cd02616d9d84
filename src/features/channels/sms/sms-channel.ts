import type { Outcome, Timing } from '../hand-over';

export interface SmsRecipient {
  messageId: string;
  /** E.164. */
  to: string;
  /** The whole text, NFC. */
  body: string;
  /** The provider may try for so long and then gives it up (P-57). */
  validSeconds: number;
  /** The recipient's own opt-out URL, which the body must hold; required for marketing. */
  unsubscribeUrl?: string;
}

export interface SmsRequest extends Timing {
  kind: 'marketing' | 'service';
  campaignId?: string;
  recipients: readonly SmsRecipient[];
}

/** One way to hand text messages over. */
export interface SmsChannel {
  readonly name: 'mailbox' | 'twilio' | 'none';
  /** A number or a name; what is shown as the sender where the provider does not choose. */
  readonly sender: string;
  /** As for email: how many to take a permit for at once. Read it each time. */
  readonly maxRecipients: number;
  /** Hands each message over at most once, without hidden retries. Never rejects; one outcome per recipient, in their order. */
  handOver(request: SmsRequest): Promise<Outcome[]>;
  /** Lets go of connections, at the end of the process. */
  close?(): void;
}

/** Injection token of the channel chosen by SMS_CHANNEL. */
export const SMS_CHANNEL = Symbol('SMS_CHANNEL');
