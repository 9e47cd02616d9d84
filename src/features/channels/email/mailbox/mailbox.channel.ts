import { Logger } from '@nestjs/common';
import { performance } from 'node:perf_hooks';
import type { Database } from '../../../../platform/database/database';
import { newId } from '../../../../platform/ids';
import type {
  EmailChannel,
  EmailContent,
  EmailRecipient,
  EmailRequest,
  Outcome,
  Verdict,
} from '../email-channel';
import { contentHeaders, formatAddress, optOutHeaders } from '../mail-headers';
import { cleanName, contentFault, recipientFault } from '../outgoing-checks';
import { storeMails, type StoredMail } from './mailbox.queries';

/** Email that stays here: kept in a table and shown at /dev/mailbox as its recipient would see it. */
export class MailboxChannel implements EmailChannel {
  readonly name = 'mailbox';
  readonly maxRecipients = 1000;
  private readonly log = new Logger('mailbox');

  constructor(private readonly db: Database) {}

  async handOver({ content, recipients, startBy }: EmailRequest): Promise<Outcome[]> {
    const fault = contentFault(content);
    const faults = recipients.map((recipient) => fault ?? recipientFault(content, recipient, true));
    const mails = recipients
      .filter((_, index) => !faults[index])
      .map((recipient) => toMail(content, recipient));
    const verdict = mails.length > 0 ? await this.store(mails, startBy) : STORED;
    return recipients.map(({ messageId }, index) => ({ messageId, ...(faults[index] ?? verdict) }));
  }

  private async store(mails: StoredMail[], startBy: number): Promise<Verdict> {
    if (performance.now() >= startBy) return { kind: 'not_sent', code: 'start_too_late' };
    try {
      await storeMails(this.db, mails);
      return STORED;
    } catch (error) {
      // The table is our provider here: whether it has the mails is not known once the statement has failed.
      this.log.error(error instanceof Error ? error.message : String(error));
      return { kind: 'unknown', code: 'mailbox_unavailable' };
    }
  }
}

const STORED: Verdict = { kind: 'accepted' };

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
