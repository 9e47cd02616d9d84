import { MESSAGE_REASON } from './gate-facts';

/**
 * Takes a batch that waits, or whose worker died (its lease ran out). A claim is only a token; it may be
 * lost or taken over at any time, because the permit asks for it again under lock.
 * $1 batch · $2 new token · $3 lease in seconds
 */
export const CLAIM_BATCH = `
UPDATE batch SET state = 'CLAIMED', token = $2, lease_until = clock_timestamp() + make_interval(secs => $3),
  retry_at = NULL
WHERE id = $1 AND state = 'PLANNED' AND (retry_at IS NULL OR retry_at <= clock_timestamp())
  AND EXISTS (SELECT 1 FROM dispatch d WHERE d.id = batch.dispatch_id AND d.state = 'running'
                AND d.materialised_at IS NOT NULL)
RETURNING dispatch_id AS "dispatchId"`;

/** Messages whose wait is over go back to PLANNED; provably nothing of them was sent. $1 batch */
export const WAKE_RETRIES = `
UPDATE message SET state = 'PLANNED', retry_at = NULL, token = NULL
WHERE batch_id = $1 AND state = 'RETRY_WAIT' AND retry_at <= clock_timestamp()`;

/** What rendering needs of each planned message. $1 batch · $2 at most */
export const PLANNED_MESSAGES = `
SELECT m.id, m.attempts, m.address_key AS "addressKey", m.contact_id AS "contactId", a.value AS "to", a.source,
       c.first_name AS "firstName", c.last_name AS "lastName", c.title, c.city, c.language,
       c.attested_by AS employer, o.name AS "organisationName", o.city AS "organisationCity"
FROM message m
LEFT JOIN address a ON a.id = m.address_id
LEFT JOIN contact c ON c.id = m.contact_id
LEFT JOIN organisation o ON o.id = c.organisation_id
WHERE m.batch_id = $1 AND m.state = 'PLANNED'
ORDER BY m.address_key LIMIT $2`;

/** Permit 1: the run still runs. A pause or a cancel waits for us, or we see it. $1 dispatch */
export const LOCK_DISPATCH = `SELECT state FROM dispatch WHERE id = $1 FOR SHARE`;

/** Permit 2: the batch is still ours. $1 batch · $2 token */
export const LOCK_BATCH = `SELECT 1 FROM batch WHERE id = $1 AND token = $2 AND state = 'CLAIMED' FOR UPDATE`;

/**
 * Permit 3: every address's gate row, FOR SHARE, in key order (no deadlocks). An opt-out updates the same
 * row, so either it waits for our commit or we wait for its and then read it. Not FOR KEY SHARE, which an
 * update does not wait for. $1 keys
 */
export const LOCK_GATES = `SELECT address_key FROM gate WHERE address_key = ANY($1::bytea[]) ORDER BY address_key FOR SHARE`;

/**
 * Permit 4, a statement of its own: its snapshot is younger than the locks, so everything acknowledged is seen.
 * $1 messages · $2 token · $3 seconds until the outcome must be known
 */
export const DECIDE = `
WITH decided AS (
  SELECT m.id, g.epoch, g.no_seq, ${MESSAGE_REASON} AS reason
  FROM message m
  JOIN dispatch d ON d.id = m.dispatch_id
  JOIN topic t ON t.id = d.topic_id
  LEFT JOIN contact c ON c.id = m.contact_id
  LEFT JOIN address a ON a.id = m.address_id
  LEFT JOIN gate g ON g.address_key = m.address_key
  WHERE m.id = ANY($1::uuid[]) AND m.state = 'PLANNED'
)
UPDATE message m SET
  state = CASE WHEN decided.reason IS NULL THEN 'HANDED_OVER' ELSE 'WITHHELD' END,
  reason = decided.reason,
  reason_seq = CASE WHEN decided.reason LIKE 'suppressed%' THEN decided.no_seq END,
  epoch = decided.epoch,
  decided_at = clock_timestamp(),
  token = $2,
  permit_at = CASE WHEN decided.reason IS NULL THEN clock_timestamp() END,
  settle_by = CASE WHEN decided.reason IS NULL THEN clock_timestamp() + make_interval(secs => $3) END,
  attempts = m.attempts + CASE WHEN decided.reason IS NULL THEN 1 ELSE 0 END
FROM decided
WHERE m.id = decided.id AND m.state = 'PLANNED'
RETURNING m.id, m.reason, m.address_key AS "addressKey", m.contact_id AS "contactId"`;

/**
 * Outcomes by token. A provider's event may have come first and moved the message on: then it stands.
 * UNKNOWN may still become known by a late answer, never by sending again.
 * $1 token · $2 ids · $3 states · $4 codes · $5 provider ids · $6 retry seconds
 */
