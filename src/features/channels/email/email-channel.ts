import type { Outcome, Timing } from '../hand-over';

/** A mailbox with the name shown beside it. */
export interface NamedAddress {
  email: string;
  name: string;
}

/**
 * What every recipient of a request gets, frozen. `pieces[0] hole[0] pieces[1] hole[1] … pieces[n]`:
 * one piece more than holes. Treated as immutable: channels keep encoded forms of it by identity.
 */
export interface EmailContent {
  readonly htmlPieces: readonly string[];
  readonly textPieces: readonly string[];
  /** Random per content version, letters and digits; makes placeholders that no one outside can write. */
  readonly nonce: string;
  readonly from: NamedAddress;
  readonly replyTo: NamedAddress;
  /** `Name <list.domain>`, stable per list (RFC 2919). */
  readonly listId: string;
  readonly kind: 'marketing' | 'service';
  readonly campaignId?: string;
}

export interface EmailRecipient {
  messageId: string;
  to: string;
  toName?: string;
  subject: string;
  htmlHoles: readonly string[];
  textHoles: readonly string[];
  /** The recipient's own opt-out URL; required for marketing. */
  unsubscribeUrl?: string;
  /** The recipient's own `mailto:`, where mail to us is read: for programs that know no other way. */
  unsubscribeMail?: string;
}

export interface EmailRequest extends Timing {
  content: EmailContent;
  recipients: readonly EmailRecipient[];
}

/** One way to hand email over. */
export interface EmailChannel {
  readonly name: 'mailbox' | 'sendgrid' | 'smtp';
  /**
   * How many recipients to take a permit for at once. More are not refused, but what the channel cannot begin before
   * `startBy` comes back as `not_sent`. May change with what the provider is seen to manage: read it each time.
   */
  readonly maxRecipients: number;
  /** Hands each message over at most once, without hidden retries. Never rejects; one outcome per recipient, in their order. */
  handOver(request: EmailRequest): Promise<Outcome[]>;
  /** Lets go of connections, at the end of the process. */
  close?(): void;
}

/** Injection token of the channel chosen by EMAIL_CHANNEL. */
export const EMAIL_CHANNEL = Symbol('EMAIL_CHANNEL');
