/**
 * A no that stands against all marketing, of the gate row g. Who has said yes to something since is left to that yes:
 * the provider's list knows no topics.
 */
const STANDS = `g.channel = 'email' AND g.no_all AND g.allowed = '{}' AND NOT g.erased`;

/** Whom the provider should block and, as far as we know, does not; of the gate row g. */
export const MISSING_THERE = `${STANDS}
  -- Without the plaintext nothing can be handed over, and after an erasure nothing shall.
  AND EXISTS (SELECT FROM address a WHERE a.address_key = g.address_key)
  AND NOT EXISTS (SELECT FROM provider_listed p WHERE p.list = 'unsubscribes' AND p.address_key = g.address_key)
  -- Nobody's address is handed over just to say no: SendGrid has been given it already (only it gives an id of its
  -- own for what it takes, and tells of it; what is under way, or unknown, it may have got).
  AND EXISTS (SELECT FROM message_status m WHERE m.address_key = g.address_key
    AND (m.provider_id IS NOT NULL OR m.event_rank > 0 OR m.state IN ('HANDED_OVER', 'UNKNOWN')))`;

export const MAKE_MARK = `
INSERT INTO feedback_mark (name, position) VALUES ('noes', 0) ON CONFLICT DO NOTHING`;

export const LOCK_MARK = `SELECT position FROM feedback_mark WHERE name = 'noes' FOR UPDATE`;

/** $1 after this position · $2 entries at most */
export const NEXT_STRETCH = `
SELECT max(position) AS until FROM (
  SELECT position FROM ledger_entry WHERE position > $1 ORDER BY position LIMIT $2) entries`;

export const MOVE_MARK = `UPDATE feedback_mark SET position = $1 WHERE name = 'noes'`;

/** $1 after this position · $2 up to this one · $3 now */
export const COLLECT_NEW = `
WITH said AS MATERIALIZED (
  SELECT address_key, contact_id FROM ledger_entry
  WHERE position > $1 AND position <= $2 AND kind = 'opt_out' AND scope <> 'topic'
), keys AS (
  SELECT address_key FROM said WHERE address_key IS NOT NULL
  UNION
  SELECT a.address_key FROM said JOIN address a ON a.contact_id = said.contact_id
)
INSERT INTO list_outbox (address_key, wanted_at, next_at)
SELECT g.address_key, $3, $3 FROM keys JOIN gate g ON g.address_key = keys.address_key
WHERE ${MISSING_THERE} ORDER BY g.address_key
ON CONFLICT DO NOTHING`;

/** $1 now */
export const COLLECT_MISSING = `
INSERT INTO list_outbox (address_key, wanted_at, next_at)
SELECT g.address_key, $1, $1 FROM gate g WHERE ${MISSING_THERE} ORDER BY g.address_key
ON CONFLICT DO NOTHING`;

/** What needs no mirror any more: erased meanwhile, or followed by a yes. */
export const DROP_MOOT = `
DELETE FROM list_outbox o
WHERE NOT EXISTS (SELECT FROM gate g WHERE g.address_key = o.address_key AND ${STANDS})
   OR NOT EXISTS (SELECT FROM address a WHERE a.address_key = o.address_key)`;

export interface Waiting {
  /** In hex. */
  key: string;
  email: string;
}

/** $1 now · $2 at most */
export const TAKE_DUE = `
SELECT encode(o.address_key, 'hex') AS key, a.value AS email
FROM list_outbox o
JOIN gate g ON g.address_key = o.address_key AND ${STANDS}
CROSS JOIN LATERAL (SELECT value FROM address WHERE address_key = o.address_key ORDER BY id LIMIT 1) a
WHERE o.next_at <= $1 ORDER BY o.next_at, o.address_key LIMIT $2`;

/** $1 keys · $2 now */
export const DONE = `
WITH done AS (DELETE FROM list_outbox WHERE address_key = ANY($1::bytea[]))
INSERT INTO provider_listed (list, address_key, listed_at, seen_at, ours)
SELECT 'unsubscribes', key, $2, $2, TRUE FROM unnest($1::bytea[]) AS key ORDER BY key
ON CONFLICT (list, address_key) DO UPDATE SET seen_at = EXCLUDED.seen_at`;

/** $1 keys · $2 now · $3 seconds that the provider asked for, or null · $4 the longest pause, in seconds */
export const TRY_LATER = `
UPDATE list_outbox SET attempts = attempts + 1,
  next_at = $2::timestamptz + make_interval(secs => COALESCE($3::float8, LEAST($4::float8, 15 * 2 ^ LEAST(attempts, 10))))
WHERE address_key = ANY($1::bytea[])`;

export interface OutboxState {
  waiting: number;
  oldestAt: Date | null;
}

export const OUTBOX_STATE = `
SELECT count(*) AS waiting, min(wanted_at) AS "oldestAt" FROM list_outbox`;
