import { Injectable } from '@nestjs/common';
import { Clock } from '../../platform/clock';
import type { Sql } from '../../platform/database/database';
import type { Language } from '../../platform/i18n/i18n';
import { newId } from '../../platform/ids';
import { AddressKeys, type VersionedKey } from './address-keys';
import {
  deleteAddresses,
  insertAddresses,
  lockContacts,
  readContacts,
  sourceAddresses,
  updateContacts,
} from './upsert.queries';

const SOURCE = 'mina_sidor';

/**
 * What a person changes of their own, logged in to Mina sidor. Touches neither ledger nor gate: a caller that
 * adds or removes a number brings the registry up to date in the same transaction.
 */
@Injectable()
export class OwnData {
  constructor(
    private readonly keys: AddressKeys,
    private readonly clock: Clock,
  ) {}

  async setLanguage(sql: Sql, contactId: string, language: Language): Promise<void> {
    const now = this.clock.now();
    const contact = await this.lock(sql, contactId);
    if (contact.language === language) return;
    const origin = { source: SOURCE, at: now.toISOString(), ref: null };
    const sources = { ...contact.sources, language: origin };
    await updateContacts(sql, [{ ...contact, language, sources }], now);
  }

  /**
   * A number that has been proven to be theirs, in E.164. Takes the place of one added the same way before. Returns
   * the numbers that change hands by it, for which nothing that was agreed to holds: a new one and those it replaces.
   */
  async setNumber(sql: Sql, contactId: string, number: string): Promise<VersionedKey[]> {
    const now = this.clock.now();
    const contact = await this.lock(sql, contactId);
    const { key, version } = (await this.keys.resolve(sql, 'sms', [number])).get(number)!;
    const hex = key.toString('hex');
    const numbers = contact.addresses.filter(({ channel }) => channel === 'sms');
    const held = numbers.find((address) => address.key === hex);
    const former = numbers.filter((address) => address.source === SOURCE && address !== held);
    const origin = { source: SOURCE, sourceRef: null, collectedAt: now };
    await deleteAddresses(
      sql,
      former.map(({ id }) => id),
    );
    if (held && held.source !== SOURCE) await sourceAddresses(sql, [held.id], origin);
    if (!held) {
      const id = newId(now.getTime());
      const address = { id, contactId, channel: 'sms' as const, value: number, canonical: number };
      await insertAddresses(sql, [{ ...address, key: hex, keyVersion: version, ...origin }]);
    }
    const replaced = former.map((old) => ({
      key: Buffer.from(old.key, 'hex'),
      version: old.keyVersion,
    }));
    return held ? replaced : [{ key, version }, ...replaced];
  }

  async removeAddress(sql: Sql, addressId: string): Promise<void> {
    await deleteAddresses(sql, [addressId]);
  }

  private async lock(sql: Sql, contactId: string) {
    await lockContacts(sql, [contactId]);
    const [contact] = await readContacts(sql, [contactId]);
    if (!contact) throw new Error(`contact ${contactId} is gone`);
    return contact;
  }
}
