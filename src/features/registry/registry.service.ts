import { Injectable } from '@nestjs/common';
import type { Sql } from '../../platform/database/database';
import { forgetHolders } from '../contacts/learning/forget.queries';
import {
  entriesAbout,
  type GateRow,
  holdersOf,
  knownContacts,
  lockContacts,
  lockGates,
  makeGates,
  type NamedAddress,
  updateGates,
} from './ledger/ledger.queries';
import { insertEntries } from './ledger/insert-entries';
import { isMethodOf, isOwnMethod, type LedgerAct, type RecordedAct } from './ledger/ledger-act';
import { Newcomers } from './ledger/newcomers';
import { type Fact, type Numbered, Standing, type Verdict } from './ledger/standing';

const NOBODY: ReadonlySet<string> = new Set();

/** The one writer of the ledger and the gate. */
@Injectable()
export class Registry {
  /**
   * Writes what happened and brings every gate row it touches up to date, inside the caller's READ COMMITTED
   * transaction; the acts hold once that commits. Repeats of what stands write nothing. One result per act, in
   * order. Among acts of one call a no counts after a yes. `made`: contacts that this transaction has made itself,
   * which spares looking for what nobody can have said of them.
   */
  async record(
    tx: Sql,
    acts: readonly LedgerAct[],
    made: ReadonlySet<string> = NOBODY,
  ): Promise<RecordedAct[]> {
    if (acts.length === 0) return [];
    for (const act of acts) assertHonest(act);
    const contactIds = distinct(acts.flatMap(({ contactId }) => contactId ?? []));
    // Whom this transaction has made nobody else can see, let alone lock.
    await lockContacts(
      tx,
      contactIds.filter((id) => !made.has(id)),
    );
    const newcomers = await Newcomers.among(tx, acts, made);
    const standing = await this.open(tx, contactIds, acts, newcomers);

    const ordered = noesLast(acts);
    const verdicts: (Verdict | null)[] = [];
    for (const { act, index } of ordered) {
      // Of a newcomer there is nothing that a yes would have to be weighed against.
      verdicts[index] = newcomers.has(act) ? null : standing!.weigh(act);
    }
    const fresh = ordered.filter(
      ({ index }) => (verdicts[index]?.outcome ?? 'recorded') === 'recorded',
    );
    const written = await insertEntries(
      tx,
      fresh.map(({ act }) => act),
    );
    const results: RecordedAct[] = [];
    const real = new Map<Fact, Numbered>();
    fresh.forEach(({ index }, i) => {
      const { id, seq, at } = written[i]!;
      results[index] = { outcome: 'recorded', entryId: id, seq, at };
      const verdict = verdicts[index];
      if (verdict) real.set(verdict.fact!, written[i]!);
    });
    if (standing) await this.close(tx, standing.changed(real));

    verdicts.forEach((verdict, index) => {
      if (results[index] !== undefined) return;
      const { outcome, fact } = verdict!;
      // What stood may be an act of this same call.
      const entry = fact && (real.get(fact) ?? fact);
      results[index] = {
        outcome,
        entryId: entry?.id ?? null,
        seq: entry?.seq ?? null,
        at: entry?.at ?? null,
      };
    });
    return results;
  }

  /**
   * Brings the gate rows of these contacts' addresses up to date without a new entry. Whoever gives a contact
   * an address calls it in the same transaction: an earlier no of the person then holds there too.
   */
  async refresh(tx: Sql, contactIds: readonly string[]): Promise<void> {
    if (contactIds.length === 0) return;
    const ids = distinct(contactIds);
    await lockContacts(tx, ids);
    const known = await knownContacts(tx, ids, []);
    for (const { contactId } of await makeGates(tx, ids, [])) if (contactId) known.add(contactId);
    if (known.size === 0) return;
    const standing = await this.lock(tx, [...known], []);
    await this.close(tx, standing.changed(new Map()));
  }

  /** Makes the gate rows that are missing; what stands for those who are no newcomers, null when all are. */
  private async open(
    tx: Sql,
    contactIds: string[],
    acts: readonly LedgerAct[],
    newcomers: Newcomers,
  ): Promise<Standing | null> {
    const addresses: NamedAddress[] = [];
    for (const act of acts) {
      if (!act.address) continue;
      const key = act.address.key.toString('hex');
      const { channel } = act.address;
      const { contactId } = act;
      addresses.push({ key, channel, contactId, allowed: newcomers.topicsOf(act, key) });
    }
    for (const { contactId } of await makeGates(tx, contactIds, addresses)) {
      newcomers.drop(contactId);
    }
    const known = acts.filter((act) => !newcomers.has(act));
    if (known.length === 0) return null;
    return this.lock(
      tx,
      distinct(known.flatMap(({ contactId }) => contactId ?? [])),
      distinct(known.flatMap(({ address }) => address?.key.toString('hex') ?? [])),
    );
  }

  /** With a no to all marketing goes, in the same commit, what was kept of the person for profiling (L-10). */
  private async close(tx: Sql, changed: GateRow[]): Promise<void> {
    await updateGates(tx, changed);
    const barred = changed.filter(({ noAll, erased }) => noAll || erased);
    if (barred.length === 0) return;
    await forgetHolders(
      tx,
      barred.map(({ key }) => key),
    );
  }

  private async lock(tx: Sql, contactIds: string[], keys: string[]): Promise<Standing> {
    const rows = await lockGates(tx, contactIds, keys);
    const locked = rows.map(({ key }) => key);
    const holders = await holdersOf(tx, locked);
    const people = [...holders, ...rows].flatMap(({ contactId }) => contactId ?? []);
    const entries = await entriesAbout(tx, locked, distinct([...contactIds, ...people]));
    return new Standing(rows, holders, entries);
  }
}

/** Of two acts in one transaction the no wins, so it must get the later number. */
function noesLast(acts: readonly LedgerAct[]): { act: LedgerAct; index: number }[] {
  const indexed = acts.map((act, index) => ({ act, index }));
  const isYes = ({ act }: { act: LedgerAct }) =>
    act.kind === 'grant' || act.kind === 'grant_pending';
  return [...indexed.filter(isYes), ...indexed.filter((item) => !isYes(item))];
}

/** A caller that claims another door's proof is a defect: it would lift noes, or watch somebody who never agreed. */
function assertHonest({ kind, method, door }: LedgerAct): void {
  if (kind === 'track' && !isOwnMethod(door, method)) {
    throw new Error(`nobody agrees to tracking for another, through the door ${door}`);
  }
  if (kind === 'grant' && method && !isMethodOf(door, method)) {
    throw new Error(`${method} cannot come through the door ${door}`);
  }
}

const distinct = (values: readonly string[]): string[] => [...new Set(values)];
