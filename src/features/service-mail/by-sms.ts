import { Inject, Injectable } from '@nestjs/common';
import type { HandOver } from '../channels/hand-over';
import { SMS_CHANNEL, type SmsChannel } from '../channels/sms/sms-channel';
import { SystemTexts, type SystemTextKey } from '../content/system-texts';
import type { ClaimedServiceMail } from './service-mail.queries';

/** Service messages as text messages: by night too, since the one who gets it has just asked for it. */
@Injectable()
export class BySms {
  constructor(
    private readonly texts: SystemTexts,
    @Inject(SMS_CHANNEL) private readonly channel: SmsChannel,
  ) {}

  async prepare(messageId: string, message: ClaimedServiceMail): Promise<HandOver> {
    const { template, language, data, to, secondsLeft: validSeconds } = message;
    const body = this.texts.render(template as SystemTextKey, language, data);
    const recipients = [{ messageId, to, body, validSeconds }];
    return (timing) => this.channel.handOver({ kind: 'service', recipients, ...timing });
  }
}
