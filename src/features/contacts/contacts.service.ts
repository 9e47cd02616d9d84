import { Injectable } from '@nestjs/common';
import type { Channel } from '../../domain/address';
import { Audit } from '../../platform/audit/audit';
import { Database, type Sql } from '../../platform/database/database';
import { NotFound } from '../../platform/errors';
import type { Actor } from '../../platform/http/actor';
import { isUuid } from '../../platform/ids';
import { AddressKeys } from './address-keys';
import type { Contact } from './contacts.dto';
import { findContact } from './contacts.queries';
import { removeLearning } from './learning/move-learning';
import { mergeContacts, type MovedAddress } from './merge';
import { restoreContacts } from './restore';
import type { ContactBefore, UpsertContact, UpsertContext, UpsertResult } from './contact-data';
import { type ReadContact, readContact } from './read-contact';
import { UpsertContacts } from './upsert-contacts';
import { type ContactRef, findHolders } from './upsert.queries';

/** People and where they can be reached. Never decides whether they may be written to. */
@Injectable()
export class Contacts {
  constructor(
    private readonly db: Database,
    private readonly keys: AddressKeys,
    private readonly upserts: UpsertContacts,
    private readonly audit: Audit,
  ) {}

  /** The contact with this id, or the one that took it in when they were merged. */
  async get(id: string, reader: Actor): Promise<Contact> {
    const contact = isUuid(id) ? await findContact(this.db, id) : null;
    if (!contact) throw new NotFound('contact_not_found');
    await this.audit.record(this.db, reader, 'contact.read', { type: 'contact', id: contact.id });
    return contact;
  }

  /**
   * Creates and changes contacts inside the caller's transaction, which must be READ COMMITTED; existing ones
   * stay locked until it ends. Touches neither ledger nor gate: a caller that adds or removes addresses brings
   * the registry up to date in the same transaction.
   */
  upsert(sql: Sql, contacts: UpsertContact[], context: UpsertContext): Promise<UpsertResult[]> {
    return this.upsertRead(
      sql,
      contacts.map((contact) => readContact(contact, context)),
      context,
    );
  }

  /** The same for contacts that `readContact` has checked before the transaction began. */
  upsertRead(sql: Sql, reads: ReadContact[], context: UpsertContext): Promise<UpsertResult[]> {
    return this.upserts.run(sql, reads, context);
  }

  /** What `upsertRead` would do now; writes and locks nothing. */
  preview(sql: Sql, reads: ReadContact[], context: UpsertContext): Promise<UpsertResult[]> {
    return this.upserts.preview(sql, reads, context);
  }

  /** Everyone who holds an address: it may be several persons' (F-51). */
  findByAddressKey(sql: Sql, key: Buffer): Promise<ContactRef[]> {
    return findHolders(sql, [key]);
  }

  /** The same, by the address as `domain/address.ts` normalises it, under any key version. */
  findByAddress(sql: Sql, channel: Channel, canonical: string): Promise<ContactRef[]> {
    return findHolders(
      sql,
      this.keys.keysOf(channel, canonical).map(({ key }) => key),
    );
  }

  /** Takes changes back, each datum only where it still is what the change made it. */
  restore(
    sql: Sql,
    changes: { contactId: string; before: ContactBefore }[],
    now: Date,
  ): Promise<void> {
    return restoreContacts(sql, changes, now);
  }

  /** Removes contacts with their addresses and what they did; what the registry knows of the addresses stays. */
  async remove(sql: Sql, ids: string[]): Promise<void> {
    if (ids.length === 0) return;
    await removeLearning(sql, ids);
    await sql.query(`DELETE FROM contact WHERE id = ANY ($1::uuid[])`, [ids]);
  }

  /**
   * Makes two contacts one: `keepId` gets the other's addresses and the data it lacks, and the other leads to
   * it from then on. The caller carries the noes of each over to the other in the same transaction.
   */
  merge(sql: Sql, keepId: string, dropId: string, now: Date): Promise<MovedAddress[]> {
    return mergeContacts(sql, keepId, dropId, now);
  }
}
