import { Inject, Module, type OnModuleDestroy } from '@nestjs/common';
import { Clock } from '../../platform/clock';
import { Env } from '../../platform/config/env';
import { Database } from '../../platform/database/database';
import { EMAIL_CHANNEL, type EmailChannel } from './email/email-channel';
import { SendGridLists } from './email/sendgrid/sendgrid-lists';
import { SendGridChannel } from './email/sendgrid/sendgrid.channel';
import { SmtpChannel } from './email/smtp/smtp.channel';
import { EmailMailbox } from './mailbox/email-mailbox.channel';
import { MailboxController } from './mailbox/mailbox.controller';
import { SmsMailbox } from './mailbox/sms-mailbox.channel';
import { SMS_CHANNEL, type SmsChannel } from './sms/sms-channel';
import { NoSms } from './sms/no-sms.channel';
import { TwilioSent } from './sms/twilio/twilio-sent';
import { TwilioChannel } from './sms/twilio/twilio.channel';

/** The way out that EMAIL_CHANNEL names. */
export function chooseEmailChannel(env: Env, db: Database, clock: Clock): EmailChannel {
  switch (env.EMAIL_CHANNEL) {
    case 'mailbox':
      return new EmailMailbox(db);
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

/** The way out that SMS_CHANNEL names. */
export function chooseSmsChannel(env: Env, db: Database): SmsChannel {
  switch (env.smsChannel) {
    case 'none':
      return new NoSms();
    case 'mailbox':
      return new SmsMailbox(db, env.smsSender);
    case 'twilio':
      return new TwilioChannel({
        accountSid: needed(env.TWILIO_ACCOUNT_SID, 'TWILIO_ACCOUNT_SID'),
        authToken: needed(env.TWILIO_AUTH_TOKEN, 'TWILIO_AUTH_TOKEN'),
        baseUrl: env.twilioUrl,
        ...(env.TWILIO_MESSAGING_SERVICE_SID
          ? { messagingServiceSid: env.TWILIO_MESSAGING_SERVICE_SID }
          : { from: needed(env.SMS_FROM, 'SMS_FROM') }),
        statusUrl: env.link('/webhooks/twilio/status'),
      });
  }
}

/** The lists of the marketing subuser, where mail goes by SendGrid. */
export function chooseLists(env: Env): SendGridLists | null {
  if (env.EMAIL_CHANNEL !== 'sendgrid') return null;
  const apiKey = needed(env.SENDGRID_API_KEY, 'SENDGRID_API_KEY');
  return new SendGridLists({ apiKey, baseUrl: env.sendgridUrl });
}

/** What Twilio has taken, where text messages go by it. */
export function chooseSent(env: Env): TwilioSent | null {
  if (env.smsChannel !== 'twilio') return null;
  return new TwilioSent({
    accountSid: needed(env.TWILIO_ACCOUNT_SID, 'TWILIO_ACCOUNT_SID'),
    authToken: needed(env.TWILIO_AUTH_TOKEN, 'TWILIO_AUTH_TOKEN'),
    baseUrl: env.twilioUrl,
  });
}

function needed(value: string | undefined, name: string): string {
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

/** The outside world: how email and text messages leave. */
@Module({
  controllers: [MailboxController],
  providers: [
    { provide: EMAIL_CHANNEL, inject: [Env, Database, Clock], useFactory: chooseEmailChannel },
    { provide: SMS_CHANNEL, inject: [Env, Database], useFactory: chooseSmsChannel },
    { provide: SendGridLists, inject: [Env], useFactory: chooseLists },
    { provide: TwilioSent, inject: [Env], useFactory: chooseSent },
  ],
  exports: [EMAIL_CHANNEL, SMS_CHANNEL, SendGridLists, TwilioSent],
})
export class ChannelsModule implements OnModuleDestroy {
  constructor(
    @Inject(EMAIL_CHANNEL) private readonly email: EmailChannel,
    @Inject(SMS_CHANNEL) private readonly sms: SmsChannel,
  ) {}

  onModuleDestroy(): void {
    this.email.close?.();
    this.sms.close?.();
  }
}
