import { randomInt } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';

// OWASP's floor for argon2id (the library's default variant): 19 MiB, two passes.
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Verified when there is no such account, so that the answer takes as long as for one that exists. */
const DECOY =
  `$argon2id$v=19$m=${COST.memoryCost},t=${COST.timeCost},p=${COST.parallelism}` +
  '$c29tZS1kZWNveS1zYWx0MA$v3vD4w6gUoVhN0zE4tWcQ1b7m8yqYpJr5kXfLsTgHaI';

export const PASSWORD_MIN = 12;
export const PASSWORD_MAX = 200;

export function hashPassword(password: string): Promise<string> {
  return hash(sameOnEveryKeyboard(password), COST);
}

/** Whether `password` is the one behind `stored`; as slow, and false, without an account. */
export async function passwordMatches(stored: string | null, password: string): Promise<boolean> {
  const matches = await verify(stored ?? DECOY, sameOnEveryKeyboard(password));
  return matches && stored !== null;
}

// No l, 1, o or 0: these are read aloud and typed from a note.
const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789';

/** Four groups of five letters and digits: 100 bits. */
export function randomPassword(): string {
  const letter = () => ALPHABET[randomInt(ALPHABET.length)];
  const group = () => Array.from({ length: 5 }, letter).join('');
  return Array.from({ length: 4 }, group).join('-');
}

/** An å typed as one sign or as a + ring must be the same password (RFC 8265). */
function sameOnEveryKeyboard(password: string): string {
  return password.normalize('NFC');
}
