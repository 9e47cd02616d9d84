import type { Env } from './env';

/** Secrets printed in `.env.example`; refused in production. */
export const EXAMPLE_SECRETS = [
  'v1:ZXhhbXBsZS1wZXBwZXItY2hhbmdlLW1lLXBsZWFzZSE=',
  'v1:ZXhhbXBsZS1saW5rLWtleS1jaGFuZ2UtbWUtcGxlYXNl',
  'example-session-secret-change-me-please',
];

/** How people log in to Mina sidor. */
const LOG_INS = [
  ['LEARNER_JWKS_URL', 'LEARNER_ISSUER', 'LEARNER_AUDIENCE'],
  ['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET'],
] as const;

/** Faults that no single setting shows: what is missing together or contradicts each other. */
export function contradictions(env: Env): string[] {
  const faults: string[] = [];
  const need = (name: keyof Env, because: string) => {
    if (!env[name]) faults.push(`${name} is needed ${because}`);
  };
  if (env.EMAIL_CHANNEL === 'sendgrid') need('SENDGRID_API_KEY', 'when EMAIL_CHANNEL=sendgrid');
  if (env.EMAIL_CHANNEL === 'smtp') need('SMTP_URL', 'when EMAIL_CHANNEL=smtp');
  if (env.ASSET_STORE === 's3') {
    for (const name of ['S3_BUCKET', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'] as const)
      need(name, 'when ASSET_STORE=s3');
  }
  if (env.SMS_CHANNEL === 'twilio') {
    need('TWILIO_ACCOUNT_SID', 'when SMS_CHANNEL=twilio');
    need('TWILIO_AUTH_TOKEN', 'when SMS_CHANNEL=twilio');
    if (!env.TWILIO_MESSAGING_SERVICE_SID && !env.SMS_FROM) {
      faults.push('TWILIO_MESSAGING_SERVICE_SID or SMS_FROM is needed when SMS_CHANNEL=twilio');
    }
  }
  // P-52: a link in a text message takes at most 40 characters.
  if (env.SMS_CHANNEL === 'twilio' && env.shortLink('/s/').length + 16 > 40) {
    faults.push('SHORT_URL (default: PUBLIC_URL) is too long for the links in text messages');
  }
  if (env.EMAIL_CHANNEL !== 'mailbox' && !/^https:|^http:\/\/localhost[:/]?/.test(env.PUBLIC_URL)) {
    faults.push('PUBLIC_URL must be https when mail leaves the house');
  }
  // The whole opt-out URL stays below 100 characters, so that no mail server folds it and breaks its signature.
  if (env.link('/u/').length + 22 > 100)
    faults.push('PUBLIC_URL is too long for the links in mails');
  const dkim = [env.DKIM_DOMAIN, env.DKIM_SELECTOR, env.DKIM_PRIVATE_KEY].filter(Boolean).length;
  if (dkim > 0 && dkim < 3) {
    faults.push('DKIM_DOMAIN, DKIM_SELECTOR and DKIM_PRIVATE_KEY belong together; set all three');
  }
  if (env.SENDGRID_REGION === 'eu' && host(env.sendgridUrl) !== 'api.eu.sendgrid.com') {
    // Mail staged in the EU must not leave by another host.
    faults.push('SENDGRID_API_URL must be https://api.eu.sendgrid.com when SENDGRID_REGION=eu');
  }
  for (const names of LOG_INS) {
    const set = names.filter((name) => env[name]).length;
    if (set > 0 && set < 3) faults.push(`${names.join(', ')} belong together; set all three`);
  }
  if (env.MARKETING_FROM === env.SERVICE_FROM) {
    faults.push('SERVICE_FROM must differ from MARKETING_FROM');
  }
  for (const name of ['ADDRESS_KEYS', 'LINK_KEYS'] as const) {
    const versions = (env[name] ?? '').split(',').map((key) => key.split(':')[0]);
    if (new Set(versions).size !== versions.length) faults.push(`${name} names a version twice`);
  }
  if (env.NODE_ENV !== 'production') {
    if (!env.embedded) {
      need('ADDRESS_KEYS', 'with an external DATABASE_URL');
      need('LINK_KEYS', 'with an external DATABASE_URL');
      need('SESSION_SECRET', 'with an external DATABASE_URL');
    }
    return faults;
  }
  if (env.EMAIL_CHANNEL === 'sendgrid') need('SENDGRID_SERVICE_API_KEY', 'in production');
  need('DATABASE_URL', 'in production');
  need('ADDRESS_KEYS', 'in production');
  need('LINK_KEYS', 'in production');
  need('SESSION_SECRET', 'in production');
  if (env.EMAIL_CHANNEL === 'mailbox')
    faults.push('EMAIL_CHANNEL=mailbox sends nothing; not in production');
  if (env.SMS_CHANNEL === 'mailbox')
    faults.push('SMS_CHANNEL=mailbox sends nothing; not in production');
  if (env.EMAIL_CHANNEL === 'smtp')
    need('DKIM_PRIVATE_KEY', 'in production with EMAIL_CHANNEL=smtp');
  if (!env.PUBLIC_URL.startsWith('https://')) faults.push('PUBLIC_URL must be https in production');
  if (env.demo) faults.push('DEMO is not for production');
  // What says who somebody is must not be changed on its way.
  for (const name of ['LEARNER_JWKS_URL', 'LEARNER_ORIGINS', 'OIDC_ISSUER'] as const) {
    if (env[name]?.includes('http:')) faults.push(`${name} must be https in production`);
  }
  for (const name of ['ADDRESS_KEYS', 'LINK_KEYS', 'SESSION_SECRET'] as const) {
    if (EXAMPLE_SECRETS.includes(env[name] ?? ''))
      faults.push(`${name} is still the example value`);
  }
  return faults;
}

function host(url: string): string | null {
  return URL.canParse(url) ? new URL(url).host : null;
}
