import type { Channel } from '../../domain/address';
import { KIND_BITS } from '../../domain/audience';
import { standingCase } from '../../domain/gate';
import { gateColumns } from './gate-facts';

const KINDS = Object.entries(KIND_BITS)
  .map(([kind, bit]) => `CASE WHEN '${kind}' = ANY (c.kinds) THEN ${bit} ELSE 0 END`)
  .join(' + ');

/** For the topic `topic.id`; null is one that the person has no part in. */
const standing = (channel: Channel): string =>
  standingCase(
    gateColumns({
      topicId: 'topic.id',
      channel: `'${channel}'::text`,
      // Not asked by the rules of a standing.
      alreadySent: 'NULL',
      capped: 'NULL',
      dispatchState: 'NULL',
      windowEnd: 'NULL',
    }),
  );

const onChannel = (channel: Channel): string => `
LEFT JOIN LATERAL (
  SELECT a.id AS address_id,
    (SELECT left(letters, 1) || rtrim(substr(letters, 2), left(letters, 1))
     FROM (SELECT string_agg(${standing(channel)}, '') AS letters
           FROM unnest(CASE
             WHEN g.allowed || g.pending || g.withdrawn || g.no_topics <> '{}' THEN NULL::uuid || topics.ids
             ELSE ARRAY[NULL::uuid] END) AS topic(id)) AS said) AS standing,
    (SELECT rtrim(string_agg(CASE WHEN topic.id = ANY (ARRAY(
       SELECT l.topic_id FROM ledger_entry l
       WHERE l.address_key = a.address_key AND l.kind IN ('grant', 'grant_pending'))) THEN '1' ELSE '0' END, ''), '0')
     FROM unnest(topics.ids) AS topic(id)) AS agreed,
    g.paused_until IS NOT NULL OR COALESCE(g.fewer, false) OR EXISTS (
      SELECT FROM address other WHERE other.address_key = a.address_key AND other.contact_id <> c.id) AS slow
  FROM (SELECT * FROM address own WHERE own.contact_id = c.id AND own.channel = '${channel}'
        ORDER BY (own.source = 'mina_sidor') DESC, own.collected_at DESC, own.id LIMIT 1) AS a
  LEFT JOIN gate g ON g.address_key = a.address_key
) AS ${channel} ON true`;

/**
 * Body of the database's function reach_now(ids): the rows of reach as they should be now. Made from the gate's own
 * rules; a migration holds a copy, and a test holds the two equal. Its parts are told apart by their aliases, so
 * that the rules read `g`, `c` and `a` as they do everywhere.
 */
export const REACH_NOW = `
WITH topics AS MATERIALIZED (
  SELECT ARRAY(SELECT t.id FROM generate_series(1, (SELECT max(number) FROM topic)) AS place
               LEFT JOIN topic t ON t.number = place ORDER BY place) AS ids
)
SELECT c.id, (${KINDS})::smallint, c.language, c.city, COALESCE(c.organisation_id, c.employer_id), c.created_at,
  NOT c.minor
    AND NOT EXISTS (SELECT FROM gate g WHERE g.contact_id = c.id AND (g.no_all OR g.restricted OR g.erased))
    AND NOT EXISTS (SELECT FROM address a JOIN gate g ON g.address_key = a.address_key
                    WHERE a.contact_id = c.id AND (g.no_all OR g.restricted OR g.erased)),
  email.address_id, COALESCE(email.standing, ''), COALESCE(email.agreed, ''), COALESCE(email.slow, false),
  sms.address_id, COALESCE(sms.standing, ''), COALESCE(sms.agreed, ''), COALESCE(sms.slow, false)
FROM contact c
CROSS JOIN topics${onChannel('email')}${onChannel('sms')}
WHERE c.id = ANY (reach_now.ids) AND c.merged_into_id IS NULL`;
