import { foldLedger, type GateState, type LedgerFact } from '../../../domain/registry-state';
import type { Entry, GateRow, Holder } from './ledger.queries';
import type { LedgerAct, RecordedAct } from './ledger-act';

/** In the fold's eyes everyone registered with an address is one: a no by any of them blocks it. */
const SOMEONE_HERE = 'holder';

/** An entry, or an act of this call that has no number yet. */
export type Fact = LedgerFact & Partial<Pick<Entry, 'id' | 'ground' | 'wordingVersion'>>;

/** What the table gave an act that was written. */
export type Numbered = Pick<Entry, 'id' | 'seq' | 'at'>;

export interface Verdict {
  outcome: RecordedAct['outcome'];
  /** What was counted in, or what stood already. */
  fact: Fact | null;
}

interface Subject {
  row: GateRow;
  holders: Set<string>;
  facts: Set<Fact>;
  /** Null: to be folded anew when it is asked for. */
  state: GateState | null;
  /** Has facts of this call, whose numbers are not the real ones yet. */
  provisional: boolean;
}

/** What stands for a set of locked addresses, and what one more act would change. */
export class Standing {
  private readonly subjects = new Map<string, Subject>();
  private readonly keysOfContact = new Map<string, string[]>();
  private readonly facts: Fact[];
  private lastSeq: number;

  constructor(rows: GateRow[], holders: Holder[], entries: Entry[]) {
    this.facts = [...entries];
    this.lastSeq = entries.at(-1)?.seq ?? 0;
    for (const row of rows) {
      const blank = { holders: new Set<string>(), facts: new Set<Fact>(), state: null };
      this.subjects.set(row.key, { row, ...blank, provisional: false });
    }
    for (const { key, contactId } of holders) this.bind(key, contactId);
    // Whoever once had the address still binds it, also when the person moved on or was erased.
    for (const row of rows) if (row.contactId) this.bind(row.key, row.contactId);
    for (const entry of entries) this.file(entry);
  }

  /** Decides one act and, when it is to be written, counts it in for those that follow. */
  weigh(act: LedgerAct): Verdict {
    const key = act.address?.key.toString('hex') ?? null;
    if (key !== null && act.contactId) this.hold(key, act.contactId);
    const subjects = this.concerned(act, key);
    const earlier = this.standingFact(act, key, subjects);
    if (earlier) return { outcome: 'standing', fact: earlier };
    const fact = this.asFact(act, key);
    if (act.kind === 'grant' && !subjects.some((subject) => takesEffect(subject, fact))) {
      return { outcome: 'refused', fact: null };
    }
    this.lastSeq = fact.seq;
    this.facts.push(fact);
    for (const subject of this.file(fact)) subject.provisional = true;
    return { outcome: 'recorded', fact };
  }

  /** The rows that differ from what the table holds, once the new facts have got their real numbers. */
  changed(real: ReadonlyMap<Fact, Numbered>): GateRow[] {
    const rows: GateRow[] = [];
    for (const subject of this.subjects.values()) {
      if (subject.provisional && real.size > 0) {
        subject.facts = new Set([...subject.facts].map((fact) => numbered(fact, real.get(fact))));
        subject.state = null;
      }
      const { row, holders } = subject;
      const contactId = row.contactId ?? [...holders].sort()[0] ?? null;
      const state = stateOf(subject);
      if (contactId !== row.contactId || !isSameState(state, row)) {
        rows.push({ ...row, ...state, contactId });
      }
    }
    return rows;
  }

  /** The rows whose state is not what the entries say. */
  differing(): GateRow[] {
    return [...this.subjects.values()].flatMap((subject) =>
      isSameState(stateOf(subject), subject.row) ? [] : [subject.row],
    );
  }

  private bind(key: string, contactId: string): Subject | null {
    const subject = this.subjects.get(key);
    if (!subject || subject.holders.has(contactId)) return null;
    subject.holders.add(contactId);
    subject.state = null;
    const keys = this.keysOfContact.get(contactId);
    if (keys) keys.push(key);
    else this.keysOfContact.set(contactId, [key]);
    return subject;
  }

  private hold(key: string, contactId: string): void {
    const subject = this.bind(key, contactId);
    if (!subject) return;
    // A person who becomes known to hold it brings along what they said before.
    for (const fact of this.facts) {
      if (fact.contactId !== contactId) continue;
      subject.facts.add(fact);
      subject.provisional ||= fact.id === undefined;
    }
  }

  private file(fact: Fact): Subject[] {
    const subjects = this.reached(fact.addressKey, fact.contactId);
    for (const subject of subjects) {
      subject.facts.add(fact);
      subject.state = null;
    }
    return subjects;
  }

  private reached(addressKey: string | null, contactId: string | null): Subject[] {
    const keys = contactId ? this.keysOfContact.get(contactId) : undefined;
    const subjects = keys?.map((key) => this.subjects.get(key)!) ?? [];
    if (addressKey === null || keys?.includes(addressKey)) return subjects;
    const own = this.subjects.get(addressKey);
    return own ? [...subjects, own] : subjects;
  }

  /** The addresses this act is meant to change. */
  private concerned(act: LedgerAct, key: string | null): Subject[] {
    const reached = this.reached(key, ADDRESS_ONLY.has(act.kind) ? null : act.contactId);
    const narrow = act.scope === 'all' ? null : act.channel;
    return reached.filter(({ row }) => narrow === null || row.channel === narrow);
  }

