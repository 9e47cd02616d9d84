import type { Channel } from '../../domain/address';
import { after, type Condition } from '../../domain/condition';
import { offersFor } from '../../domain/offers/offers-to-sql';
import { STANDING_RULES, STANDING_YES } from '../../domain/gate';
import { STORE_OFFERS } from '../contacts/learning/offers/offers.queries';
import { cappedContacts, cappedUntil } from '../registry/marketing-cap';
import { gateReason, messageReason } from './gate-facts';

/**
 * One slice of the audience in one statement: a message row for every contact the audience names, also
 * those the gate refuses (WITHHELD with its reason), the rest as their batch is, PLANNED; batches are cut along
 * the address key. Reach says whom and where to; the gate row itself decides. A message's id is the run's time,
 * some of the run's randomness, and the message's number in it: all of a run lie in one month's partition, and
 * those of a batch side by side.
 * $1 dispatch · $2 cursor (contact id or null) · $3 contacts in the slice · $4 batch size ·
 * $5–$6 the cap · from $7 `who`. With `offers` only those get a row to whom there is something to recommend, and it is
 * kept with their message. Returns one row: last contact (null = no more), messages written, batches made.
 */
export const materialiseSlice = (channel: Channel, who: Condition, offers = 0): string => `
WITH d AS (
  SELECT *, (id_head || repeat('0', 10))::uuid AS first_id, (id_head || repeat('f', 10))::uuid AS last_id
  FROM (SELECT *, left(replace(id::text, '-', ''), 16) || '8' || substr(replace(id::text, '-', ''), 18, 5) AS id_head
        FROM dispatch WHERE id = $1) run
),
slice AS MATERIALIZED (
  SELECT * FROM reach
  WHERE $2::uuid IS NULL OR contact_id > $2::uuid
  ORDER BY contact_id LIMIT $3
),
${offers > 0 ? `offers AS MATERIALIZED (${offersFor(reached(channel, who), offers)}),` : ''}
named AS (
  SELECT r.contact_id, a.id AS address_id, a.address_key, a.source
  FROM slice r JOIN address a ON a.id = r.${channel}_address_id
  WHERE (${after(6, who).text}) ${offers > 0 ? 'AND r.contact_id IN (SELECT contact_id FROM offers)' : ''}
),
numbered AS (
  SELECT n.*, (row_number() OVER (PARTITION BY n.address_key ORDER BY n.contact_id) - 1
    + (SELECT count(*) FROM message earlier
       WHERE earlier.dispatch_id = $1 AND earlier.address_key = n.address_key
         AND earlier.id BETWEEN d.first_id AND d.last_id))::smallint AS copy
  FROM d CROSS JOIN named n
),
decided AS (
  SELECT m.*, g.epoch, g.no_seq, ${messageReason(5)} AS reason
  FROM d CROSS JOIN numbered m CROSS JOIN LATERAL (SELECT m.source) a
  JOIN contact c ON c.id = m.contact_id
  JOIN topic t ON t.id = d.topic_id
  LEFT JOIN gate g ON g.address_key = m.address_key
),
placed AS (
  SELECT decided.*, row_number() OVER (ORDER BY reason IS NOT NULL, address_key, copy) AS ordinal,
    CASE WHEN reason IS NULL THEN
      (row_number() OVER (ORDER BY reason IS NOT NULL, address_key, copy) - 1) / $4::int
    END AS place
  FROM decided
),
made AS (
  INSERT INTO batch (id, dispatch_id, number, state)
  SELECT new_id(), $1,
    COALESCE((SELECT max(number) FROM batch WHERE dispatch_id = $1), -1) + 1 + place, 'PLANNED'
  FROM (SELECT DISTINCT place FROM placed WHERE place IS NOT NULL) places
  RETURNING id, number
),
first_number AS (SELECT min(number) AS number FROM made),
written AS (
  INSERT INTO message (id, dispatch_id, batch_id, contact_id, address_id, address_key, copy,
                       state, reason, reason_seq, epoch, decided_at)
  SELECT (d.id_head || lpad(to_hex(d.audience + p.ordinal), 10, '0'))::uuid, $1, made.id, p.contact_id,
    p.address_id, p.address_key, p.copy, CASE WHEN p.reason IS NOT NULL THEN 'WITHHELD' END, p.reason,
    CASE WHEN p.reason LIKE 'suppressed%' THEN p.no_seq END, p.epoch, statement_timestamp()
  FROM d CROSS JOIN placed p LEFT JOIN made ON made.number = (SELECT number FROM first_number) + p.place
  RETURNING ${offers > 0 ? 'id, contact_id, reason' : '1'}
)${offers > 0 ? `,${STORE_OFFERS}` : ''}
SELECT (SELECT contact_id FROM slice ORDER BY contact_id DESC LIMIT 1) AS "cursor",
       (SELECT count(*) FROM slice) AS "contacts",
       (SELECT count(*) FROM written) AS "written",
       COALESCE((SELECT array_agg(id ORDER BY number) FROM made), '{}') AS "batches"`;

