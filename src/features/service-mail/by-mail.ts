import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Env } from '../../platform/config/env';
import {
  EMAIL_CHANNEL,
  type EmailChannel,
  type EmailContent,
} from '../channels/email/email-channel';
import type { HandOver } from '../channels/hand-over';
import { SystemMails, type RenderedMail, type SystemMail } from '../content/system-mails';
import type { ClaimedServiceMail } from './service-mail.queries';

/** Service messages as mail, from an address of their own. */
@Injectable()
export class ByMail {
  constructor(
    private readonly env: Env,
    private readonly mails: SystemMails,
    @Inject(EMAIL_CHANNEL) private readonly channel: EmailChannel,
  ) {}

  async prepare(messageId: string, mail: ClaimedServiceMail): Promise<HandOver> {
    const { template, language, data, to } = mail;
    const rendered = await this.mails.render(template as SystemMail, language, data);
    const content = this.contentOf(rendered);
    const { subject } = rendered;
    const recipients = [{ messageId, to, subject, htmlHoles: [], textHoles: [] }];
    return (timing) => this.channel.handOver({ content, recipients, ...timing });
  }

  private contentOf({ html, text }: RenderedMail): EmailContent {
    const { SERVICE_FROM, CONTROLLER_NAME: name, CONTROLLER_EMAIL } = this.env;
    return {
      htmlPieces: [html],
      textPieces: [text],
      nonce: randomBytes(8).toString('hex'),
      from: { email: SERVICE_FROM, name },
      replyTo: { email: CONTROLLER_EMAIL, name },
      listId: '',
      kind: 'service',
    };
  }
}
