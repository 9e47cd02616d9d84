import { Injectable } from '@nestjs/common';
import { normaliseEmail } from '../../../domain/address';
import { STRONG_METHODS } from '../../../domain/registry-state';
import { Clock } from '../../../platform/clock';
import { bytesArray, textArray } from '../../../platform/database/arrays';
import { Database, type Sql } from '../../../platform/database/database';
import { SYSTEM } from '../../../platform/http/actor';
import type { Listed, ProviderList } from '../../channels/email/sendgrid/sendgrid-lists';
import { AddressKeys } from '../../contacts/address-keys';
import { Registry } from '../../registry/registry.service';
import type { LedgerAct } from '../../registry/ledger/ledger-act';
import { effectOf } from '../effects';
import { peopleOf } from '../people-of';
import { NEW_BOUNCES, NEW_NOES, SEE } from './compare.queries';

/** Acts in one transaction: their gate rows are locked for so long, and an opt-out may wait for one. */
const ACTS = 50;

/** The event that puts an address on the list; a block is a refusal for now and changes nothing. */
const EVENTS: Readonly<Record<ProviderList, string | null>> = {
  unsubscribes: 'unsubscribe',
  spam_reports: 'spamreport',
  bounces: 'bounce',
  blocks: null,
};

interface Known {
  /** In hex. */
  key: string;
  version: number;
  at: Date;
}

/** Takes what stands on a provider's list into the registry, as far as it is news there. It only ever adds. */
@Injectable()
export class RecordListed {
  constructor(
    private readonly db: Database,
    private readonly keys: AddressKeys,
    private readonly registry: Registry,
    private readonly clock: Clock,
  ) {}

  /** How many addresses were news. */
  async run(list: ProviderList, entries: readonly Listed[]): Promise<number> {
    const type = EVENTS[list];
    const act = type && effectOf({ type, subtype: null }).act;
    if (!act) return 0;
    const known = await this.identify(entries.filter(({ temporary }) => !temporary));
    if (known.length === 0) return 0;
    await this.db.query(SEE, [list, ...columns(known), this.clock.now()]);
    let added = 0;
    for (let from = 0; from < known.length; from += ACTS) {
      const slice = known.slice(from, from + ACTS);
      added += await this.db.tx((tx) => this.record(tx, list, act, slice));
    }
    return added;
  }

  /** By the keyed hash: also of an address that we do not know, whose no is a no (P-38). */
  private async identify(entries: readonly Listed[]): Promise<Known[]> {
    const latest = new Map<string, Date>();
    for (const { email, at } of entries) {
      const address = normaliseEmail(email);
      // What is no address for us cannot become a recipient either.
      if (!address.ok) continue;
      const before = latest.get(address.canonical);
      if (!before || before < at) latest.set(address.canonical, at);
    }
    const keys = await this.keys.resolve(this.db, 'email', [...latest.keys()]);
    return [...latest].map(([canonical, at]) => {
      const { key, version } = keys.get(canonical)!;
      return { key: key.toString('hex'), version, at };
    });
  }

  private async record(
    tx: Sql,
    list: ProviderList,
    act: Pick<LedgerAct, 'kind' | 'scope' | 'door'>,
    slice: Known[],
  ): Promise<number> {
    const rows = await (list === 'bounces'
      ? tx.query<{ key: string }>(NEW_BOUNCES, columns(slice))
      : tx.query<{ key: string }>(NEW_NOES, [...columns(slice), list, STRONG_METHODS]));
    const fresh = new Set(rows.map(({ key }) => key));
    // A no binds every person who has the address; a dead mailbox is the address's alone.
    const holders = await peopleOf(tx, act.kind === 'opt_out' ? [...fresh] : []);
    await this.registry.record(
      tx,
      slice
        .filter(({ key }) => fresh.has(key))
        .flatMap(({ key, version, at }): LedgerAct[] =>
          (holders.get(key) ?? [null]).map((contactId) => ({
            ...act,
            detail: 'provider_list',
            channel: null,
            address: { channel: 'email', key: Buffer.from(key, 'hex'), version },
            contactId,
            actor: SYSTEM,
            evidence: { listedAt: at.toISOString() },
          })),
        ),
    );
    return fresh.size;
  }
}

const columns = (known: readonly Known[]): [string, string] => [
  bytesArray(known.map(({ key }) => key)),
  textArray(known.map(({ at }) => at.toISOString())),
];
