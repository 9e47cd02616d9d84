import { audienceCondition } from '../../domain/audience';
import { cappedContacts, cappedUntil } from '../registry/marketing-cap';
import { gateReason, messageReason } from './gate-facts';

/**
 * One slice of the audience in one statement: a message row for every contact the audience names, also
 * those the gate refuses (WITHHELD with its reason), the rest as their batch is, PLANNED; batches are cut along
 * the address key. A message's id is the run's time, some of the run's randomness, and the message's number in
 * it: all of a run lie in one month's partition, and those of a batch side by side.
 * $1 dispatch · $2 cursor (contact id or null) · $3 contacts in the slice · $4 batch size ·
 * $5–$8 audience · $9–$10 the cap. Returns one row: last contact (null = no more), messages written, batches made.
 */
export const MATERIALISE_SLICE = `
WITH d AS (
  SELECT *, (id_head || repeat('0', 10))::uuid AS first_id, (id_head || repeat('f', 10))::uuid AS last_id
  FROM (SELECT *, left(replace(id::text, '-', ''), 16) || '8' || substr(replace(id::text, '-', ''), 18, 5) AS id_head
        FROM dispatch WHERE id = $1) run
),
slice AS (
  SELECT c.* FROM contact c
  WHERE ($2::uuid IS NULL OR c.id > $2::uuid) AND c.merged_into_id IS NULL
  ORDER BY c.id LIMIT $3
),
chosen AS (
  SELECT DISTINCT ON (c.id) c.id AS contact_id, a.id AS address_id, a.address_key
  FROM d CROSS JOIN slice c JOIN address a ON a.contact_id = c.id AND a.channel = d.channel
  WHERE ${audienceCondition(5, 'd.topic_id')}
  ORDER BY c.id, (a.source = 'mina_sidor') DESC, a.collected_at DESC, a.id
),
numbered AS (
  SELECT n.*, (row_number() OVER (PARTITION BY n.address_key ORDER BY n.contact_id) - 1
    + (SELECT count(*) FROM message earlier
       WHERE earlier.dispatch_id = $1 AND earlier.address_key = n.address_key
         AND earlier.id BETWEEN d.first_id AND d.last_id))::smallint AS copy
  FROM d CROSS JOIN chosen n
),
decided AS (
  SELECT m.*, g.epoch, g.no_seq, ${messageReason(9)} AS reason
  FROM d CROSS JOIN numbered m
  JOIN contact c ON c.id = m.contact_id
  JOIN address a ON a.id = m.address_id
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
  RETURNING 1
)
SELECT (SELECT id FROM slice ORDER BY id DESC LIMIT 1) AS "cursor",
       (SELECT count(*) FROM slice) AS "contacts",
       (SELECT count(*) FROM written) AS "written",
       COALESCE((SELECT array_agg(id ORDER BY number) FROM made), '{}') AS "batches"`;

/**
 * What would happen now: people by reason (null = gets it). $1 topic · $2 channel · $3–$6 audience · $7–$8 the cap. Everybody is
 * read once; only those with several addresses, or with one that others have too, are put in order.
 */
export const COUNT_BY_REASON = `
WITH several AS MATERIALIZED (SELECT contact_id FROM address GROUP BY 1 HAVING count(*) > 1),
doubled AS MATERIALIZED (SELECT address_key FROM address GROUP BY 1 HAVING count(*) > 1),
rival AS (
  SELECT DISTINCT ON (c.id) c.id AS contact_id, a.id AS address_id, a.address_key
  FROM contact c JOIN address a ON a.contact_id = c.id AND a.channel = $2
  WHERE c.merged_into_id IS NULL AND ${audienceCondition(3, '$1::uuid')}
    AND (c.id IN (SELECT contact_id FROM several) OR a.address_key IN (SELECT address_key FROM doubled))
  ORDER BY c.id, (a.source = 'mina_sidor') DESC, a.collected_at DESC, a.id
),
ranked AS MATERIALIZED (
  SELECT address_id, row_number() OVER (PARTITION BY address_key ORDER BY contact_id) - 1 AS copy FROM rival
)
SELECT ${gateReason({
  topicId: '$1::uuid',
  channel: '$2::text',
  alreadySent: '(a.id IN (SELECT address_id FROM ranked WHERE copy > 0))',
  capped: `(c.id IN ${cappedContacts(7)})`,
  dispatchState: "'running'",
  windowEnd: 'NULL::timestamptz',
})} AS "reason", count(*) AS "count"
FROM contact c
JOIN address a ON a.contact_id = c.id AND a.channel = $2
JOIN topic t ON t.id = $1::uuid
LEFT JOIN gate g ON g.address_key = a.address_key
WHERE c.merged_into_id IS NULL AND ${audienceCondition(3, '$1::uuid')}
  AND (c.id NOT IN (SELECT contact_id FROM several) OR a.id IN (SELECT address_id FROM ranked))
GROUP BY 1`;

const someWhoGetIt = (also: string) => `(
  SELECT c.id, row_number() OVER (ORDER BY c.id DESC) AS turn
  FROM contact c
  CROSS JOIN LATERAL (
    SELECT c.id AS contact_id, a.id AS address_id, a.address_key FROM address a
    WHERE a.contact_id = c.id AND a.channel = $2 AND ${audienceCondition(3, '$1::uuid')}
    ORDER BY (a.source = 'mina_sidor') DESC, a.collected_at DESC, a.id LIMIT 1
  ) m
  JOIN address a ON a.id = m.address_id
  JOIN topic t ON t.id = $1::uuid
  LEFT JOIN gate g ON g.address_key = m.address_key
  WHERE c.merged_into_id IS NULL AND ${also} AND ${gateReason({
    topicId: '$1::uuid',
    channel: '$2::text',
    alreadySent: 'false',
    capped: `(${cappedUntil('c.id', 8)} IS NOT NULL)`,
    dispatchState: "'running'",
    windowEnd: 'NULL::timestamptz',
  })} IS NULL
  ORDER BY c.id DESC LIMIT $7)`;

/**
 * Some who would get it now, newest first, by turns one whose name is known and one whose is not. Stops at the
 * first few. $1 topic · $2 channel · $3–$6 audience · $7 how many · $8–$9 the cap
 */
export const SOME_WHO_GET_IT = `
SELECT id FROM (
  SELECT *, true AS named FROM ${someWhoGetIt("c.first_name <> ''")} n
  UNION ALL
  SELECT *, false FROM ${someWhoGetIt("COALESCE(c.first_name, '') = ''")} u
) few
ORDER BY turn, named DESC LIMIT $7`;
