import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock';
import { Env } from '../../../platform/config/env';
import { Database, type Sql } from '../../../platform/database/database';
import { NotFound } from '../../../platform/errors';
import { toLanguage, type Language } from '../../../platform/i18n/i18n';
import { entriesOf, factsOfContact } from '../../registry/explain.queries';
import { Topics } from '../../registry/topics.service';
import { ChangeChoices } from './change-choices';
import { consentText } from './consent-wording';
import { currentChoices, type Known } from './current-choices';
import type { ChangePreferences, Preferences } from './my-preferences.dto';
import { personOf, type Person } from './my-preferences.queries';

const MOST_ENTRIES = 500;

/** What a person gets, and what they make of it: read from the gate and the ledger each time, never from a copy (D-01). */
@Injectable()
export class MyPreferences {
  constructor(
    private readonly db: Database,
    private readonly env: Env,
    private readonly clock: Clock,
    private readonly topics: Topics,
    private readonly changes: ChangeChoices,
  ) {}

  /** In the person's own language unless another is asked for. Throws NotFound `unknown_contact`. */
  async read(contactId: string, language?: Language): Promise<Preferences> {
    const known = await this.know(this.db, contactId);
    const shown = language ?? toLanguage(known.person.language);
    const offered = known.topics.filter(({ archivedAt }) => archivedAt === null);
    return {
      ...currentChoices({ ...known, topics: offered }, shown),
      consentText: consentText(shown, this.env),
    };
  }

  /** What the person is written to in. Throws NotFound `unknown_contact`. */
  async languageOf(contactId: string): Promise<Language> {
    return toLanguage((await this.known(this.db, contactId)).language);
  }

  /** All of it or nothing, in force when it returns. Throws Conflict `cannot_turn_on`, Invalid `invalid_fields`. */
  async change(
    contactId: string,
    input: ChangePreferences,
    language?: Language,
  ): Promise<Preferences> {
    await this.db.tx((tx) => this.changeIn(tx, contactId, input, language));
    return this.read(contactId, language);
  }

  /** `change` as part of the caller's transaction. */
  async changeIn(
    tx: Sql,
    contactId: string,
    input: ChangePreferences,
    language?: Language,
  ): Promise<void> {
    const known = await this.know(tx, contactId);
    await this.changes.run(tx, known, input, language ?? toLanguage(known.person.language));
  }

  private async know(sql: Sql, contactId: string): Promise<Known> {
    const person = await this.known(sql, contactId);
    const addresses = await factsOfContact(sql, person.id);
    const keys = addresses.map(({ key }) => key);
    const entries = await entriesOf(sql, keys, [person.id], MOST_ENTRIES);
    const topics = await this.topics.list(true, sql);
    return { person, addresses, entries, topics, now: this.clock.now() };
  }

  private async known(sql: Sql, contactId: string): Promise<Person> {
    const person = await personOf(sql, contactId);
    if (!person) throw new NotFound('unknown_contact');
    return person;
  }
}
