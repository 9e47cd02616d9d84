import { Injectable } from '@nestjs/common';
import { normaliseAddress, type Channel } from '../../domain/address';
import { decide, GATE_REASONS, type GateReason } from '../../domain/gate';
import { Audit } from '../../platform/audit/audit';
import { Clock } from '../../platform/clock';
import { Env } from '../../platform/config/env';
import { Database } from '../../platform/database/database';
import { Invalid, NotFound } from '../../platform/errors';
import type { Actor } from '../../platform/http/actor';
import { t, type Language } from '../../platform/i18n/i18n';
import { isUuid } from '../../platform/ids';
import { AddressKeys } from '../contacts/address-keys';
import { entryBehind } from './entry-behind';
import type { AddressExplanation, Explanation, LedgerEntryView, TopicVerdict } from './explain.dto';
import {
  entriesOf,
  factsOfContact,
  factsOfKeys,
  topicFacts,
  type AddressFacts,
  type EntryRow,
  type TopicFacts,
} from './explain.queries';
import { mask } from './link-tokens';
import { whoIsCapped } from './marketing-cap';
import { contactOfId } from './opt-outs.queries';
import { formatDay } from './pages/format';
import { nextAfter } from './sent-lately';

const MOST_ENTRIES = 200;

/** Answers "can we write to her, and why not?" by the gate's own rules, with the entry behind each reason. */
@Injectable()
export class Explain {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly keys: AddressKeys,
    private readonly audit: Audit,
    private readonly env: Env,
  ) {}

  /** All addresses of a contact. Throws NotFound `unknown_contact`. */
  async contact(id: string, reader: Actor, language: Language): Promise<Explanation> {
    const contactId = isUuid(id) ? await contactOfId(this.db, id) : null;
    if (!contactId) throw new NotFound('unknown_contact');
    const facts = await factsOfContact(this.db, contactId);
    await this.audit.record(this.db, reader, 'registry.read', { type: 'contact', id: contactId });
    return this.explain(facts, [contactId], language);
  }

  /** One address, known or not. Throws Invalid `invalid_address`. */
  async address(
    channel: Channel,
    raw: string,
    reader: Actor,
    language: Language,
  ): Promise<Explanation> {
    const address = normaliseAddress(channel, raw);
    if (!address.ok) {
      throw new Invalid('invalid_address', {
        errors: [{ path: 'address', code: address.code, message: address.code }],
      });
    }
    const keys = this.keys.keysOf(channel, address.canonical).map(({ key }) => key);
    return this.byKeys(keys, reader, language);
  }

  /** One address by its keyed hashes, under every version it may have. */
  async byKeys(keys: Buffer[], reader: Actor, language: Language): Promise<Explanation> {
    const facts = await factsOfKeys(this.db, keys);
    const contactIds = facts.flatMap(({ contactId }) => contactId ?? []);
    await this.audit.record(
      this.db,
      reader,
      'registry.looked_up',
      { type: 'contact', id: contactIds[0] ?? null },
      { contactIds },
    );
    return this.explain(facts, contactIds, language);
  }

  private async explain(
    found: AddressFacts[],
    contactIds: string[],
    language: Language,
  ): Promise<Explanation> {
    const topics = await topicFacts(this.db);
    const capped = await whoIsCapped(this.db, this.env, contactIds);
    const facts = found.map((fact) => ({
      ...fact,
      cappedUntil: capped.get(fact.contactId ?? '') ?? null,
    }));
    const keys = facts.map(({ key }) => key);
    const entries = await entriesOf(this.db, keys, contactIds, MOST_ENTRIES);
    const now = this.clock.now();
    const telling = { now, language };
    return {
      known: facts.length > 0 || entries.length > 0,
      ...explainPerson(facts, topics, entries, telling),
      addresses: facts.map((fact) => explainAddress(fact, topics, entries, telling)),
      entries: entries.map(toView),
    };
  }
}

/** An address, and whether its person has had as much as one is to get. */
interface Told extends AddressFacts {
  cappedUntil: Date | null;
}

interface Telling {
  now: Date;
  language: Language;
}

/** Whether anything may be sent to any of the addresses; and if not, the reason that comes first in the gate. */
function explainPerson(
  facts: Told[],
  topics: TopicFacts[],
  entries: EntryRow[],
  telling: Telling,
): Pick<Explanation, 'mayWrite' | 'sentence'> {
  const { language } = telling;
  if (facts.length === 0)
    return { mayWrite: false, sentence: t(language, 'registry:person.nobody') };
  const gets = facts.flatMap((fact) => {
    const { channel } = fact;
    const allowed = topics
      .map((topic) => explainTopic(fact, topic, entries, telling))
      .flatMap(({ allowed, topic }) => (allowed ? [topic] : []));
    const topicNames = allowed.join(', ');
    return allowed.length > 0
      ? [t(language, `registry:person.${channel}`, { topics: topicNames })]
      : [];
  });
  if (gets.length > 0) {
    const what = [...new Set(gets)].join('; ');
    const sentence = t(language, 'registry:person.gets', { what });
    return { mayWrite: true, sentence: sentence + withFewer(facts, language) };
  }
  const marketing = {
    nameSv: t('sv', 'registry:person.any'),
    nameEn: t('en', 'registry:person.any'),
  };
  const [first] = facts
    .flatMap((fact) =>
      topics.map((topic) => ({
        ...explainTopic(fact, { ...topic, ...marketing }, entries, telling),
        fact,
      })),
    )
    .sort((a, b) => GATE_REASONS.indexOf(a.reason!) - GATE_REASONS.indexOf(b.reason!));
  if (!first) return { mayWrite: false, sentence: t(language, 'registry:explain.noTopics') };
  // Of several addresses "this one" says nothing, and a no from one of them is the person's.
  const byPerson = first.reason === 'suppressed_address' && facts.length > 1;
  const reason = byPerson ? 'suppressed_person' : first.reason;
  return { mayWrite: false, sentence: tell(reason, first.fact, first, language) };
}

