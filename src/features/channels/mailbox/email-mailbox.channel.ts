import type { Database } from '../../../platform/database/database';
import { newId } from '../../../platform/ids';
import type {
  EmailChannel,
  EmailContent,
  EmailRecipient,
  EmailRequest,
} from '../email/email-channel';
import type { Outcome } from '../hand-over';
import { contentHeaders, formatAddress, optOutHeaders } from '../email/mail-headers';
import { cleanName, contentFault, recipientFault } from '../email/outgoing-checks';
import { keep } from './keep';
import type { StoredMail } from './mailbox.queries';

/** Email that stays here: kept in a table and shown at /dev/mailbox as its recipient would see it. */
export class EmailMailbox implements EmailChannel {
  readonly name = 'mailbox';
  readonly maxRecipients = 1000;

  constructor(private readonly db: Database) {}

  async handOver({ content, recipients, startBy }: EmailRequest): Promise<Outcome[]> {
    const fault = contentFault(content);
    const faults = recipients.map((recipient) => fault ?? recipientFault(content, recipient, true));
    const mails = recipients
      .filter((_, index) => !faults[index])
      .map((recipient) => toMail(content, recipient));
    const verdict = await keep(this.db, mails, startBy);
    return recipients.map(({ messageId }, index) => ({ messageId, ...(faults[index] ?? verdict) }));
  }
}

function toMail(content: EmailContent, recipient: EmailRecipient): StoredMail {
  const join = (pieces: readonly string[], holes: readonly string[]) =>
    pieces.map((piece, index) => piece + (holes[index] ?? '')).join('');
  const from = formatAddress(content.from);
  const to = formatAddress({ email: recipient.to, name: cleanName(recipient.toName ?? '') });
  return {
    id: newId(),
    channel: 'email',
    messageId: recipient.messageId,
    campaignId: content.campaignId ?? null,
    to: recipient.to,
    from:
      content.from.name === ''
        ? content.from.email
        : `${content.from.name} <${content.from.email}>`,
    subject: recipient.subject,
    headers: [
      ['From', from],
      ['To', to],
      ['Reply-To', formatAddress(content.replyTo)],
      ['Message-ID', `<${recipient.messageId}@${content.from.email.split('@')[1]}>`],
      ...contentHeaders(content),
      ...optOutHeaders(content, recipient),
    ],
    text: join(content.textPieces, recipient.textHoles),
    html: content.htmlPieces.join('') === '' ? null : join(content.htmlPieces, recipient.htmlHoles),
  };
}