/** Of the slice, those of the audience who may be profiled. */
const reached = (channel: Channel, who: Condition): string => `
  SELECT r.contact_id, r.organisation_id FROM slice r
  WHERE r.profiled AND r.${channel}_address_id IS NOT NULL AND (${after(6, who).text})`;

/** Before there is a run: the gate's reason for the topic $1. */
const reasonNow = (channel: Channel, alreadySent: string, capped: string): string =>
  gateReason({
    topicId: '$1::uuid',
    channel: `'${channel}'::text`,
    alreadySent,
    capped,
    dispatchState: "'running'",
    windowEnd: 'NULL::timestamptz',
  });

const STANDINGS = `ARRAY[${STANDING_RULES.map(({ reason }) => `'${reason}'`).join(', ')}]`;

/** The letter of the topic `t` in a standing. */
const letter = (standing: string): string =>
  `COALESCE(NULLIF(substr(${standing}, t.number + 1, 1), ''), left(${standing}, 1))`;

/**
 * What would happen now: people by reason (null = gets it). $1 topic · $2–$3 the cap, when there is one · then `who`.
 * Everybody is read once: the many are counted by what reach says of them, equal standings together, and only then each
 * standing is read; those of whom reach does not say all are set apart and asked of the gate one by one.
 */
export function countByReason(channel: Channel, who: Condition, withCap = false): string {
  const { text } = after(withCap ? 3 : 1, who);
  const capped = (contact: string) =>
    withCap ? `${contact} IN (SELECT contact_id FROM capped)` : 'false';
  return `
WITH t AS (
  SELECT *, COALESCE(assessed_at > statement_timestamp() - interval '12 months', false) AS assessed
  FROM topic WHERE id = $1::uuid
),
${withCap ? `capped AS MATERIALIZED ${cappedContacts(2)},` : ''}
standing AS MATERIALIZED (
  SELECT r.${channel}_standing AS letters, count(*) AS people,
    COALESCE(array_agg(r.contact_id) FILTER (WHERE r.${channel}_slow OR ${capped('r.contact_id')}), '{}') AS slow
  FROM reach r WHERE r.${channel}_address_id IS NOT NULL AND (${text})
  GROUP BY 1
),
slow AS MATERIALIZED (
  SELECT s.contact_id, a.id AS address_id, ${capped('s.contact_id')} AS capped,
    row_number() OVER (PARTITION BY a.address_key ORDER BY s.contact_id) - 1 AS copy
  FROM (SELECT unnest(slow) AS contact_id FROM standing) s
  JOIN reach r USING (contact_id) JOIN address a ON a.id = r.${channel}_address_id
)
SELECT reason AS "reason", sum(people)::bigint AS "count" FROM (
  SELECT CASE WHEN said = '${STANDING_YES}' THEN CASE WHEN NOT assessed THEN 'purpose_not_assessed' END
    ELSE COALESCE((${STANDINGS})[ascii(said) - 96], 'ledger_unavailable') END AS reason, people
  FROM (SELECT ${letter('letters')} AS said, people - cardinality(slow) AS people, t.assessed
        FROM standing CROSS JOIN t WHERE people > cardinality(slow)) AS told
  UNION ALL
  SELECT ${reasonNow(channel, '(m.copy > 0)', 'm.capped')}, 1
  FROM slow m
  JOIN contact c ON c.id = m.contact_id
  JOIN address a ON a.id = m.address_id
  JOIN topic t ON t.id = $1::uuid
  LEFT JOIN gate g ON g.address_key = a.address_key
) AS everybody
GROUP BY 1`;
}

const someOf = (channel: Channel, who: Condition, also: string): string => `(
  SELECT c.id, row_number() OVER (ORDER BY c.id DESC) AS turn
  FROM reach r
  JOIN contact c ON c.id = r.contact_id
  JOIN address a ON a.id = r.${channel}_address_id
  JOIN topic t ON t.id = $1::uuid
  LEFT JOIN gate g ON g.address_key = a.address_key
  WHERE (r.${channel}_slow OR ${letter(`r.${channel}_standing`)} = '${STANDING_YES}') AND (${after(4, who).text})
    AND ${also} AND ${reasonNow(channel, 'false', `(${cappedUntil('c.id', 3)} IS NOT NULL)`)} IS NULL
  ORDER BY r.contact_id DESC LIMIT $2)`;

/**
 * Some who would get it now, newest first, by turns one whose name is known and one whose is not. Stops at the
 * first few. $1 topic · $2 how many · $3–$4 the cap · from $5 `who`
 */
export const someWhoGetIt = (channel: Channel, who: Condition): string => `
SELECT id FROM (
  SELECT *, true AS named FROM ${someOf(channel, who, "c.first_name <> ''")} n
  UNION ALL
  SELECT *, false FROM ${someOf(channel, who, "COALESCE(c.first_name, '') = ''")} u
) few
ORDER BY turn, named DESC LIMIT $2`;
