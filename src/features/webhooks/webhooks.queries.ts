import { STRONG_METHODS } from '../../domain/registry-state';
import { constants } from '../../platform/database/arrays';

/** A mark is made where the ledger ends: nobody is told of what was before. */
export const MAKE_MARK = `
INSERT INTO webhook_mark (name, position)
SELECT 'ledger', COALESCE(max(position), 0) FROM ledger_entry ON CONFLICT DO NOTHING`;

export const LOCK_MARK = `SELECT position FROM webhook_mark WHERE name = 'ledger' FOR UPDATE`;

/** $1 after this position · $2 entries at most */
export const NEXT_STRETCH = `
SELECT max(position) AS until FROM (
  SELECT position FROM ledger_entry WHERE position > $1 ORDER BY position LIMIT $2) entries`;

export const MOVE_MARK = `UPDATE webhook_mark SET position = $1 WHERE name = 'ledger'`;

const STRONG = constants(STRONG_METHODS);

/** A strong yes to what was under a no that no other strong yes to it had lifted; of the entry e. */
const LIFTS = `e.kind = 'grant' AND e.method IN (${STRONG}) AND EXISTS (
  SELECT FROM ledger_entry no
  WHERE no.kind = 'opt_out' AND no.seq < e.seq AND (no.address_key = e.address_key OR no.contact_id = e.contact_id)
    AND (no.scope <> 'topic' OR no.topic_id = e.topic_id)
    AND (no.scope = 'all' OR no.channel IS NULL OR no.channel = e.channel)
    AND NOT EXISTS (SELECT FROM ledger_entry yes
      WHERE yes.address_key = e.address_key AND yes.topic_id = e.topic_id AND yes.kind = 'grant'
        AND yes.method IN (${STRONG}) AND yes.seq > no.seq AND yes.seq < e.seq))`;

/** What other systems want to know of a stretch of the ledger. $1 after this position · $2 up to this one */
export const COLLECT_ENTRIES = `
INSERT INTO webhook_delivery (id, endpoint_id, event_id, type, payload, created_at, next_at)
SELECT new_id(), p.id, e.id, told.type,
  jsonb_build_object('type', told.type, 'timestamp', e.at, 'data', jsonb_build_object(
    'position', e.position, 'entryId', e.id, 'contactId', e.contact_id, 'externalId', c.external_id,
    'addressKey', encode(e.address_key, 'hex'), 'channel', e.channel, 'scope', e.scope, 'topic', t.key, 'door', e.door)),
  clock_timestamp(), clock_timestamp()
FROM ledger_entry e
CROSS JOIN LATERAL (
  SELECT 'opt_out.recorded' AS type WHERE e.kind = 'opt_out'
  UNION ALL SELECT 'consent.recorded' WHERE e.kind = 'grant'
  UNION ALL SELECT 'opt_out.lifted' WHERE ${LIFTS}
  UNION ALL SELECT 'tracking.ended' WHERE e.kind = 'untrack'
) told
JOIN webhook_endpoint p ON told.type = ANY (p.events) AND p.created_at <= e.at
LEFT JOIN topic t ON t.id = e.topic_id
LEFT JOIN contact c ON c.id = e.contact_id
WHERE e.position > $1 AND e.position <= $2 AND e.kind IN ('opt_out', 'grant', 'untrack')
ON CONFLICT DO NOTHING`;

/** Runs that have ended; looked back at for longer than anything here can stand still, and told of once. */
export const COLLECT_RUNS = `
INSERT INTO webhook_delivery (id, endpoint_id, event_id, type, payload, created_at, next_at)
SELECT new_id(), p.id, d.id, 'campaign.finished',
  jsonb_build_object('type', 'campaign.finished', 'timestamp', d.finished_at, 'data', jsonb_build_object(
    'campaignId', d.campaign_id, 'state', d.state, 'channel', d.channel, 'audience', d.audience)),
  clock_timestamp(), clock_timestamp()
FROM dispatch d JOIN webhook_endpoint p ON 'campaign.finished' = ANY (p.events) AND p.created_at <= d.finished_at
WHERE d.state IN ('finished', 'cancelled', 'expired') AND d.finished_at > clock_timestamp() - interval '14 days'
ON CONFLICT DO NOTHING`;

export const MAKE_CLICK_MARK = `
INSERT INTO webhook_mark (name, position)
SELECT 'clicks', extract(epoch FROM clock_timestamp()) * 1000 ON CONFLICT DO NOTHING`;

/** How far to look this time, asked before looking. */
export const LOCK_CLICK_MARK = `
SELECT position, (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS until
FROM webhook_mark WHERE name = 'clicks' FOR UPDATE`;

export const MOVE_CLICK_MARK = `UPDATE webhook_mark SET position = $1 WHERE name = 'clicks'`;

/**
 * Clicks that are kept at all, which is while the person agrees to it; what is told of them goes with that consent. Each
 * is told of once, so a stretch begins a minute before the last one's end, for what was committed late. $1 milliseconds
 */
export const COLLECT_CLICKS = `
INSERT INTO webhook_delivery (id, endpoint_id, event_id, type, payload, consent_of, created_at, next_at)
SELECT new_id(), p.id, md5(k.message_id || k.code)::uuid, 'link.clicked',
  jsonb_build_object('type', 'link.clicked', 'timestamp', k.at, 'data', jsonb_build_object(
    'contactId', k.contact_id, 'externalId', c.external_id, 'campaignId', k.campaign_id, 'url', link.url)),
  k.contact_id, clock_timestamp(), clock_timestamp()
FROM contact_click k
JOIN webhook_endpoint p ON 'link.clicked' = ANY (p.events) AND p.created_at <= k.at
JOIN campaign_link link ON link.code = k.code
JOIN contact c ON c.id = k.contact_id
WHERE k.at > to_timestamp($1::bigint / 1000.0) - interval '1 minute'
ON CONFLICT DO NOTHING`;

