import type { Channel } from './address';

export type LedgerKind =
  | 'grant'
  | 'grant_pending'
  | 'withdraw'
  | 'opt_out'
  | 'pause'
  | 'fewer'
  | 'undeliverable'
  | 'deliverable'
  | 'restrict'
  | 'unrestrict'
  | 'erase'
  // Whether we may see what the person follows: says nothing of what may be sent, and the fold passes it by.
  | 'track'
  | 'untrack';

export type LedgerScope = 'all' | 'channel' | 'topic';

/** What the fold needs of one ledger entry. */
export interface LedgerFact {
  /** The ledger's own commit order; clients' clocks decide nothing. */
  seq: number;
  at: Date;
  kind: LedgerKind;
  /** null: all channels. */
  channel: Channel | null;
  /** null: the act is about a person. */
  addressKey: string | null;
  contactId: string | null;
  scope: LedgerScope;
  topicId: string | null;
  method: string | null;
  /** End of a pause; null ends it at once. */
  until?: Date | null;
  /** Of a wish for fewer messages: at most one in so many days; null takes the wish back. */
  days?: number | null;
}

export interface AddressIdentity {
  key: string;
  contactId: string | null;
}

/** The derived columns of one gate row. Lists are sorted, so that equal states compare equal. */
export interface GateState {
  allowed: string[];
  pending: string[];
  withdrawn: string[];
  noAll: boolean;
  noTopics: string[];
  /** Who said the noes that stand: this address if it said any of them, else the person elsewhere. */
  noBy: 'address' | 'person' | null;
  /** The latest no that stands. */
  noSeq: number | null;
  pausedUntil: Date | null;
  fewer: boolean;
  undeliverableAt: Date | null;
  restricted: boolean;
  erased: boolean;
}

/** Whoever chose fewer messages gets at most one in so many days. */
export const FEWER_DAYS = 30;

/** Proof that it was the person, now: only these lift an earlier no. An import or another's form never does. */
export const STRONG_METHODS: readonly string[] = [
  'mina_sidor_authenticated',
  'double_opt_in_post',
  'officer_with_evidence',
];

interface No {
  by: 'address' | 'person';
  seq: number;
}

interface Draft {
  allowed: Set<string>;
  pending: Set<string>;
  withdrawn: Set<string>;
  noAll: No | null;
  noTopics: Map<string, No>;
  pausedUntil: Date | null;
  fewer: boolean;
  undeliverableAt: Date | null;
  restricted: boolean;
  erased: boolean;
  /** Outlives `erased`: once erased, weak grants stay without effect, as after a no. */
  everErased: boolean;
}

/**
 * The gate row of one address, from all ledger entries that name the address or its contact. Entries are
 * taken in the order of their seq; two with the same seq, or one that is not a whole number, throw RangeError.
 */
export function foldLedger(
  entries: readonly LedgerFact[],
  address: AddressIdentity,
  channel: Channel,
): GateState {
  const draft: Draft = {
    allowed: new Set(),
    pending: new Set(),
    withdrawn: new Set(),
    noAll: null,
    noTopics: new Map(),
    pausedUntil: null,
    fewer: false,
    undeliverableAt: null,
    restricted: false,
    erased: false,
    everErased: false,
  };
  for (const entry of inOrder(entries)) apply(draft, entry, address, channel);
  return finish(draft);
}

function inOrder(entries: readonly LedgerFact[]): LedgerFact[] {
  const sorted = [...entries].sort((a, b) => a.seq - b.seq);
  sorted.forEach((entry, i) => {
    // A bigint read as text would sort 10 before 9 and let an old yes beat a new no.
    if (!Number.isSafeInteger(entry.seq))
      throw new RangeError(`seq ${entry.seq} is not an integer`);
    if (entry.seq === sorted[i - 1]?.seq) throw new RangeError(`two entries with seq ${entry.seq}`);
  });
  return sorted;
}

