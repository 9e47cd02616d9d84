import { Injectable } from '@nestjs/common';
import type { Sql } from '../../platform/database/database';
import {
  entriesAbout,
  holdersOf,
  insertEntries,
  lockContacts,
  lockGates,
  updateGates,
} from './ledger/ledger.queries';
import { isMethodOf, type LedgerAct, type RecordedAct } from './ledger/ledger-act';
import { Standing, type Verdict } from './ledger/standing';

/** The one writer of the ledger and the gate. */
@Injectable()
export class Registry {
  /**
   * Writes what happened and brings every gate row it touches up to date, inside the caller's READ COMMITTED
   * transaction; the acts hold once that commits. Repeats of what stands write nothing. One result per act, in
   * order. Among acts of one call a no counts after a yes.
   */
  async record(tx: Sql, acts: readonly LedgerAct[]): Promise<RecordedAct[]> {
    if (acts.length === 0) return [];
    for (const act of acts) assertHonest(act);
    const contactIds = distinct(acts.flatMap(({ contactId }) => contactId ?? []));
    const standing = await this.lock(tx, contactIds, acts);

    const verdicts: Verdict[] = [];
    for (const { act, index } of noesLast(acts)) verdicts[index] = standing.weigh(act);

    const fresh = noesLast(acts).filter(({ index }) => verdicts[index]!.outcome === 'recorded');
    const written = fresh.length
      ? await insertEntries(
          tx,
          fresh.map(({ act }) => act),
        )
      : [];
    const real = new Map(fresh.map(({ index }, i) => [verdicts[index]!.fact!, written[i]!]));
    await updateGates(tx, standing.changed(real));

    return verdicts.map(({ outcome, fact }) => {
      const entry = fact && (real.get(fact) ?? fact);
      return {
        outcome,
        entryId: entry?.id ?? null,
        seq: entry?.seq ?? null,
        at: entry?.at ?? null,
      };
    });
  }

  /**
   * Brings the gate rows of these contacts' addresses up to date without a new entry. Whoever gives a contact
   * an address calls it in the same transaction: an earlier no of the person then holds there too.
   */
  async refresh(tx: Sql, contactIds: readonly string[]): Promise<void> {
    if (contactIds.length === 0) return;
    const standing = await this.lock(tx, distinct(contactIds), []);
    await updateGates(tx, standing.changed(new Map()));
  }

  private async lock(tx: Sql, contactIds: string[], acts: readonly LedgerAct[]): Promise<Standing> {
    await lockContacts(tx, contactIds);
    const addresses = acts.flatMap(({ address, contactId }) =>
      address ? [{ ...address, contactId }] : [],
    );
    const rows = await lockGates(tx, contactIds, addresses);
    const keys = rows.map(({ key }) => key);
    const holders = await holdersOf(tx, keys);
    const people = [...holders, ...rows].flatMap(({ contactId }) => contactId ?? []);
    const entries = await entriesAbout(tx, keys, distinct([...contactIds, ...people]));
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

/** A caller that claims another door's proof is a defect: it would lift noes. */
function assertHonest({ kind, method, door }: LedgerAct): void {
  if (kind === 'grant' && method && !isMethodOf(door, method)) {
    throw new Error(`${method} cannot come through the door ${door}`);
  }
}

const distinct = (values: readonly string[]): string[] => [...new Set(values)];
