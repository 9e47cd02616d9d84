import { generateKeyPairSync } from 'node:crypto';
import { isSignedBySendGrid, readWebhookKey } from './sendgrid-signature';

const PUBLIC_KEY =
  'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEEDr2LjtURuePQzplybdC+u4CwrqDqBaWjcMMsTbhdbcwHBcepxo7yAQGhHPTnlvFYPAZFceEu/1FwCM/QmGUhA==';
const TIMESTAMP = '1588788367';
const BODY = Buffer.from(
  '{"category":"example_payload","event":"test_event","message_id":"message_id"}',
);
const SIGNATURE =
  'MEUCIQCtIHJeH93Y+qpYeWrySphQgpNGNr/U+UyUlBkU6n7RAwIgJTz2C+8a8xonZGi6BpSzoQsbVRamr2nlxFDWYNH2j/0=';

const key = readWebhookKey(PUBLIC_KEY);

describe('the signature of SendGrid’s event webhook', () => {
  it('P-40 accepts the published vector', () => {
    expect(isSignedBySendGrid(key, BODY, SIGNATURE, TIMESTAMP)).toBe(true);
  });

  it('P-40 refuses the same body with CRLF after it', () => {
    expect(
      isSignedBySendGrid(key, Buffer.concat([BODY, Buffer.from('\r\n')]), SIGNATURE, TIMESTAMP),
    ).toBe(false);
  });

  it('P-40 refuses another timestamp and another key', () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).publicKey;
    expect(isSignedBySendGrid(key, BODY, SIGNATURE, '1588788368')).toBe(false);
    expect(isSignedBySendGrid(other, BODY, SIGNATURE, TIMESTAMP)).toBe(false);
  });

  it.each([undefined, '', 'AAAA', 'not base64 !', SIGNATURE.slice(0, -6), `A${SIGNATURE}`])(
    'P-41 refuses the signature %s without throwing',
    (signature) => {
      expect(isSignedBySendGrid(key, BODY, signature, TIMESTAMP)).toBe(false);
    },
  );

  it('P-41 refuses a missing timestamp', () => {
    expect(isSignedBySendGrid(key, BODY, SIGNATURE, undefined)).toBe(false);
  });

  it.each([
    '',
    'AAAA',
    generateKeyPairSync('rsa', { modulusLength: 1024 })
      .publicKey.export({ type: 'spki', format: 'der' })
      .toString('base64'),
  ])('does not take %s for a key', (base64) => {
    expect(() => readWebhookKey(base64)).toThrow();
  });
});