function apply(draft: Draft, entry: LedgerFact, address: AddressIdentity, channel: Channel): void {
  const here = entry.addressKey === address.key;
  // An address that nobody holds has no person: null must not equal null.
  const samePerson = entry.contactId !== null && entry.contactId === address.contactId;
  const onChannel = entry.channel === null || entry.channel === channel;

  switch (entry.kind) {
    case 'opt_out':
      // A no to everything reaches every channel, whichever channel it came in by.
      if ((here || samePerson) && (onChannel || entry.scope === 'all')) {
        sayNo(draft, entry, here ? 'address' : 'person');
      }
      break;
    case 'grant':
      // A yes is for one address on one channel: it never spreads to the person's other addresses.
      if (here && entry.channel === channel) grant(draft, entry);
      break;
    case 'grant_pending':
      if (here && entry.channel === channel && isUndecided(draft, entry.topicId)) {
        draft.pending.add(entry.topicId);
      }
      break;
    case 'withdraw':
      if ((here || (samePerson && entry.addressKey === null)) && onChannel) withdraw(draft, entry);
      break;
    case 'pause':
      if ((here || samePerson) && onChannel) draft.pausedUntil = entry.until ?? null;
      break;
    case 'fewer':
      if ((here || samePerson) && onChannel) draft.fewer = (entry.days ?? null) !== null;
      break;
    // Whether mail arrives says nothing of whether it is welcome: neither touches the other.
    case 'undeliverable':
      if (here) draft.undeliverableAt = entry.at;
      break;
    case 'deliverable':
      if (here) draft.undeliverableAt = null;
      break;
    case 'restrict':
      if (here || samePerson) draft.restricted = true;
      break;
    case 'unrestrict':
      if (here || samePerson) draft.restricted = false;
      break;
    case 'erase':
      if (here || samePerson) erase(draft);
      break;
    case 'track':
    case 'untrack':
      break;
  }
}

function sayNo(draft: Draft, entry: LedgerFact, by: 'address' | 'person'): void {
  const no = { by, seq: entry.seq };
  if (entry.scope === 'topic' && entry.topicId !== null) {
    draft.noTopics.set(entry.topicId, stronger(draft.noTopics.get(entry.topicId), no));
    forget(draft, entry.topicId);
    return;
  }
  draft.noAll = stronger(draft.noAll, no);
  draft.allowed.clear();
  draft.pending.clear();
  draft.withdrawn.clear();
}

/** A repeated no keeps being the address's own, if it ever was. */
const stronger = (before: No | null | undefined, no: No): No => ({
  by: before?.by === 'address' ? 'address' : no.by,
  seq: no.seq,
});

function grant(draft: Draft, { topicId, method }: LedgerFact): void {
  if (topicId === null) return;
  const strong = method !== null && STRONG_METHODS.includes(method);
  if (!strong && isCovered(draft, topicId)) return;
  forget(draft, topicId);
  draft.allowed.add(topicId);
  if (strong) {
    draft.noTopics.delete(topicId);
    draft.erased = false;
  }
}

/** Under a standing no? A strong yes to a topic makes it allowed; a weak one then has nothing to add. */
const isCovered = (draft: Draft, topicId: string): boolean =>
  draft.noAll !== null || draft.noTopics.has(topicId) || draft.everErased;

const isUndecided = (draft: Draft, topicId: string | null): topicId is string =>
  topicId !== null && !draft.allowed.has(topicId);

function withdraw(draft: Draft, { scope, topicId }: LedgerFact): void {
  const live = [...draft.allowed, ...draft.pending];
  for (const topic of live) {
    if (scope === 'topic' && topicId !== null && topic !== topicId) continue;
    forget(draft, topic);
    draft.withdrawn.add(topic);
  }
}

function erase(draft: Draft): void {
  draft.erased = true;
  draft.everErased = true;
  draft.pausedUntil = null;
  draft.fewer = false;
  draft.allowed.clear();
  draft.pending.clear();
  draft.withdrawn.clear();
}

function forget(draft: Draft, topicId: string): void {
  draft.allowed.delete(topicId);
  draft.pending.delete(topicId);
  draft.withdrawn.delete(topicId);
}

function finish(draft: Draft): GateState {
  const noes = [...(draft.noAll ? [draft.noAll] : []), ...draft.noTopics.values()];
  return {
    allowed: [...draft.allowed].sort(),
    pending: [...draft.pending].sort(),
    withdrawn: [...draft.withdrawn].sort(),
    noAll: draft.noAll !== null,
    noTopics: [...draft.noTopics.keys()].sort(),
    noBy: noes.length === 0 ? null : noes.some(({ by }) => by === 'address') ? 'address' : 'person',
    noSeq: noes.length === 0 ? null : Math.max(...noes.map(({ seq }) => seq)),
    pausedUntil: draft.pausedUntil,
    fewer: draft.fewer,
    undeliverableAt: draft.undeliverableAt,
    restricted: draft.restricted,
    erased: draft.erased,
  };
}
