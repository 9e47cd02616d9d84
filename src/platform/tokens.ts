import { createHash, randomBytes } from 'node:crypto';

/** Random bits as a word for a link or a cookie; only the hash is stored. */
export function newToken(bits: 128 | 256): { token: string; hash: Buffer } {
  const token = randomBytes(bits / 8).toString('base64url');
  return { token, hash: hashToken(token) };
}

export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
