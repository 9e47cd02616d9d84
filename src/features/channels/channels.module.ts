import { Inject, Module, type OnModuleDestroy } from '@nestjs/common';
import { Clock } from '../../platform/clock';
import { Env } from '../../platform/config/env';
import { Database } from '../../platform/database/database';
import { EMAIL_CHANNEL, type EmailChannel } from './email/email-channel';
import { MailboxChannel } from './email/mailbox/mailbox.channel';
import { MailboxController } from './email/mailbox/mailbox.controller';
import { SendGridChannel } from './email/sendgrid/sendgrid.channel';
import { SmtpChannel } from './email/smtp/smtp.channel';

/** The way out that EMAIL_CHANNEL names. */
export function chooseEmailChannel(env: Env, db: Database, clock: Clock): EmailChannel {
  switch (env.EMAIL_CHANNEL) {
    case 'mailbox':
      return new MailboxChannel(db);
    case 'sendgrid':
      return new SendGridChannel({
        apiKey: needed(env.SENDGRID_API_KEY, 'SENDGRID_API_KEY'),
        serviceApiKey: env.SENDGRID_SERVICE_API_KEY,
        baseUrl: env.sendgridUrl,
        environment: env.NODE_ENV,
      });
    case 'smtp':
      return new SmtpChannel(
        {
          url: needed(env.SMTP_URL, 'SMTP_URL'),
          ...(env.DKIM_DOMAIN &&
            env.DKIM_SELECTOR &&
            env.DKIM_PRIVATE_KEY && {
              dkim: {
                domain: env.DKIM_DOMAIN,
                selector: env.DKIM_SELECTOR,
                privateKey: env.DKIM_PRIVATE_KEY,
              },
            }),
        },
        clock,
      );
  }
}

function needed(value: string | undefined, name: string): string {
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

/** The outside world: how mail leaves. */
@Module({
  controllers: [MailboxController],
  providers: [
    { provide: EMAIL_CHANNEL, inject: [Env, Database, Clock], useFactory: chooseEmailChannel },
  ],
  exports: [EMAIL_CHANNEL],
})
export class ChannelsModule implements OnModuleDestroy {
  constructor(@Inject(EMAIL_CHANNEL) private readonly email: EmailChannel) {}

  onModuleDestroy(): void {
    this.email.close?.();
  }
}
