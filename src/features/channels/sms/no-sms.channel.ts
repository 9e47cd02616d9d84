import type { Outcome } from '../hand-over';
import type { SmsChannel, SmsRequest } from './sms-channel';

/** Where no text messages are sent: what is asked for all the same stays unsent and waits. */
export class NoSms implements SmsChannel {
  readonly name = 'none';
  readonly sender = '';
  readonly maxRecipients = 1;

  async handOver({ recipients }: SmsRequest): Promise<Outcome[]> {
    return recipients.map(({ messageId }) => ({
      messageId,
      kind: 'not_sent',
      code: 'sms_not_configured',
    }));
  }
}
