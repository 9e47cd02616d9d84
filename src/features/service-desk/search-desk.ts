import { Injectable } from '@nestjs/common';
import { normaliseAddress, type Channel } from '../../domain/address';
import { Audit } from '../../platform/audit/audit';
import { Database, type Sql } from '../../platform/database/database';
import type { Actor } from '../../platform/http/actor';
import type { Language } from '../../platform/i18n/i18n';
import { AddressKeys } from '../contacts/address-keys';
import { Contacts } from '../contacts/contacts.service';
import { findPeople } from '../people/search-people.queries';
import { NO_CAP } from '../registry/marketing-cap';
import { Explain } from '../registry/explain';
import { caseOfReference, casesAbout, toView, type CaseRow } from './cases/cases.queries';
import type { DeskFound, DeskHit } from './search-desk.dto';

const MOST_PEOPLE = 20;
const MOST_CASES = 10;
const CHANNELS: readonly Channel[] = ['email', 'sms'];

interface Asking {
  reader: Actor;
  language: Language;
}

interface TypedAddress {
  channel: Channel;
  canonical: string;
}

/** Whom is this about, and can we write to them? Who was found is written in the audit trail, what was asked is not. */
@Injectable()
export class SearchDesk {
  constructor(
    private readonly db: Database,
    private readonly contacts: Contacts,
    private readonly keys: AddressKeys,
    private readonly explain: Explain,
    private readonly audit: Audit,
  ) {}

  async find(query: string, reader: Actor, language: Language): Promise<DeskFound> {
    const asking = { reader, language };
    const asked = query.trim();
    const known = await caseOfReference(this.db, asked);
    if (known) return { items: [await this.ofCase(known, asking)], more: false };
    const found = await findPeople(this.db, this.keys, { q: asked }, NO_CAP, MOST_PEOPLE);
    const contactIds = found.slice(0, MOST_PEOPLE).map(({ id }) => id);
    const subject = { type: 'contact', id: null };
    await this.audit.record(this.db, reader, 'contacts.searched', subject, { contactIds });
    const items: DeskHit[] = [];
    for (const id of contactIds) items.push(await this.person(id, asking));
    const address = readAddress(asked);
    if (address && items.length === 0) items.push(await this.address(address, asking));
    return { items, more: found.length > MOST_PEOPLE };
  }

  private async ofCase(row: CaseRow, asking: Asking): Promise<DeskHit> {
    const subject = { type: 'service_case', id: row.id };
    await this.audit.record(this.db, asking.reader, 'service_case.read', subject);
    if (row.contactId) return this.person(row.contactId, asking);
    const keys = row.addressKey ? [row.addressKey] : [];
    return this.nobody(keys, [row], asking);
  }

  private async person(id: string, asking: Asking): Promise<DeskHit> {
    const contact = await this.contacts.get(id, asking.reader);
    const explanation = await this.explain.contact(contact.id, asking.reader, asking.language);
    const held = await addressesOf(this.db, contact.id);
    const keys = held.map(({ key }) => key);
    const cases = await casesAbout(this.db, [contact.id], keys, MOST_CASES);
    // L-26: whole addresses only for whoever may read contacts anyway.
    const whole = asking.reader.permissions.has('contacts:read') ? held : [];
    return {
      contactId: contact.id,
      name: [contact.firstName, contact.lastName].filter(Boolean).join(' ') || null,
      organisation: contact.organisation?.name ?? null,
      externalId: contact.externalId,
      mayWrite: explanation.mayWrite,
      sentence: explanation.sentence,
      addresses: explanation.addresses.map(({ channel, address, addressKey, sentence }) => {
        const own = whole.find(({ key }) => key.toString('hex') === addressKey);
        return { channel, address: own?.value ?? address, sentence };
      }),
      cases: cases.map(toView),
    };
  }

  /** Nobody is registered with it; the registry may know it all the same. */
  private async address({ channel, canonical }: TypedAddress, asking: Asking): Promise<DeskHit> {
    const keys = this.keys.keysOf(channel, canonical).map(({ key }) => key);
    return this.nobody(keys, await casesAbout(this.db, [], keys, MOST_CASES), asking);
  }

  private async nobody(keys: Buffer[], cases: CaseRow[], asking: Asking): Promise<DeskHit> {
    const { mayWrite, sentence, addresses } = await this.explain.byKeys(
      keys,
      asking.reader,
      asking.language,
    );
    return {
      contactId: null,
      name: null,
      organisation: null,
      externalId: null,
      mayWrite,
      sentence,
      addresses: addresses.map(({ channel, address, sentence }) => ({
        channel,
        address,
        sentence,
      })),
      cases: cases.map(toView),
    };
  }
}

function readAddress(asked: string): TypedAddress | null {
  for (const channel of CHANNELS) {
    const read = normaliseAddress(channel, asked);
    if (read.ok) return { channel, canonical: read.canonical };
  }
  return null;
}

function addressesOf(sql: Sql, contactId: string): Promise<{ key: Buffer; value: string }[]> {
  return sql.query(`SELECT address_key AS key, value FROM address WHERE contact_id = $1`, [
    contactId,
  ]);
}
