import { timingSafeEqual } from 'node:crypto';
import type { Keyring } from '../../../platform/config/keyring';

/** What a code belongs to: it opens one number for one person, and is of no use for another. */
export interface CodeScope {
  id: string;
  contactId: string;
  /** E.164. */
  number: string;
}

/** Keyed: six digits alone could be found from their hash at once. */
export function hashCode(keys: Keyring, scope: CodeScope, code: string): Buffer {
  return keys.sign(textOf(scope, code));
}

export function isCode(keys: Keyring, scope: CodeScope, code: string, hash: Buffer): boolean {
  return keys
    .signAll(textOf(scope, code))
    .some(({ mac }) => mac.length === hash.length && timingSafeEqual(mac, hash));
}

const textOf = ({ id, contactId, number }: CodeScope, code: string): string =>
  `phone-code:${id}:${contactId}:${number}:${code}`;
