import 'reflect-metadata';
import { Transform } from 'class-transformer';
import {
  getMetadataStorage,
  IsBoolean,
  IsEmail,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUrl,
  Matches,
  Max,
  Min,
} from 'class-validator';
import { LaunchSettings } from './launch-settings';

const url = { require_tld: false, require_protocol: true };
const Bool = () =>
  Transform(({ value }) =>
    value === 'true' || value === '1' ? true : value === 'false' || value === '0' ? false : value,
  );
const Int = () => Transform(({ value }) => (value === undefined ? value : Number(value)));

/** Every setting, from the environment. `X_FILE` names a file that holds the value of `X`. */
export class Env extends LaunchSettings {
  /** Mode of the process: `production` refuses mailbox channels and example secrets. */
  @IsIn(['development', 'test', 'production'])
  NODE_ENV: 'development' | 'test' | 'production' = 'development';
  /** Role when none is given on the command line: all, web, worker, scheduler or migrate. */
  @IsIn(['all', 'web', 'worker', 'scheduler', 'migrate'])
  APP_ROLE: 'all' | 'web' | 'worker' | 'scheduler' | 'migrate' = 'all';
  /** Port of the web server. */
  @Int()
  @IsInt()
  @Min(0)
  @Max(65535)
  PORT: number = 3000;
  /** Address people reach the service at; every link is built from it, never from a Host header. Default: localhost at PORT. */
  @IsUrl(url)
  PUBLIC_URL: string;
  /** Number of reverse proxies in front, for the caller's address in throttles. */
  @Int()
  @IsInt()
  @Min(0)
  @Max(10)
  TRUST_PROXY: number = 0;
  /** PostgreSQL address; unset: the embedded Postgres in DATA_DIR. */
  @IsOptional()
  @Matches(/^postgres(ql)?:\/\//)
  DATABASE_URL?: string;
  /** Connections a process may hold. */
  @Int()
  @IsInt()
  @Min(2)
  @Max(200)
  DATABASE_POOL: number = 10;
  /** Redis address; unset: jobs run in this process. */
  @IsOptional()
  @Matches(/^rediss?:\/\//)
  REDIS_URL?: string;
  /** Folder for the embedded Postgres and its secrets. */
  @IsString()
  DATA_DIR: string = '.data';
  /** Folder on the disk of the database, to stop sending before it is full; default: DATA_DIR with the embedded Postgres, else none. */
  @IsOptional()
  @IsString()
  DATABASE_DISK?: string;
  /** Demo data on an empty database; default on only with the embedded Postgres. */
  @IsOptional()
  @Bool()
  @IsBoolean()
  DEMO?: boolean;
  /** trace, debug, info, warn, error or silent. */
  @IsIn(['trace', 'debug', 'info', 'warn', 'error', 'silent'])
  LOG_LEVEL: string = 'info';
  /** Secret that /metrics asks for as a bearer token; unset: open on the loopback address only. */
  @IsOptional()
  @IsString()
  METRICS_TOKEN?: string;

  /** Legal name of the controller, shown in every mail and page. */
  @IsString()
  CONTROLLER_NAME: string = 'Lärkraft AB';
  /** Postal address of the controller, on one line. */
  @IsString()
  CONTROLLER_ADDRESS: string = 'Exempelgatan 1, 111 11 Stockholm';
  /** Monitored address for questions and for saying no. */
  @IsEmail({ require_tld: false })
  CONTROLLER_EMAIL: string = 'kundtjanst@larkraft.example';
  /** Monitored telephone number of customer service. */
  @IsString()
  CONTROLLER_PHONE: string = '070-174 06 05';
  /** Name and contact of the supervisory authority. */
  @IsString()
  AUTHORITY: string = 'Integritetsskyddsmyndigheten (IMY), Box 8114, 104 20 Stockholm, imy@imy.se';
  /** From address of marketing mail, when the campaign names none. */
  @IsEmail({ require_tld: false })
  MARKETING_FROM: string = 'nyhetsbrev@larkraft.example';
  /** From address of service mail (confirmations, receipts); not the marketing one. */
  @IsEmail({ require_tld: false })
  SERVICE_FROM: string = 'konto@larkraft.example';

  /** Where email goes: mailbox (shown at /dev/mailbox), sendgrid or smtp. */
  @IsIn(['mailbox', 'sendgrid', 'smtp'])
  EMAIL_CHANNEL: 'mailbox' | 'sendgrid' | 'smtp' = 'mailbox';
  /** SendGrid API key of the marketing subuser. */
  @IsOptional()
  @IsString()
  SENDGRID_API_KEY?: string;
  /** SendGrid API key of another subuser for service mail, so that a marketing no there cannot stop it; default: the marketing key. */
  @IsOptional()
  @IsString()
  SENDGRID_SERVICE_API_KEY?: string;
  /** global or eu. */
  @IsIn(['global', 'eu'])
  SENDGRID_REGION: 'global' | 'eu' = 'global';
  /** Address of the SendGrid API; default by SENDGRID_REGION. */
  @IsOptional()
  @IsUrl(url)
  SENDGRID_API_URL?: string;
  /** Public key of the signed event webhook, base64; without it the route answers 503. */
  @IsOptional()
  @IsString()
  SENDGRID_WEBHOOK_PUBLIC_KEY?: string;
  /** How old a signed webhook may be, in hours; SendGrid retries for 24. */
  @Int()
  @IsInt()
  @Min(1)
  @Max(168)
  SENDGRID_WEBHOOK_MAX_AGE_HOURS: number = 25;
  /** SMTP server, for example smtps://user:password@host:465. */
  @IsOptional()
  @Matches(/^smtps?:\/\//)
  SMTP_URL?: string;
  /** Domain that signs mail sent by SMTP. */
  @IsOptional()
  @IsString()
  DKIM_DOMAIN?: string;
  /** Selector of the DKIM key. */
  @IsOptional()
  @IsString()
  DKIM_SELECTOR?: string;
  /** Private DKIM key, PEM. */
  @IsOptional()
  @IsString()
  DKIM_PRIVATE_KEY?: string;

  /** Mailbox whose mail the provider posts to us (avsluta@svar.company.example); when set, marketing mail offers it as a second way out. */
  @IsOptional()
  @Matches(/^[A-Za-z0-9._-]{1,40}@(?=.{1,80}$)[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/)
  INBOUND_MAIL_ADDRESS?: string;
  /** Secret in the path that the provider posts incoming mail to; without it the route answers 503. */
  @IsOptional()
  @Matches(/^[A-Za-z0-9_-]{32,200}$/)
  INBOUND_MAIL_SECRET?: string;

  /** Where text messages go: mailbox (shown at /dev/mailbox), twilio or none; default: none in production, else mailbox. */
  @IsOptional()
  @IsIn(['mailbox', 'twilio', 'none'])
  SMS_CHANNEL?: 'mailbox' | 'twilio' | 'none';
  /** Twilio account, AC and 32 hexadecimal digits. */
  @IsOptional()
  @Matches(/^AC[0-9a-f]{32}$/)
  TWILIO_ACCOUNT_SID?: string;
  /** Auth token of the account in TWILIO_REGION; also what Twilio signs its callbacks with. */
  @IsOptional()
  @IsString()
  TWILIO_AUTH_TOKEN?: string;
  /** ie1 (Ireland) or us1: where Twilio processes and stores. */
  @IsIn(['ie1', 'us1'])
  TWILIO_REGION: 'ie1' | 'us1' = 'ie1';
  /** Address of the Twilio API; default by TWILIO_REGION. */
  @IsOptional()
  @IsUrl(url)
  TWILIO_API_URL?: string;
  /** Messaging Service that chooses the sender, MG and 32 hexadecimal digits; or SMS_FROM. */
  @IsOptional()
  @Matches(/^MG[0-9a-f]{32}$/)
  TWILIO_MESSAGING_SERVICE_SID?: string;
  /** Sender of text messages: a number (+46…), or a name of up to 11 letters and digits, which nobody can answer. */
  @IsOptional()
  @Matches(/^(\+[1-9]\d{7,14}|(?=.*[A-Za-z])[A-Za-z0-9](?:[A-Za-z0-9 ]{0,9}[A-Za-z0-9])?)$/)
  SMS_FROM?: string;
  /** Address of the links in text messages, where there is a shorter one; default: PUBLIC_URL. */
  @IsOptional()
  @IsUrl(url)
  SHORT_URL?: string;

  /** What the operator charges for one part of a text message, in SEK, for example 0.52; unset: costs are counted in parts only. */
  @IsOptional()
  @Matches(/^\d{1,2}(\.\d{1,4})?$/)
  SMS_PRICE_PER_PART?: string;

  /** Keyed-hash peppers, v1:base64,v2:base64; the last is used for new addresses, all for look-ups. */
  @IsOptional()
  @Matches(/^v\d+:[A-Za-z0-9+/=]{22,}(,v\d+:[A-Za-z0-9+/=]{22,})*$/)
  ADDRESS_KEYS?: string;
  /** Keys of the links in mails, v1:base64,…; the last makes new links, old links need none. */
  @IsOptional()
  @Matches(/^v\d+:[A-Za-z0-9+/=]{22,}(,v\d+:[A-Za-z0-9+/=]{22,})*$/)
  LINK_KEYS?: string;
  /** Secret behind sessions and throttles. */
  @IsOptional()
  @Matches(/^.{32,}$/)
  SESSION_SECRET?: string;

  /** Recipients in one request to the provider; also what one lost answer makes unknown. */
  @Int()
  @IsInt()
  @Min(1)
  @Max(1000)
  BATCH_SIZE: number = 500;
  /** Emails per second, all workers together; 0 = no limit. */
  @Int()
  @IsInt()
  @Min(0)
  SEND_RATE_EMAIL: number = 0;
  /** Text messages per second, all workers together, as the account allows; 0 = no limit. */
  @Int()
  @IsInt()
  @Min(0)
  SEND_RATE_SMS: number = 0;
  /** Batches one worker hands over at the same time. */
  @Int()
  @IsInt()
  @Min(1)
  @Max(64)
  SEND_CONCURRENCY: number = 4;
  /** Minutes between the checks that the opt-out page really works (also before each campaign); a failure holds all sending. 0 = off. */
  @Int()
  @IsInt()
  @Min(0)
  @Max(1440)
  OPT_OUT_CHECK_MINUTES: number = 60;
  /** Approve only when SPF, DKIM and DMARC of the sender's domain were seen in DNS within a day; default in production. */
  @IsOptional()
  @Bool()
  @IsBoolean()
  REQUIRE_DOMAIN_CHECK?: boolean;

  /** Where the embedded Postgres is used. */
  get embedded(): boolean {
    return this.DATABASE_URL === undefined;
  }

  get domainCheckRequired(): boolean {
    return this.REQUIRE_DOMAIN_CHECK ?? this.NODE_ENV === 'production';
  }

  get demo(): boolean {
    return this.DEMO ?? (this.embedded && this.NODE_ENV === 'development');
  }

  get sendgridUrl(): string {
    return (
      this.SENDGRID_API_URL ??
      (this.SENDGRID_REGION === 'eu' ? 'https://api.eu.sendgrid.com' : 'https://api.sendgrid.com')
    );
  }

  get smsChannel(): 'mailbox' | 'twilio' | 'none' {
    return this.SMS_CHANNEL ?? (this.NODE_ENV === 'production' ? 'none' : 'mailbox');
  }

  get twilioUrl(): string {
    const region = this.TWILIO_REGION === 'ie1' ? 'dublin.ie1.' : '';
    return this.TWILIO_API_URL ?? `https://api.${region}twilio.com`;
  }

  /** What text messages come from; a Messaging Service chooses for itself. */
  get smsSender(): string {
    return this.SMS_FROM ?? 'Utskick';
  }

  /** A link in a text message; `path` starts with a slash. */
  shortLink(path: string): string {
    return (this.SHORT_URL ?? this.PUBLIC_URL).replace(/\/+$/, '') + path;
  }

  /** A link on our own public address; `path` starts with a slash. */
  link(path: string): string {
    return this.PUBLIC_URL.replace(/\/+$/, '') + path;
  }
}

/** The names of all settings: class-validator knows every decorated property, also those without a default. */
export function settingNames(): string[] {
  const metadata = getMetadataStorage().getTargetValidationMetadatas(Env, '', true, false);
  return [...new Set(metadata.map(({ propertyName }) => propertyName))];
}
