import { hash as hashOf } from 'node:crypto';

/** One sealed entry as it is exported: JSON, keys by name, binary as hex, times ISO 8601 in UTC. */
export interface ChainEntry {
  position: number;
  seq: number;
  id: string;
  at: string;
  kind: string;
  channel: string | null;
  addressKey: string | null;
  keyVersion: number | null;
  contactId: string | null;
  scope: string;
  topicId: string | null;
  ground: string | null;
  door: string;
  detail: string | null;
  method: string | null;
  actorType: string;
  actorId: string | null;
  messageId: string | null;
  campaignId: string | null;
  wordingVersion: string | null;
  policyVersion: string;
  evidence: unknown;
}

export interface ChainLink extends ChainEntry {
  prevHash: string;
  hash: string;
}

/** Where the chain ends: enough to find out later whether anything before it was changed or cut off. */
export interface ChainHead {
  position: number;
  hash: string;
}

export const GENESIS: ChainHead = { position: 0, hash: '0'.repeat(64) };

/** sha256(previous hash ‖ canonical JSON of the entry), in hex. */
export function chainHash(prevHash: string, entry: ChainEntry): string {
  // Whoever altered an export may have put in anything.
  const known = Object.keys(entry).length === COLUMNS;
  return hashOfLink(prevHash, known ? inOrder(entry) : (canonical(entry) as object));
}

/** The same for an entry that is known to have its columns and nothing else. */
export function sealOf(prevHash: string, entry: ChainEntry): string {
  return hashOfLink(prevHash, inOrder(entry));
}

const HASH_BYTES = 32;
const scratch = Buffer.alloc(16 * 1024);

function hashOfLink(prevHash: string, entry: object): string {
  const json = JSON.stringify(entry);
  // A UTF-16 unit is at most three bytes of UTF-8. In an export, a hash may be no hash.
  const fits = HASH_BYTES + 3 * json.length <= scratch.length;
  if (!fits || scratch.write(prevHash, 0, HASH_BYTES, 'hex') !== HASH_BYTES) {
    return hashOf(
      'sha256',
      Buffer.concat([Buffer.from(prevHash, 'hex'), Buffer.from(json)]),
      'hex',
    );
  }
  const end = HASH_BYTES + scratch.write(json, HASH_BYTES);
  return hashOf('sha256', scratch.subarray(0, end), 'hex');
}

export interface ChainFault {
  position: number;
  /**
   * `altered`: the content is not what was sealed. `broken_link`: what stands before it is not what stood there.
   * `missing`, `out_of_order`: positions leave a gap or go back. `truncated`: the end that was expected is not
   * there. `rewritten`: at the expected end stands something else.
   */
  code: 'altered' | 'broken_link' | 'missing' | 'out_of_order' | 'truncated' | 'rewritten';
}

const MOST_FAULTS = 100;

/** Follows a chain link by link. */
export class ChainCheck {
  readonly faults: ChainFault[] = [];
  checked = 0;
  head: ChainHead = GENESIS;
  private expectedSeen = false;

  /** `expected`: a head noted earlier, or elsewhere. Without one a cut-off end cannot be seen. */
  constructor(private readonly expected?: ChainHead) {
    this.expectedSeen = expected === undefined || expected.position === 0;
  }

  add({ prevHash, hash, ...entry }: ChainLink): void {
    const { position } = entry;
    const due = this.head.position + 1;
    if (position > due) this.fault(position, 'missing');
    else if (position < due) this.fault(position, 'out_of_order');
    else if (prevHash !== this.head.hash) this.fault(position, 'broken_link');
    if (chainHash(prevHash, entry) !== hash) this.fault(position, 'altered');
    if (position === this.expected?.position) {
      this.expectedSeen = true;
      if (hash !== this.expected.hash) this.fault(position, 'rewritten');
    }
    this.head = { position, hash };
    this.checked += 1;
  }

  end(): void {
    if (!this.expectedSeen) this.fault(this.expected!.position, 'truncated');
  }

  private fault(position: number, code: ChainFault['code']): void {
    if (this.faults.length < MOST_FAULTS) this.faults.push({ position, code });
  }
}

const COLUMNS = 22;

/** `canonical` of an entry that has its columns and nothing else, without the sorting. */
function inOrder(entry: ChainEntry): object {
  if (Object.keys(entry).length !== COLUMNS) return canonical(entry) as object;
  return {
    actorId: entry.actorId,
    actorType: entry.actorType,
    addressKey: entry.addressKey,
    at: entry.at,
    campaignId: entry.campaignId,
    channel: entry.channel,
    contactId: entry.contactId,
    detail: entry.detail,
    door: entry.door,
    evidence: canonical(entry.evidence),
    ground: entry.ground,
    id: entry.id,
    keyVersion: entry.keyVersion,
    kind: entry.kind,
    messageId: entry.messageId,
    method: entry.method,
    policyVersion: entry.policyVersion,
    position: entry.position,
    scope: entry.scope,
    seq: entry.seq,
    topicId: entry.topicId,
    wordingVersion: entry.wordingVersion,
  };
}

/** Keys in one order at every depth: jsonb and JavaScript keep others. The two hashes are no part of it. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (value === null || typeof value !== 'object') return value;
  const parts = value as Record<string, unknown>;
  const sorted: Record<string, unknown> = {};
  for (const key of Object.keys(parts).sort()) {
    // Set as an own property also when it is called __proto__.
    if (key === '__proto__') Object.defineProperty(sorted, key, ownOf(canonical(parts[key])));
    else if (parts[key] !== undefined) sorted[key] = canonical(parts[key]);
  }
  return sorted;
}

const ownOf = (value: unknown) => ({ value, enumerable: true, configurable: true, writable: true });
