import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXAMPLE_SECRETS } from './contradictions';
import { loadEnv, SettingsFault } from './load-env';

const KEY = 'v1:dGVzdC1wZXBwZXItb25lLXRlc3QtcGVwcGVyLW9uZQ==';
const PRODUCTION = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgresql://db.example/utskick',
  PUBLIC_URL: 'https://utskick.example',
  ADDRESS_KEYS: KEY,
  LINK_KEYS: KEY,
  SESSION_SECRET: 'a-secret-for-tests-that-is-long-enough',
  EMAIL_CHANNEL: 'sendgrid',
  SENDGRID_API_KEY: 'SG.x',
  SENDGRID_SERVICE_API_KEY: 'SG.y',
};

function faultsOf(settings: Record<string, string>): string[] {
  try {
    loadEnv(settings);
  } catch (error) {
    if (error instanceof SettingsFault) return error.faults;
    throw error;
  }
  return [];
}

describe('settings', () => {
  it('need nothing on a laptop', () => {
    const env = loadEnv({});
    expect(env).toMatchObject({ PORT: 3000, EMAIL_CHANNEL: 'mailbox', embedded: true, demo: true });
    expect(env.link('/u/x')).toBe('http://localhost:3000/u/x');
  });

  it('build links at the port when no public address is given', () => {
    expect(loadEnv({ PORT: '8080' }).PUBLIC_URL).toBe('http://localhost:8080');
  });

  it('tell all faults at once, by name', () => {
    const faults = faultsOf({
      PORT: 'http',
      PUBLIC_URL: 'utskick.example',
      EMAIL_CHANNEL: 'pigeon',
      BATCH_SIZE: '0',
      ADDRESS_KEYS: 'short',
      DKIM_DOMAIN: 'utskick.example',
    });
    for (const name of [
      'PORT',
      'PUBLIC_URL',
      'EMAIL_CHANNEL',
      'BATCH_SIZE',
      'ADDRESS_KEYS',
      'DKIM_SELECTOR',
    ]) {
      expect(faults.join('\n')).toContain(name);
    }
    expect(faults.length).toBeGreaterThanOrEqual(6);
  });

  it.each([
    [{ EMAIL_CHANNEL: 'sendgrid' }, 'SENDGRID_API_KEY'],
    [{ EMAIL_CHANNEL: 'smtp' }, 'SMTP_URL'],
    [{ DATABASE_URL: 'postgresql://x/y' }, 'ADDRESS_KEYS'],
    [{ MARKETING_FROM: 'a@x.example', SERVICE_FROM: 'a@x.example' }, 'SERVICE_FROM'],
    [{ ADDRESS_KEYS: `${KEY},${KEY}` }, 'version twice'],
    [{ EMAIL_CHANNEL: 'smtp', SMTP_URL: 'smtp://x', PUBLIC_URL: 'http://x.example' }, 'https'],
    [{ PUBLIC_URL: `https://${'x'.repeat(60)}.${'y'.repeat(60)}.example` }, 'too long'],
  ])('name what %j lacks or contradicts', (settings, named) => {
    expect(faultsOf(settings as unknown as Record<string, string>).join('\n')).toContain(named);
  });

  it('P-39 refuse another host than the European one when the region is eu', () => {
    const eu = { ...PRODUCTION, SENDGRID_REGION: 'eu' };
    expect(faultsOf(eu)).toEqual([]);
    expect(loadEnv(eu).sendgridUrl).toBe('https://api.eu.sendgrid.com');
    expect(faultsOf({ ...eu, SENDGRID_API_URL: 'https://api.sendgrid.com' }).join()).toContain(
      'api.eu.sendgrid.com',
    );
  });

  it('in production refuse mailboxes, example secrets, plain http and the demo', () => {
    expect(faultsOf(PRODUCTION)).toEqual([]);
    const [, , session] = EXAMPLE_SECRETS;
    const faults = faultsOf({
      ...PRODUCTION,
      EMAIL_CHANNEL: 'mailbox',
      SESSION_SECRET: session!,
      PUBLIC_URL: 'http://utskick.example',
      DEMO: 'true',
    }).join('\n');
    for (const named of ['mailbox', 'example value', 'https', 'DEMO'])
      expect(faults).toContain(named);
  });

  describe('from files', () => {
    const directory = mkdtempSync(join(tmpdir(), 'utskick-env-'));
    afterAll(() => rmSync(directory, { recursive: true }));

    it('are read where NAME_FILE names one, without the line end', () => {
      const file = join(directory, 'secret');
      writeFileSync(file, 'a-secret-for-tests-that-is-long-enough\n');
      expect(loadEnv({ SESSION_SECRET_FILE: file }).SESSION_SECRET).toBe(
        'a-secret-for-tests-that-is-long-enough',
      );
    });

    it('are a fault when the file is missing, or when both are given', () => {
      expect(faultsOf({ SESSION_SECRET_FILE: join(directory, 'none') }).join()).toContain(
        'SESSION_SECRET_FILE',
      );
      const both = {
        SESSION_SECRET_FILE: 'x',
        SESSION_SECRET: 'a-secret-for-tests-that-is-long-enough',
      };
      expect(faultsOf(both).join()).toContain('both set');
    });
  });

  it('of a log-in to Mina sidor belong together', () => {
    const portal = {
      LEARNER_JWKS_URL: 'https://portal.example/jwks.json',
      LEARNER_ISSUER: 'https://portal.example',
      LEARNER_AUDIENCE: 'utskick',
    };
    expect(faultsOf(portal)).toEqual([]);
    expect(faultsOf({ LEARNER_ISSUER: 'https://portal.example' })).toEqual([
      'LEARNER_JWKS_URL, LEARNER_ISSUER, LEARNER_AUDIENCE belong together; set all three',
    ]);
    expect(faultsOf({ OIDC_ISSUER: 'https://id.example', OIDC_CLIENT_ID: 'x' })).toEqual([
      'OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET belong together; set all three',
    ]);
    expect(faultsOf({ ...portal, LEARNER_ORIGINS: 'https://a.example/, x' })).toHaveLength(1);
    expect(faultsOf({ ...portal, LEARNER_ORIGINS: 'https://a.example,https://b.example' })).toEqual(
      [],
    );
  });

  it('of a log-in to Mina sidor must be https in production', () => {
    const settings = {
      ...PRODUCTION,
      LEARNER_JWKS_URL: 'http://portal.example/jwks.json',
      LEARNER_ISSUER: 'x',
      LEARNER_AUDIENCE: 'utskick',
      LEARNER_ORIGINS: 'https://a.example,http://b.example',
      OIDC_ISSUER: 'http://id.example',
      OIDC_CLIENT_ID: 'x',
      OIDC_CLIENT_SECRET: 'x',
    };
    expect(faultsOf(settings).map((fault) => fault.split(' ')[0])).toEqual([
      'LEARNER_JWKS_URL',
      'LEARNER_ORIGINS',
      'OIDC_ISSUER',
    ]);
  });
});