function tell(
  reason: GateReason | null,
  { pausedUntil, lastSentAt, cappedUntil }: Told,
  { topic, since, door, campaign }: Pick<TopicVerdict, 'topic' | 'since' | 'door' | 'campaign'>,
  language: Language,
): string {
  const of = campaign ? t(language, 'registry:explain.of', { campaign }) : '';
  return t(language, `registry:explain.${reason ?? 'allowed'}`, {
    topic,
    at: since ? formatDay(language, since) : t(language, 'registry:explain.unknownDay'),
    door: t(language, `registry:doors.${door ?? 'unknown'}`) + of,
    until: pausedUntil ? formatDay(language, pausedUntil) : '',
    next: lastSentAt ? formatDay(language, nextAfter(lastSentAt)) : '',
    free: cappedUntil ? formatDay(language, cappedUntil) : '',
  });
}

/** To be said after what is sent, where any of these addresses gets less of it. */
function withFewer(facts: readonly AddressFacts[], language: Language): string {
  return facts.some(({ fewer }) => fewer) ? ` ${t(language, 'registry:explain.choseFewer')}` : '';
}

function explainAddress(
  facts: Told,
  topics: TopicFacts[],
  entries: EntryRow[],
  telling: Telling,
): AddressExplanation {
  const verdicts = topics.map((topic) => explainTopic(facts, topic, entries, telling));
  const { language } = telling;
  const allowed = verdicts.filter((verdict) => verdict.allowed);
  const sentence =
    allowed.length > 0
      ? t(language, 'registry:explain.gets', {
          topics: allowed.map(({ topic }) => topic).join(', '),
        }) + withFewer([facts], language)
      : whyNothing(facts, verdicts, language);
  return {
    channel: facts.channel,
    address: facts.value && mask(facts.channel, facts.value),
    addressKey: facts.key.toString('hex'),
    contactId: facts.contactId,
    sentence,
    topics: verdicts,
  };
}

/** What keeps all topics from an address is said of the channel, not of the first of them. */
function whyNothing(facts: Told, verdicts: TopicVerdict[], language: Language): string {
  const [first] = verdicts;
  if (!first) return t(language, 'registry:explain.noTopics');
  const alike = verdicts.every(({ reason }) => reason === first.reason);
  const channel = t(language, `registry:explain.channel.${facts.channel}`);
  return alike ? tell(first.reason, facts, { ...first, topic: channel }, language) : first.sentence;
}

function explainTopic(
  facts: Told,
  topic: TopicFacts,
  entries: EntryRow[],
  { now, language }: Telling,
): TopicVerdict {
  const reason = reasonAgainst(facts, topic, now);
  const entry = reason && entryBehind(reason, facts, topic.id, entries);
  const name = language === 'sv' ? topic.nameSv : topic.nameEn;
  const since = entry?.at ?? null;
  const door = entry?.door ?? null;
  const campaign = entry?.campaign ?? null;
  return {
    topicId: topic.id,
    topicKey: topic.key,
    topic: name,
    allowed: reason === null,
    reason,
    since,
    door,
    campaign,
    entryId: entry?.id ?? null,
    sentence: tell(reason, facts, { topic: name, since, door, campaign }, language),
  };
}

/** Why the gate lets nothing of this topic through to this address; null: it does. The cap is asked only if told. */
export function reasonAgainst(
  facts: AddressFacts & Partial<Told>,
  topic: Pick<TopicFacts, 'id' | 'assessed'>,
  now: Date,
): GateReason | null {
  const verdict = decide({
    ...facts,
    kinds: facts.kinds ?? [],
    source: facts.source ?? '',
    minor: facts.minor ?? false,
    topicId: topic.id,
    now,
    sentLately: facts.lastSentAt !== null,
    capped: Boolean(facts.cappedUntil),
    // About a person and a topic, not about one campaign.
    alreadySent: false,
    dispatchState: 'running',
    windowEnd: null,
    purposeAssessed: topic.assessed,
  });
  return verdict.verdict === 'deny' ? verdict.reason : null;
}

function toView({
  seq: _seq,
  key,
  topicId: _topicId,
  contactId: _contactId,
  campaign: _campaign,
  ...entry
}: EntryRow): LedgerEntryView {
  return { ...entry, addressKey: key?.toString('hex') ?? null };
}
