import { createPublicKey, createVerify, type KeyObject } from 'node:crypto';

/** The verification key of SendGrid's settings page (base64 of SubjectPublicKeyInfo DER); throws when it is none. */
export function readWebhookKey(base64: string): KeyObject {
  const key = createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' });
  if (key.asymmetricKeyType !== 'ec') throw new Error('The SendGrid webhook key is not an EC key');
  return key;
}

/**
 * Whether SendGrid signed exactly these bytes (ECDSA P-256, SHA-256 over timestamp and raw body). Never throws:
 * whatever is malformed is not signed. Give it the body as it came: re-serialised JSON loses the CRLF between events.
 */
export function isSignedBySendGrid(
  key: KeyObject,
  rawBody: Buffer,
  signature: string | undefined,
  timestamp: string | undefined,
): boolean {
  if (!signature || !timestamp) return false;
  // In two pieces: a copy of three quarters of a megabyte would be made for each post.
  const signed = createVerify('sha256').update(timestamp, 'utf8').update(rawBody);
  return signed.verify(key, Buffer.from(signature, 'base64'));
}
