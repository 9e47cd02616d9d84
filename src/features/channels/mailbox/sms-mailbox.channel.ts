import type { Database } from '../../../platform/database/database';
import { newId } from '../../../platform/ids';
import type { Outcome } from '../hand-over';
import { recipientFault } from '../sms/outgoing-checks';
import type { SmsChannel, SmsRecipient, SmsRequest } from '../sms/sms-channel';
import { keep } from './keep';
import type { StoredMail } from './mailbox.queries';

/** Text messages that stay here: shown at /dev/mailbox on a telephone that can answer. */
export class SmsMailbox implements SmsChannel {
  readonly name = 'mailbox';
  readonly maxRecipients = 1000;

  constructor(
    private readonly db: Database,
    readonly sender: string,
  ) {}

  async handOver({ kind, campaignId, recipients, startBy }: SmsRequest): Promise<Outcome[]> {
    const faults = recipients.map((recipient) => recipientFault(kind, recipient));
    const messages = recipients
      .filter((_, index) => !faults[index])
      .map((recipient) => this.toStored(recipient, campaignId));
    const verdict = await keep(this.db, messages, startBy);
    return recipients.map(({ messageId }, index) => ({ messageId, ...(faults[index] ?? verdict) }));
  }

  private toStored({ messageId, to, body }: SmsRecipient, campaignId?: string): StoredMail {
    return {
      id: newId(),
      channel: 'sms',
      messageId,
      campaignId: campaignId ?? null,
      to,
      from: this.sender,
      subject: '',
      headers: [],
      text: body,
      html: null,
    };
  }
}
