import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock';
import { Env } from '../../../platform/config/env';
import { Database, type Sql } from '../../../platform/database/database';
import { Conflict, NotFound } from '../../../platform/errors';
import { t, toLanguage, type Language } from '../../../platform/i18n/i18n';
import { isTracked } from '../../contacts/learning/tracking/tracking.queries';
import { entriesOf, factsOfContact } from '../../registry/explain.queries';
import { trackingWording } from '../../registry/pages/tracking-wording';
import { Topics } from '../../registry/topics.service';
import type { Identified } from '../learner';
import { ChangeChoices } from './change-choices';
import { consentText } from './consent-wording';
import { currentChoices, type Known } from './current-choices';
import type { ChangePreferences, Preferences } from './my-preferences.dto';
import { personOf, type Person } from './my-preferences.queries';

const MOST_ENTRIES = 500;

/** Whose choices, and the mailbox that they have shown to read, if any. */
type Me = Pick<Identified, 'contactId'> & Partial<Identified>;

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
    const known = await this.know(this.db, { contactId });
    const shown = language ?? toLanguage(known.person.language);
    const offered = known.topics.filter(({ archivedAt }) => archivedAt === null);
    return {
      ...currentChoices({ ...known, topics: offered }, shown),
      consentText: consentText(shown, this.env),
      trackingText: trackingWording(shown),
    };
  }

  /** What the person is written to in. Throws NotFound `unknown_contact`. */
  async languageOf(contactId: string): Promise<Language> {
    return toLanguage((await this.known(this.db, contactId)).language);
  }

  /**
   * In force when it returns. A no, a pause, fewer and the language hold also if this throws Conflict
   * `cannot_turn_on`, which is about the yeses: all of them or none. Throws Invalid `invalid_fields` before anything
   * is written.
   */
  async change(me: Me, input: ChangePreferences, language?: Language): Promise<Preferences> {
    // What they have read, and agree to, also when they ask for another from now on.
    const shown = language ?? (await this.languageOf(me.contactId));
    await this.db.tx(async (tx) => this.changes.keep(tx, await this.know(tx, me), input));
    try {
      await this.db.tx((tx) => this.agreeIn(tx, me, input, shown));
    } catch (cause) {
      if (!(cause instanceof Conflict) || !keepsSomething(input)) throw cause;
      throw tellingOfTheRest(cause, shown);
    }
    return this.read(me.contactId, language);
  }

  /** The yeses of `change` as part of the caller's transaction. */
  async agreeIn(tx: Sql, me: Me, input: ChangePreferences, language: Language): Promise<void> {
    if (!input.topics?.some(({ on }) => on) && !input.tracking) return;
    await this.changes.agree(tx, await this.know(tx, me), input, language);
  }

  private async know(sql: Sql, { contactId, mailboxKey = null }: Me): Promise<Known> {
    const person = await this.known(sql, contactId);
    const addresses = await factsOfContact(sql, person.id);
    const keys = addresses.map(({ key }) => key);
    const entries = await entriesOf(sql, keys, [person.id], MOST_ENTRIES);
    const topics = await this.topics.list(true, sql);
    const tracked = await isTracked(sql, person.id);
    return { person, addresses, entries, topics, now: this.clock.now(), mailboxKey, tracked };
  }

  private async known(sql: Sql, contactId: string): Promise<Person> {
    const person = await personOf(sql, contactId);
    if (!person) throw new NotFound('unknown_contact');
    return person;
  }
}

const keepsSomething = ({
  topics = [],
  pause,
  fewer,
  language,
  tracking,
}: ChangePreferences): boolean =>
  topics.some(({ on }) => !on) ||
  tracking === false ||
  [pause, fewer, language].some((change) => change !== undefined);

function tellingOfTheRest({ code, detail, errors }: Conflict, language: Language): Conflict {
  const rest = t(language, 'my-pages:choices.restSaved');
  return new Conflict(code, { detail: `${detail} ${rest}`, errors });
}