export const RECORD_OUTCOMES = `
UPDATE message m SET
  state = o.state,
  outcome_code = o.code,
  outcome_at = clock_timestamp(),
  provider_id = COALESCE(o.provider_id, m.provider_id),
  retry_at = CASE WHEN o.state = 'RETRY_WAIT' THEN clock_timestamp() + make_interval(secs => o.retry_seconds) END
FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::float8[])
  AS o(id, state, code, provider_id, retry_seconds)
WHERE m.id = o.id AND m.token = $1
  AND (m.state = 'HANDED_OVER' OR (m.state = 'UNKNOWN' AND o.state IN ('ACCEPTED', 'REJECTED')))
RETURNING m.id`;

/**
 * Lets a claim go: DONE when nothing of the batch waits, else PLANNED from its earliest retry. While anything
 * is still in flight (its outcome could not be written) the claim stays, for the reaper to find.
 * $1 batch · $2 token · $3 not before (seconds from now, or null)
 */
export const RELEASE_BATCH = `
UPDATE batch b SET token = NULL, lease_until = NULL,
  state = CASE WHEN w.waiting > 0 THEN 'PLANNED' ELSE 'DONE' END,
  retry_at = CASE WHEN $3::float8 IS NOT NULL THEN clock_timestamp() + make_interval(secs => $3::float8)
                  WHEN w.planned > 0 THEN NULL ELSE w.retry_at END
FROM (SELECT count(*) FILTER (WHERE state IN ('PLANNED', 'RETRY_WAIT')) AS waiting,
             count(*) FILTER (WHERE state = 'PLANNED') AS planned,
             count(*) FILTER (WHERE state = 'HANDED_OVER') AS in_flight,
             min(retry_at) FILTER (WHERE state = 'RETRY_WAIT') AS retry_at
      FROM message WHERE batch_id = $1) w
WHERE b.id = $1 AND b.token = $2 AND w.in_flight = 0
RETURNING b.state = 'PLANNED' AND b.retry_at IS NULL AS "goesOn"`;

/**
 * Gives permits back that their holder never used, because the answer to their COMMIT was lost: only the
 * holder of the token can know that nothing was sent. Waits for a COMMIT that is still on its way.
 * $1 batch · $2 token
 */
export const GIVE_BACK = `
UPDATE message SET state = 'RETRY_WAIT', outcome_code = 'permit_unsure', outcome_at = clock_timestamp(),
  retry_at = clock_timestamp() + interval '1 second'
WHERE batch_id = $1 AND token = $2 AND state = 'HANDED_OVER'`;

/**
 * The reaper: batches whose worker is gone. What was handed over and never told is UNKNOWN (never sent
 * again); what was only claimed is free. Safe even when wrong: a slow worker has lost its token.
 */
export const REAP_UNTOLD = `
UPDATE message m SET state = 'UNKNOWN', outcome_code = 'no_outcome', outcome_at = clock_timestamp()
FROM batch b
WHERE b.state = 'CLAIMED' AND b.lease_until < clock_timestamp()
  AND m.batch_id = b.id AND m.state = 'HANDED_OVER' AND m.settle_by < clock_timestamp()`;

export const REAP_CLAIMS = `
UPDATE batch b SET token = NULL, lease_until = NULL,
  state = CASE WHEN EXISTS (SELECT 1 FROM message m WHERE m.batch_id = b.id
                              AND m.state IN ('PLANNED', 'RETRY_WAIT')) THEN 'PLANNED' ELSE 'DONE' END
WHERE b.state = 'CLAIMED' AND b.lease_until < clock_timestamp()
  AND NOT EXISTS (SELECT 1 FROM message m WHERE m.batch_id = b.id AND m.state = 'HANDED_OVER')
RETURNING id`;

/** Ends runs that have nothing left to do. $1 one dispatch, or null for all */
export const FINISH_DISPATCHES = `
UPDATE dispatch d SET state = 'finished', finished_at = clock_timestamp()
WHERE ($1::uuid IS NULL OR d.id = $1) AND d.state = 'running' AND d.materialised_at IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM batch b WHERE b.dispatch_id = d.id AND b.state <> 'DONE')`;

/** A message that could not be rendered is refused by ourselves; the others go on. $1 ids · $2 codes · $3 batch · $4 token */
export const REJECT_UNRENDERED = `
UPDATE message m SET state = 'REJECTED', outcome_code = r.code, outcome_at = clock_timestamp()
FROM unnest($1::uuid[], $2::text[]) AS r(id, code)
WHERE m.id = r.id AND m.state = 'PLANNED'
  AND EXISTS (SELECT 1 FROM batch b WHERE b.id = $3 AND b.token = $4)`;