  private standingFact(act: LedgerAct, key: string | null, subjects: Subject[]): Fact | undefined {
    if (subjects.some((subject) => !isInForce(act, stateOf(subject)))) return;
    // Whatever names the same person and address is among the facts of any of them.
    const candidates = subjects[0] ? [...subjects[0].facts] : this.facts;
    return candidates.findLast(
      (fact) =>
        fact.kind === act.kind &&
        fact.scope === act.scope &&
        fact.channel === act.channel &&
        fact.topicId === (act.topicId ?? null) &&
        fact.contactId === act.contactId &&
        (key === null || fact.addressKey === key) &&
        (act.kind !== 'grant' || isSameGrant(act, fact)),
    );
  }

  private asFact(act: LedgerAct, key: string | null): Fact {
    return {
      seq: this.lastSeq + 1,
      at: new Date(0),
      kind: act.kind,
      channel: act.channel,
      addressKey: key,
      contactId: act.contactId,
      scope: act.scope,
      topicId: act.topicId ?? null,
      method: act.method ?? null,
      until: typeof act.evidence?.until === 'string' ? new Date(act.evidence.until) : null,
      days: daysOf(act),
      ground: act.ground ?? null,
      wordingVersion: act.wordingVersion ?? null,
    };
  }
}

const ADDRESS_ONLY = new Set<LedgerAct['kind']>([
  'grant',
  'grant_pending',
  'undeliverable',
  'deliverable',
]);

function numbered(fact: Fact, real: Numbered | undefined): Fact {
  return real ? { ...fact, seq: real.seq, at: real.at } : fact;
}

function isSameGrant(act: LedgerAct, fact: Fact): boolean {
  return (
    fact.ground === (act.ground ?? null) &&
    fact.method === (act.method ?? null) &&
    fact.wordingVersion === (act.wordingVersion ?? null)
  );
}

/** Would this act change nothing for the address? */
function isInForce(act: LedgerAct, state: GateState): boolean {
  const topic = act.topicId;
  switch (act.kind) {
    case 'opt_out':
      if (act.scope === 'topic' && topic) {
        const live = state.allowed.includes(topic) || state.pending.includes(topic);
        return !live && (state.noAll || state.noTopics.includes(topic));
      }
      return state.noAll && state.allowed.length === 0 && state.pending.length === 0;
    case 'grant':
      return topic !== undefined && state.allowed.includes(topic);
    case 'grant_pending':
      return topic !== undefined && state.pending.includes(topic);
    case 'withdraw': {
      const live = [...state.allowed, ...state.pending];
      return topic ? !live.includes(topic) : live.length === 0;
    }
    case 'undeliverable':
      return state.undeliverableAt !== null;
    case 'deliverable':
      return state.undeliverableAt === null;
    case 'restrict':
      return state.restricted;
    case 'unrestrict':
      return !state.restricted;
    case 'erase':
      return state.erased;
    case 'pause': {
      const until = act.evidence?.until;
      if (typeof until !== 'string') return state.pausedUntil === null;
      return state.pausedUntil !== null && state.pausedUntil.getTime() === Date.parse(until);
    }
    case 'fewer':
      return state.fewer === (daysOf(act) !== null);
    // Not of the gate: whoever records them knows whether they stand (TrackingConsents).
    case 'track':
    case 'untrack':
      return false;
  }
}

/** In how many days at most one; null: the wish is taken back. */
const daysOf = ({ evidence }: LedgerAct): number | null =>
  typeof evidence?.days === 'number' ? evidence.days : null;

function takesEffect(subject: Subject, fact: Fact): boolean {
  const after = fold(subject, [...subject.facts, fact]);
  return fact.topicId !== null && after.allowed.includes(fact.topicId);
}

function stateOf(subject: Subject): GateState {
  return (subject.state ??= fold(subject, subject.facts));
}

function fold({ row, holders }: Subject, facts: Iterable<Fact>): GateState {
  const seen: Fact[] = [];
  for (const fact of facts) {
    const held = fact.contactId !== null && holders.has(fact.contactId);
    seen.push(held ? { ...fact, contactId: SOMEONE_HERE } : fact);
  }
  return foldLedger(seen, { key: row.key, contactId: SOMEONE_HERE }, row.channel);
}

function isSameState(a: GateState, b: GateState): boolean {
  return (
    isSameList(a.allowed, b.allowed) &&
    isSameList(a.pending, b.pending) &&
    isSameList(a.withdrawn, b.withdrawn) &&
    a.noAll === b.noAll &&
    isSameList(a.noTopics, b.noTopics) &&
    a.noBy === b.noBy &&
    a.noSeq === b.noSeq &&
    a.pausedUntil?.getTime() === b.pausedUntil?.getTime() &&
    a.fewer === b.fewer &&
    a.undeliverableAt?.getTime() === b.undeliverableAt?.getTime() &&
    a.restricted === b.restricted &&
    a.erased === b.erased
  );
}

/** A row that somebody wrote by hand may hold no list at all. */
function isSameList(a: readonly string[], b: readonly string[] | null): boolean {
  return a.length === b?.length && a.every((value, i) => value === b[i]);
}
