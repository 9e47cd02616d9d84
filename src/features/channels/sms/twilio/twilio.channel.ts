import { performance } from 'node:perf_hooks';
import { Logger } from '@nestjs/common';
import { GatedHttps } from '../../gated-https';
import type { Outcome, Verdict } from '../../hand-over';
import { Pace } from '../../pace';
import { recipientFault } from '../outgoing-checks';
import type { SmsChannel, SmsRecipient, SmsRequest } from '../sms-channel';
import { readAnswer } from './twilio-answer';
import { TwilioMessages, type TwilioAccess } from './twilio-messages';

export interface TwilioSettings extends TwilioAccess {
  baseUrl: string;
}

/** Requests under way at the same time; the account's rate is kept by all workers together. */
const CONNECTIONS = 32;

/** Text messages by Twilio's Messages resource: one request per message. */
export class TwilioChannel implements SmsChannel {
  readonly name = 'twilio';
  private readonly log = new Logger('twilio');
  private readonly https: GatedHttps;
  private readonly messages: TwilioMessages;
  private readonly pace = new Pace(CONNECTIONS);

  constructor(private readonly settings: TwilioSettings) {
    this.https = new GatedHttps(new URL(settings.baseUrl), CONNECTIONS);
    this.messages = new TwilioMessages(settings, this.https);
  }

  get sender(): string {
    return this.settings.from ?? '';
  }

  get maxRecipients(): number {
    return this.pace.most;
  }

  async handOver(request: SmsRequest): Promise<Outcome[]> {
    const { recipients, startBy } = request;
    const began = performance.now();
    const verdicts: Verdict[] = [];
    let next = 0;
    const work = async (): Promise<void> => {
      for (let at = next++; at < recipients.length; at = next++) {
        verdicts[at] =
          performance.now() < startBy ? await this.send(recipients[at]!, request) : TOO_LATE;
      }
    };
    await Promise.all(Array.from({ length: Math.min(CONNECTIONS, recipients.length) }, work));
    const begun = verdicts.filter(({ kind }) => kind !== 'not_sent').length;
    this.pace.learn(begun, recipients.length, performance.now() - began);
    return recipients.map(({ messageId }, at) => ({ messageId, ...verdicts[at]! }));
  }

  close(): void {
    this.https.close();
  }

  private async send(recipient: SmsRecipient, request: SmsRequest): Promise<Verdict> {
    const fault = recipientFault(request.kind, recipient);
    if (fault) return fault;
    const { startBy, deadline } = request;
    try {
      const timing = { startBy, deadline };
      return readAnswer(await this.messages.create(recipient, timing));
    } catch (error) {
      // A defect of ours; the message stays unknown rather than guessed.
      this.log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
      return { kind: 'unknown', code: 'channel_fault' };
    }
  }
}

const TOO_LATE: Verdict = { kind: 'not_sent', code: 'start_too_late' };
