/** Whom a campaign asks for. Empty lists mean all. */
export interface Audience {
  /** `topic`: people who ever agreed to the campaign's topic; `everyone`: also those who never did (the gate withholds them). */
  members: 'topic' | 'everyone';
  kinds: string[];
  organisationIds: string[];
  languages: string[];
}

export const WHOLE_TOPIC: Audience = {
  members: 'topic',
  kinds: [],
  organisationIds: [],
  languages: [],
};

/** The audience's lists as SQL parameters, in the order `AUDIENCE_CONDITION` expects. */
export function audienceValues(audience: Audience): unknown[] {
  return [audience.members, audience.kinds, audience.organisationIds, audience.languages];
}

/**
 * Condition over `c` (contact) and `a` (address); `first` is the number of the first of the four
 * parameters from `audienceValues`, `topic` our own expression of the topic's id.
 */
export function audienceCondition(first: number, topic: string): string {
  const [members, kinds, organisations, languages] = [0, 1, 2, 3].map((n) => `$${first + n}`);
  return `(
    (${members}::text = 'everyone' OR EXISTS (
      SELECT 1 FROM ledger_entry agreed
      WHERE agreed.address_key = a.address_key AND agreed.topic_id = ${topic}
        AND agreed.kind IN ('grant', 'grant_pending')))
    AND (cardinality(${kinds}::text[]) = 0 OR c.kinds && ${kinds}::text[])
    AND (cardinality(${organisations}::uuid[]) = 0 OR c.organisation_id = ANY(${organisations}::uuid[]))
    AND (cardinality(${languages}::text[]) = 0 OR c.language = ANY(${languages}::text[]))
  )`;
}
