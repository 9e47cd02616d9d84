import { Injectable } from '@nestjs/common';
import { mayAddInMinaSidor } from '../../../domain/allowed-data';
import { Database, type Sql } from '../../../platform/database/database';
import { Conflict, Invalid } from '../../../platform/errors';
import type { Language } from '../../../platform/i18n/i18n';
import type { VersionedKey } from '../../contacts/address-keys';
import { OwnData } from '../../contacts/own-data';
import { factsOfContact, type AddressFacts } from '../../registry/explain.queries';
import type { LedgerAct } from '../../registry/ledger/ledger-act';
import { Registry } from '../../registry/registry.service';
import { MyPreferences } from '../choices/my-preferences';
import { personOf } from '../choices/my-preferences.queries';
import { PhoneCodes } from './phone-codes';
import { readNumber } from './read-number';

/** The code as it was typed, and what was ticked beside it: nothing was so beforehand (L-05). */
export interface EnteredCode {
  number: string;
  code: string;
  /** Keys of topics to get as text messages. */
  topics: readonly string[];
}

/** The number that a person adds in Mina sidor; one that came from a company is not theirs to take away here. */
@Injectable()
export class OwnNumber {
  constructor(
    private readonly db: Database,
    private readonly codes: PhoneCodes,
    private readonly ownData: OwnData,
    private readonly registry: Registry,
    private readonly preferences: MyPreferences,
  ) {}

  /** Policy 3.2: of subscribers, and of who wrote to get help, none may be held. */
  async isAllowed(contactId: string): Promise<boolean> {
    const person = await personOf(this.db, contactId);
    return person !== null && !person.minor && mayAddInMinaSidor(person.kinds, 'phone');
  }

  async current(contactId: string): Promise<string | null> {
    return ownNumber(await factsOfContact(this.db, contactId))?.value ?? null;
  }

  /**
   * The number in E.164, once a code is on its way to it; nothing is told of it. Throws Invalid `invalid_number`,
   * Conflict `no_number_allowed`, and what `PhoneCodes.send` throws.
   */
  async sendCode(contactId: string, typed: string, language: Language): Promise<string> {
    const number = readNumber(typed);
    if (!(await this.isAllowed(contactId))) throw new Conflict('no_number_allowed');
    await this.codes.send(contactId, number, language);
    return number;
  }

  /**
   * A code that is right makes the number theirs, and what was ticked their consent: one act, one transaction (P-58).
   * Throws Invalid `wrong_code`, which also means used up, too old or never sent; Conflict `no_number_allowed` and
   * `cannot_turn_on`.
   */
  async confirm(contactId: string, entered: EnteredCode, language: Language): Promise<void> {
    const number = readNumber(entered.number);
    if (!(await this.isAllowed(contactId))) throw new Conflict('no_number_allowed');
    const right = await this.db.tx(async (tx) => {
      if (!(await this.codes.spend(tx, contactId, number, entered.code))) return false;
      const changedHands = await this.ownData.setNumber(tx, contactId, number);
      // First, and in a call of its own: among the acts of one call a yes is written before everything else.
      await this.registry.record(tx, changedHands.map(withdrawnFor(contactId)));
      // The noes that stand for the person hold for the number too; a yes is an act of its own.
      await this.registry.refresh(tx, [contactId]);
      const topics = entered.topics.map((key) => ({ key, channel: 'sms' as const, on: true }));
      await this.preferences.agreeIn(tx, { contactId }, { topics }, language);
      return true;
    });
    // After the commit, or the try would not have counted.
    if (!right) throw new Invalid('wrong_code');
  }

  /** A no to text messages first: the number keeps it when it is no longer ours to know. */
  async remove(contactId: string): Promise<void> {
    await this.db.tx(async (tx) => {
      const own = ownNumber(await factsOfContact(tx, contactId));
      if (own) await this.forget(tx, contactId, own);
    });
  }

  private async forget(tx: Sql, contactId: string, own: AddressFacts): Promise<void> {
    await this.registry.record(tx, [
      {
        kind: 'opt_out',
        scope: 'channel',
        channel: 'sms',
        address: { channel: 'sms', key: own.key, version: own.keyVersion! },
        contactId,
        door: 'mina_sidor',
        detail: 'number_removed',
        actor: { type: 'learner', id: contactId },
      },
    ]);
    await this.ownData.removeAddress(tx, own.addressId!);
  }
}

/** Numbers are used again: what the one before agreed to is not agreed to by who has it now, nor the other way. */
const withdrawnFor =
  (contactId: string) =>
  ({ key, version }: VersionedKey): LedgerAct => ({
    kind: 'withdraw',
    scope: 'all',
    channel: 'sms',
    address: { channel: 'sms', key, version },
    contactId,
    door: 'mina_sidor',
    detail: 'number_changed',
    actor: { type: 'learner', id: contactId },
  });

function ownNumber(addresses: AddressFacts[]): AddressFacts | undefined {
  return addresses.findLast(({ channel, source }) => channel === 'sms' && source === 'mina_sidor');
}
