import { KIND_BITS } from '../../domain/audience';
import { standingCase } from '../../domain/gate';
import { gateColumns } from './gate-facts';

const KINDS = Object.entries(KIND_BITS)
  .map(([kind, bit]) => `CASE WHEN '${kind}' = ANY (c.kinds) THEN ${bit} ELSE 0 END`)
  .join(' + ');

/** For the topic `topic.id`; null is one that the person has no part in. */
const STANDING = standingCase(
  gateColumns({
    topicId: 'topic.id',
    channel: 'a.channel',
    // Not asked by the rules of a standing.
    alreadySent: 'NULL',
    capped: 'NULL',
    dispatchState: 'NULL',
    windowEnd: 'NULL',
  }),
);

const onChannel = (channel: string): string => {
  const best = `FILTER (WHERE best = '${channel}')`;
  return `(array_agg(address_id) ${best})[1], COALESCE(max(standing) ${best}, ''),
  COALESCE(max(agreed) ${best}, ''), COALESCE(bool_or(slow) ${best}, false)`;
};

/**
 * Body of the database's function reach_now(ids): the rows of reach as they should be now. Made from the gate's own
 * rules; a migration holds a copy, and a test holds the two equal. Its parts are told apart by their aliases, so
 * that the rules read `g`, `c` and `a` as they do everywhere. All people together are looked up in one pass over each
 * index, and joined afterwards; asked person by person it took half as long again.
 */
export const REACH_NOW = `
WITH topics AS MATERIALIZED (
  SELECT ARRAY(SELECT t.id FROM generate_series(1, (SELECT max(number) FROM topic)) AS place
               LEFT JOIN topic t ON t.number = place ORDER BY place) AS ids
),
own AS MATERIALIZED (SELECT * FROM address WHERE contact_id = ANY (reach_now.ids)),
keys AS MATERIALIZED (SELECT ARRAY(SELECT address_key FROM own) AS keys),
gates AS MATERIALIZED (SELECT * FROM gate WHERE address_key = ANY ((SELECT keys FROM keys)::bytea[])),
-- By person too: an objection at an address that they had once is theirs still.
objected AS MATERIALIZED (
  SELECT contact_id, bool_or(restricted OR erased) AS held FROM gate
  WHERE contact_id = ANY (reach_now.ids) AND (no_all OR restricted OR erased)
  GROUP BY contact_id
),
granted AS MATERIALIZED (
  SELECT address_key, array_agg(topic_id) AS ids FROM ledger_entry
  WHERE address_key = ANY ((SELECT keys FROM keys)::bytea[]) AND kind IN ('grant', 'grant_pending')
  GROUP BY address_key
),
others AS MATERIALIZED (
  SELECT address_key FROM address WHERE address_key = ANY ((SELECT keys FROM keys)::bytea[])
  GROUP BY address_key HAVING count(DISTINCT contact_id) > 1
)
SELECT id, kinds, language, city_key, organisation_id, created_at, NOT minor AND NOT bool_or(objected),
  ${onChannel('email')},
  ${onChannel('sms')},
  bool_or(held), title_key
FROM (
  SELECT c.id, (${KINDS})::smallint AS kinds, c.language, lower(c.city) AS city_key, lower(c.title) AS title_key,
     COALESCE(c.organisation_id, c.employer_id) AS organisation_id, c.created_at, c.minor,
    COALESCE(g.no_all OR g.restricted OR g.erased, false) OR o.contact_id IS NOT NULL AS objected,
    COALESCE(g.restricted OR g.erased, false) OR COALESCE(o.held, false) AS held,
    a.id AS address_id,
    CASE WHEN row_number() OVER (PARTITION BY c.id, a.channel
      ORDER BY (a.source = 'mina_sidor') DESC, a.collected_at DESC, a.id) = 1 THEN a.channel END AS best,
    (SELECT left(letters, 1) || rtrim(substr(letters, 2), left(letters, 1))
     FROM (SELECT string_agg(${STANDING}, '') AS letters
           FROM unnest(CASE
             WHEN g.allowed || g.pending || g.withdrawn || g.no_topics <> '{}' THEN NULL::uuid || topics.ids
             ELSE ARRAY[NULL::uuid] END) AS topic(id)) AS said) AS standing,
    CASE WHEN l.ids IS NOT NULL THEN (
      SELECT rtrim(string_agg(CASE WHEN topic.id = ANY (l.ids) THEN '1' ELSE '0' END, ''), '0')
      FROM unnest(topics.ids) AS topic(id)) END AS agreed,
    g.paused_until IS NOT NULL OR COALESCE(g.fewer, false) OR other.address_key IS NOT NULL AS slow
  FROM contact c
  CROSS JOIN topics
  LEFT JOIN own a ON a.contact_id = c.id
  LEFT JOIN gates g ON g.address_key = a.address_key
  LEFT JOIN objected o ON o.contact_id = c.id
  LEFT JOIN granted l ON l.address_key = a.address_key
  LEFT JOIN others other ON other.address_key = a.address_key
  WHERE c.id = ANY (reach_now.ids) AND c.merged_into_id IS NULL
) AS told
GROUP BY id, kinds, language, city_key, title_key, organisation_id, created_at, minor`;
