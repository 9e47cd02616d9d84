import { Logger } from '@nestjs/common';
import { GatedHttps } from '../../gated-https';
import type { EmailChannel, EmailContent, EmailRecipient, EmailRequest } from '../email-channel';
import type { Outcome, Verdict } from '../../hand-over';
import { contentFault, recipientFault } from '../outgoing-checks';
import { readAnswer } from './sendgrid-answer';
import {
  buildMail,
  ownParts,
  personalization,
  sharedParts,
  substitutionsOf,
  type MailPart,
} from './sendgrid-mail';
import { Slabs, type Piece } from './slabs';
import { sendMail, type SendGridAccess } from './sendgrid-request';

export interface SendGridSettings extends SendGridAccess {
  /** Of the subuser for service mail; without it the marketing key serves both. */
  serviceApiKey?: string;
  /** `production`, `test` …: lets one webhook endpoint tell its own events from others'. */
  environment: string;
}

interface Order {
  recipient: EmailRecipient;
  /** As JSON. */
  personalization: Piece;
  /** The holes pass the provider's limit and are filled in here. */
  alone: boolean;
}

interface HandOver extends EmailRequest {
  verdicts: Map<EmailRecipient, Verdict>;
  /** Requests made so far. */
  requests: number;
}

// Dividing a batch of 1 000 around one poison address takes 21; past this the batch, or our own request, is
// rotten as a whole, and the rest goes back to be tried later without those found so far.
const MOST_REQUESTS = 64;

/** Email by SendGrid's v3 mail/send: many recipients per request, each alone in a personalization. */
export class SendGridChannel implements EmailChannel {
  readonly name = 'sendgrid';
  readonly maxRecipients = 1000;
  private readonly log = new Logger('sendgrid');
  private readonly https: GatedHttps;
  private readonly parts = new WeakMap<EmailContent, MailPart[]>();

  constructor(private readonly settings: SendGridSettings) {
    this.https = new GatedHttps(new URL(settings.baseUrl));
  }

  async handOver(request: EmailRequest): Promise<Outcome[]> {
    const handOver: HandOver = { ...request, verdicts: new Map(), requests: 0 };
    const requests = this.cutUp(handOver);
    const done = await Promise.allSettled(requests.map((orders) => this.deliver(handOver, orders)));
    for (const { reason } of done.filter((result) => result.status === 'rejected')) {
      // A defect of ours; what it concerned stays unknown rather than guessed.
      this.log.error(reason instanceof Error ? (reason.stack ?? reason.message) : String(reason));
    }
    return request.recipients.map((recipient) => ({
      messageId: recipient.messageId,
      ...(handOver.verdicts.get(recipient) ?? { kind: 'unknown', code: 'channel_fault' }),
    }));
  }

  close(): void {
    this.https.close();
  }

  /** Requests that SendGrid can take: at most 1 000 recipients, no address twice, large ones alone. */
  private cutUp({ content, recipients, verdicts }: HandOver): Order[][] {
    const fault = contentFault(content);
    const requests: Order[][] = [];
    const addresses = new Set<string>();
    const slabs = new Slabs();
    let current: Order[] = [];
    for (const recipient of recipients) {
      const faulty = fault ?? recipientFault(content, recipient);
      if (faulty) {
        verdicts.set(recipient, faulty);
        continue;
      }
      const address = recipient.to.toLowerCase();
      const repeated = addresses.has(address);
      addresses.add(address);
      if (repeated && content.kind === 'marketing') {
        verdicts.set(recipient, DUPLICATE);
        continue;
      }
      const substitutions = substitutionsOf(content, recipient);
      const order: Order = {
        recipient,
        personalization: slabs.append(personalization(content, recipient, substitutions)),
        alone: substitutions === null,
      };
      if (order.alone || repeated) {
        requests.push([order]);
      } else {
        if (current.length === this.maxRecipients) current = [];
        if (current.length === 0) requests.push(current);
        current.push(order);
      }
    }
    return requests;
  }

  /**
   * One request; when SendGrid refuses it as a whole (one poison address makes it refuse them all), the
   * named ones are asked apart, or else both halves, until every recipient has an answer of its own.
   * Nothing is ever asked for twice after an answer that is not a refusal.
   */
  private async deliver(handOver: HandOver, orders: Order[]): Promise<void> {
    handOver.requests += 1;
    const { verdict, divisible, named } = readAnswer(await this.send(handOver, orders));
    if (divisible && orders.length > 1) {
      if (handOver.requests < MOST_REQUESTS) {
        await Promise.all(split(orders, named).map((group) => this.deliver(handOver, group)));
        return;
      }
      if (verdict.kind === 'refused') verdict.permanent = false;
    }
    for (const { recipient } of orders) handOver.verdicts.set(recipient, verdict);
  }

  private async send({ content, startBy, deadline }: HandOver, orders: Order[]) {
    const [first] = orders;
    const parts = first?.alone ? ownParts(content, first.recipient) : this.partsOf(content);
    const personalizations = orders.map((order) => order.personalization);
    const mail = buildMail(content, parts, this.settings.environment);
    const timing = { startBy, deadline };
    return sendMail(this.accessFor(content), this.https, mail, personalizations, timing);
  }

  private accessFor({ kind }: EmailContent): SendGridAccess {
    const { apiKey, serviceApiKey, baseUrl } = this.settings;
    return { baseUrl, apiKey: kind === 'service' ? (serviceApiKey ?? apiKey) : apiKey };
  }

  private partsOf(content: EmailContent): MailPart[] {
    let parts = this.parts.get(content);
    if (!parts) this.parts.set(content, (parts = sharedParts(content)));
    return parts;
  }
}

const DUPLICATE: Verdict = {
  kind: 'refused',
  code: 'duplicate_address',
  detail: 'The address is in this request already.',
  permanent: true,
};

/** Exported for its spec: the named ones apart from the rest; two halves when that would not divide them. */
export function split<T>(items: T[], named: ReadonlySet<number>): T[][] {
  const apart = items.filter((_, index) => named.has(index));
  const rest = items.filter((_, index) => !named.has(index));
  if (apart.length > 0 && rest.length > 0) return [apart, rest];
  const middle = Math.ceil(items.length / 2);
  return [items.slice(0, middle), items.slice(middle)];
}