/** A try is under way for a minute at most: a worker that dies leaves it to the next one. $1 how many at most */
export const TAKE_DUE = `
WITH due AS (
  SELECT d.id FROM webhook_delivery d JOIN webhook_endpoint p ON p.id = d.endpoint_id
  WHERE d.next_at <= clock_timestamp() AND p.paused_at IS NULL
  ORDER BY d.next_at LIMIT $1 FOR UPDATE OF d SKIP LOCKED
)
UPDATE webhook_delivery d SET next_at = clock_timestamp() + interval '1 minute', attempts = attempts + 1
FROM due, webhook_endpoint p WHERE d.id = due.id AND p.id = d.endpoint_id
RETURNING d.id, d.endpoint_id AS "endpointId", d.attempts, d.payload::text AS body, p.url, p.generation,
  COALESCE(p.previous_until > clock_timestamp(), false) AS "previousToo"`;

/** $1 delivery · $2 status · $3 answer */
export const DELIVERED = `
WITH done AS (
  UPDATE webhook_delivery SET delivered_at = clock_timestamp(), tried_at = clock_timestamp(), next_at = NULL,
    status = $2, answer = $3
  WHERE id = $1 RETURNING endpoint_id)
UPDATE webhook_endpoint SET failing_since = NULL FROM done
WHERE id = done.endpoint_id AND failing_since IS NOT NULL`;

/**
 * Tried for three days; an endpoint that fails for as long, or says that it is gone (410), is paused, and what it
 * was not told waits. $1 delivery · $2 status · $3 answer · $4 seconds to wait
 */
export const FAILED = `
WITH tried AS (
  UPDATE webhook_delivery SET tried_at = clock_timestamp(), status = $2::int, answer = $3,
    next_at = CASE WHEN $4::float8 IS NOT NULL AND created_at > clock_timestamp() - interval '3 days'
      THEN clock_timestamp() + make_interval(secs => $4::float8) END
  WHERE id = $1 RETURNING endpoint_id)
UPDATE webhook_endpoint SET failing_since = COALESCE(failing_since, clock_timestamp()),
  paused_at = CASE WHEN $2::int = 410 OR failing_since < clock_timestamp() - interval '3 days'
    THEN COALESCE(paused_at, clock_timestamp()) ELSE paused_at END
FROM tried WHERE id = tried.endpoint_id AND $4::float8 IS NOT NULL`;

export const FORGET = `DELETE FROM webhook_delivery WHERE created_at < clock_timestamp() - interval '30 days'`;

const DELIVERY = `d.id, d.type, d.created_at AS "createdAt", d.attempts, d.tried_at AS "triedAt",
  d.delivered_at AS "deliveredAt", d.next_at AS "nextAt", d.status, d.answer`;

/** $1 one endpoint, or null for all */
export const ENDPOINTS = `
SELECT p.id, p.url, p.events, p.created_at AS "createdAt", p.failing_since AS "failingSince", p.paused_at AS "pausedAt",
  CASE WHEN p.previous_until > clock_timestamp() THEN p.previous_until END AS "previousUntil",
  (SELECT count(*) FROM webhook_delivery d
   WHERE d.endpoint_id = p.id AND d.delivered_at IS NULL AND d.next_at IS NOT NULL) AS waiting,
  (SELECT to_jsonb(l) FROM (SELECT ${DELIVERY} FROM webhook_delivery d
   WHERE d.endpoint_id = p.id AND d.tried_at IS NOT NULL ORDER BY d.tried_at DESC LIMIT 1) l) AS last
FROM webhook_endpoint p WHERE $1::uuid IS NULL OR p.id = $1 ORDER BY p.created_at, p.id`;

/** $1 endpoint */
export const DELIVERIES = `
SELECT ${DELIVERY} FROM webhook_delivery d WHERE d.endpoint_id = $1 ORDER BY d.created_at DESC, d.id DESC LIMIT 100`;

/** $1 delivery */
export const DELIVERY_OF = `SELECT ${DELIVERY} FROM webhook_delivery d WHERE d.id = $1`;

/** All that was never delivered is sent now. $1 endpoint */
export const RESUME = `
UPDATE webhook_delivery SET next_at = clock_timestamp()
WHERE endpoint_id = $1 AND delivered_at IS NULL AND type <> 'webhook.test'`;

/** $1 delivery · $2 its endpoint */
export const SEND_AGAIN = `
UPDATE webhook_delivery SET next_at = clock_timestamp() WHERE id = $1 AND endpoint_id = $2 RETURNING id`;

/** $1 delivery · $2 endpoint. Never due by itself: whoever asks sends it at once. */
export const MAKE_TEST = `
INSERT INTO webhook_delivery (id, endpoint_id, event_id, type, payload, created_at, attempts)
SELECT $1, p.id, $1, 'webhook.test',
  jsonb_build_object('type', 'webhook.test', 'timestamp', clock_timestamp(), 'data', '{}'::jsonb), clock_timestamp(), 1
FROM webhook_endpoint p WHERE p.id = $2
RETURNING id`;

/** $1 delivery */
export const ORDER_OF = `
SELECT d.id, d.attempts, d.payload::text AS body, p.id AS "endpointId", p.url, p.generation,
  COALESCE(p.previous_until > clock_timestamp(), false) AS "previousToo"
FROM webhook_delivery d JOIN webhook_endpoint p ON p.id = d.endpoint_id WHERE d.id = $1`;
