import { Injectable } from '@nestjs/common';
import type { Sql } from '../../../platform/database/database';
import type { Actor } from '../../../platform/http/actor';
import type { RemovedAddress, UpsertContext, UpsertResult } from '../../contacts/contact-data';
import { Contacts } from '../../contacts/contacts.service';
import type { ReadContact } from '../../contacts/read-contact';
import type { Door, LedgerAct } from '../../registry/ledger/ledger-act';
import { Registry } from '../../registry/registry.service';

interface GateNoes {
  key: string;
  channel: 'email' | 'sms';
  noAll: boolean;
  noTopics: string[];
}

/**
 * How data about people comes in from elsewhere: stored by the contacts room, and every no that stands for
 * the person or the address holds from the same commit on. Gives no permission and lifts no no.
 */
@Injectable()
export class WriteContacts {
  constructor(
    private readonly contacts: Contacts,
    private readonly registry: Registry,
  ) {}

  /** One result per contact, in their order. */
  async write(
    tx: Sql,
    reads: ReadContact[],
    context: UpsertContext,
    door: Door,
  ): Promise<UpsertResult[]> {
    const { results, pending } = await this.writeOnly(tx, reads, context, door);
    await this.registry.refresh(tx, pending);
    return results;
  }

  /**
   * The same for a caller that has acts to record: new contacts come without gate rows, and those of `pending`
   * that get no act must be refreshed in the same transaction.
   */
  async writeOnly(
    tx: Sql,
    reads: ReadContact[],
    context: UpsertContext,
    door: Door,
  ): Promise<{ results: UpsertResult[]; pending: string[] }> {
    const results = await this.contacts.upsertRead(tx, reads, { ...context, refuseErased: true });
    const added = results.filter(({ addresses }) => addresses.some((address) => address.added));
    const moved = results.filter(({ removed }) => removed.length > 0);
    const known = new Set([...added, ...moved].filter(({ outcome }) => outcome !== 'created'));
    // A new address of a known person: what they said before holds there from now on.
    await this.registry.refresh(tx, idsOf([...known]));
    await this.carryOver(tx, moved, context.actor, door);
    return { results, pending: idsOf(added.filter(({ outcome }) => outcome === 'created')) };
  }

  /** Rectifying an address keeps its no (L-20), also one from a time when nobody knew whose address it was. */
  private async carryOver(
    tx: Sql,
    results: UpsertResult[],
    actor: Actor,
    door: Door,
  ): Promise<void> {
    const removals = results.flatMap((result) =>
      result.removed.map((removed) => ({ result, removed })),
    );
    if (removals.length === 0) return;
    const keys = removals.flatMap(({ removed }) => [removed.key, removed.replacedBy ?? []].flat());
    const gates = new Map((await findNoes(tx, keys)).map((gate) => [gate.key, gate]));
    const acts = removals.flatMap(({ result, removed }) => {
      const old = gates.get(removed.key.toString('hex'));
      const base = { actor, door, detail: 'address_changed' };
      return old
        ? noesToCarry(old, gates, removed, result).map((act) => ({ ...base, ...act }))
        : [];
    });
    await this.registry.record(tx, acts);
  }
}

function idsOf(results: UpsertResult[]): string[] {
  return results.flatMap(({ contactId }) => contactId ?? []);
}

type Carried = Omit<LedgerAct, 'actor' | 'door'>;

function noesToCarry(
  old: GateNoes,
  gates: ReadonlyMap<string, GateNoes>,
  removed: RemovedAddress,
  result: UpsertResult,
): Carried[] {
  const successor = removed.replacedBy
    ? result.addresses.find(({ key }) => key.equals(removed.replacedBy!))
    : undefined;
  const now = successor && gates.get(successor.key.toString('hex'));
  // Without a successor the no must wait at the person, or the next address would come without it.
  const to = successor
    ? {
        address: { channel: successor.channel, key: successor.key, version: successor.keyVersion },
        contactId: null,
      }
    : { address: null, contactId: result.contactId };
  if (now?.noAll) return [];
  if (old.noAll) return [{ kind: 'opt_out', scope: 'all', channel: null, ...to }];
  return old.noTopics
    .filter((topicId) => !now?.noTopics.includes(topicId))
    .map((topicId) => ({ kind: 'opt_out', scope: 'topic', channel: old.channel, topicId, ...to }));
}

function findNoes(sql: Sql, keys: Buffer[]): Promise<GateNoes[]> {
  return sql.query<GateNoes>(
    `SELECT encode(address_key, 'hex') AS key, channel, no_all AS "noAll", no_topics AS "noTopics"
     FROM gate WHERE address_key = ANY ($1::bytea[])`,
    [keys],
  );
}
