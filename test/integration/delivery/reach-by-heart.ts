import { audienceCondition, type Audience, KIND_BITS } from '../../../src/domain/audience';
import type { Channel } from '../../../src/domain/address';
import type { ContactKind } from '../../../src/domain/allowed-data';
import { gateReason } from '../../../src/features/delivery/gate-facts';
import { countByReason } from '../../../src/features/delivery/materialise.queries';
import type { Sql } from '../../../src/platform/database/database';

export type Counts = Record<string, number>;

/** What the product says, from reach. */
export async function counted(
  sql: Sql,
  topicId: string,
  channel: Channel,
  audience: Audience,
): Promise<Counts> {
  const who = audienceCondition(audience, channel, topicId);
  return toCounts(await sql.query(countByReason(channel, who), [topicId, ...who.values]));
}

/** The same from contacts, addresses, gate rows and ledger, person by person, without reach. */
export async function asked(
  sql: Sql,
  topicId: string,
  channel: Channel,
  { members, kinds, organisationIds, languages }: Audience,
): Promise<Counts> {
  return toCounts(
    await sql.query(
      `WITH named AS (
         SELECT DISTINCT ON (c.id) c.id AS contact_id, a.id AS address_id, a.address_key
         FROM contact c JOIN address a ON a.contact_id = c.id AND a.channel = $2
         WHERE c.merged_into_id IS NULL
           AND (cardinality($4::text[]) = 0 OR c.kinds && $4::text[])
           AND (cardinality($5::uuid[]) = 0 OR COALESCE(c.organisation_id, c.employer_id) = ANY ($5::uuid[]))
           AND (cardinality($6::text[]) = 0 OR c.language = ANY ($6::text[]))
         ORDER BY c.id, (a.source = 'mina_sidor') DESC, a.collected_at DESC, a.id
       ),
       m AS (
         SELECT *, row_number() OVER (PARTITION BY address_key ORDER BY contact_id) - 1 AS copy FROM named
         WHERE $3 = 'everyone' OR EXISTS (
           SELECT FROM ledger_entry l WHERE l.address_key = named.address_key AND l.topic_id = $1::uuid
             AND l.kind IN ('grant', 'grant_pending'))
       )
       SELECT ${gateReason({
         topicId: '$1::uuid',
         channel: '$2::text',
         alreadySent: '(m.copy > 0)',
         capped: 'false',
         dispatchState: "'running'",
         windowEnd: 'NULL::timestamptz',
       })} AS reason, count(*) AS count
       FROM m JOIN contact c ON c.id = m.contact_id JOIN address a ON a.id = m.address_id
       JOIN topic t ON t.id = $1::uuid LEFT JOIN gate g ON g.address_key = a.address_key
       GROUP BY 1`,
      [topicId, channel, members, kinds, organisationIds, languages],
    ),
  );
}

function toCounts(rows: object[]): Counts {
  return Object.fromEntries(
    (rows as { reason: string | null; count: number }[]).map(({ reason, count }) => [
      reason ?? 'gets it',
      count,
    ]),
  );
}

export const KINDS = Object.keys(KIND_BITS) as ContactKind[];
