import { randomFillSync } from 'node:crypto';

const RANDOM = 20;
const IN_STORE = 256;
const bytes = Buffer.alloc((RANDOM / 2) * IN_STORE);
let store = '';
let taken = IN_STORE;
let last = { at: -1, beginning: '' };

/** A UUID version 7 (RFC 9562): time-ordered, so that indexes stay local. */
export function newId(at: number = Date.now()): string {
  if (at !== last.at) {
    const time = at.toString(16).padStart(12, '0');
    last = { at, beginning: `${time.slice(0, 8)}-${time.slice(8)}-7` };
  }
  // Random digits are drawn for many at once: an import makes some for every row.
  if (taken === IN_STORE) {
    store = randomFillSync(bytes).toString('hex');
    taken = 0;
  }
  const start = RANDOM * taken++;
  const variant = '89ab'[parseInt(store[start]!, 16) & 3]!;
  const random = store.slice(start + 1, start + RANDOM - 1);
  return `${last.beginning}${random.slice(0, 3)}-${variant}${random.slice(3, 6)}-${random.slice(6)}`;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function isUuid(text: unknown): text is string {
  return typeof text === 'string' && UUID.test(text);
}
