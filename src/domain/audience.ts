import type { Channel } from './address';
import type { ContactKind } from './allowed-data';
import { allOf, type Condition } from './condition';
import { offerCondition } from './offers/offers-to-sql';

/** Whom a campaign asks for. Empty lists mean all. */
export interface Audience {
  /** `topic`: people who ever agreed to the campaign's topic; `everyone`: also those who never did (the gate withholds them). */
  members: 'topic' | 'everyone';
  kinds: string[];
  organisationIds: string[];
  languages: string[];
  /** People in any of the included, if there are any, and in none of the excluded. */
  segments: { include: string[]; exclude: string[] };
}

/** An audience together with what narrows it down further, from whoever knows. */
export interface AskedAudience extends Audience {
  /** What its segments ask. */
  inSegments?: Condition;
  /** Only those to whom there is a course to recommend. */
  offered?: boolean;
}

export const WHOLE_TOPIC: Audience = {
  members: 'topic',
  kinds: [],
  organisationIds: [],
  languages: [],
  segments: { include: [], exclude: [] },
};

/** What each kind of contact is in the bits of reach.kinds. */
export const KIND_BITS: Readonly<Record<ContactKind, number>> = {
  company_contact: 1,
  learner: 2,
  newsletter_subscriber: 4,
  support_contact: 8,
};

/** Of everybody in reach (`r`), those whom the audience names; whether there is an address to write to is not asked. */
export function audienceCondition(
  { members, kinds, organisationIds, languages, segments, inSegments, offered }: AskedAudience,
  channel: Channel,
  topicId: string,
): Condition {
  const conditions: Condition[] = [];
  if (members === 'topic') {
    conditions.push({
      // COALESCE, or Postgres would reckon with hardly anybody and put them in order to count them.
      text: `COALESCE(r.${channel}_agreed LIKE (SELECT repeat('_', number - 1) || '1%' FROM topic WHERE id = $1::uuid), false)`,
      values: [topicId],
    });
  }
  if (kinds.length > 0) {
    const bits = kinds.reduce((sum, kind) => sum | (KIND_BITS[kind as ContactKind] ?? 0), 0);
    conditions.push({ text: 'r.kinds & $1::int <> 0', values: [bits] });
  }
  if (organisationIds.length > 0) {
    conditions.push({ text: 'r.organisation_id = ANY($1::uuid[])', values: [organisationIds] });
  }
  if (languages.length > 0) {
    conditions.push({ text: 'r.language = ANY($1::text[])', values: [languages] });
  }
  if (segments.include.length + segments.exclude.length > 0) {
    // Without them everybody else would be written to as well.
    if (!inSegments) throw new RangeError('an audience whose segments are not asked');
    conditions.push(inSegments);
  }
  if (offered) conditions.push(offerCondition());
  return allOf(conditions);
}
