import { prepare } from '../../platform/database/database';
import { storeMessageLinks } from '../registry/link-tokens';
import { messageReason } from './gate-facts';

/**
 * State on the batch, exceptions on the row. `message.state` NULL means: the same as the batch (see the view
 * message_status). A batch that goes as one costs one update; only rows that differ get a state of their own,
 * and then carry everything that goes with it.
 */

/** Waits, over the aliases m (message) and b (batch): planned, or provably unsent and its wait is over. */
const WAITS = `(COALESCE(m.state, b.message_state) = 'PLANNED' OR (COALESCE(m.state, b.message_state) = 'RETRY_WAIT'
  AND CASE WHEN m.state IS NULL THEN b.message_retry_at ELSE m.retry_at END <= clock_timestamp()))`;

/** For `UPDATE message m … FROM batch b`: what a row takes along from its batch when it gets a state of its own. */
export const TAKE_ALONG = [
  'token',
  'permit_at',
  'settle_by',
  'attempts',
  'outcome_at',
  'outcome_code',
  'provider_id',
].map((column) => {
  const inherited = column === 'token' ? 'permit_token' : column;
  return [column, `CASE WHEN m.state IS NULL THEN b.${inherited} ELSE m.${column} END`] as const;
});

/** The assignments of TAKE_ALONG but for the columns the statement sets itself. */
export const takeAlong = (except: readonly string[] = []): string =>
  TAKE_ALONG.filter(([column]) => !except.includes(column))
    .map(([column, value]) => `${column} = ${value}`)
    .join(', ');

/**
 * Takes a batch that waits, or whose worker died (its lease ran out). A claim is only a token; it may be
 * lost or taken over at any time, because the permit asks for it again under lock.
 * $1 batch · $2 new token · $3 lease in seconds
 */
export const CLAIM_BATCH = prepare(
  'claim_batch',
  `
UPDATE batch SET state = 'CLAIMED', token = $2, lease_until = clock_timestamp() + make_interval(secs => $3),
  retry_at = NULL
WHERE id = $1 AND state = 'PLANNED' AND (retry_at IS NULL OR retry_at <= clock_timestamp())
  AND EXISTS (SELECT 1 FROM dispatch d WHERE d.id = batch.dispatch_id AND d.state = 'running'
                AND d.materialised_at IS NOT NULL)
RETURNING dispatch_id AS "dispatchId"`,
);

/** What rendering needs of each waiting message. $1 batch · $2 at most */
export const PLANNED_MESSAGES = prepare(
  'planned_messages',
  `
SELECT m.id, CASE WHEN m.state IS NULL THEN b.attempts ELSE m.attempts END AS attempts,
       a.value AS "to", a.source,
       c.first_name AS "firstName", c.last_name AS "lastName", c.title, c.city, c.language, c.kinds, c.time_zone AS "timeZone",
       c.attested_by AS employer, o.name AS "organisationName", o.city AS "organisationCity"
FROM batch b
JOIN message m ON m.batch_id = b.id
LEFT JOIN address a ON a.id = m.address_id
LEFT JOIN contact c ON c.id = m.contact_id
LEFT JOIN organisation o ON o.id = c.organisation_id
WHERE b.id = $1 AND ${WAITS}
ORDER BY m.address_key LIMIT $2`,
);

/** Permit 1: the run still runs. A pause or a cancel waits for us, or we see it. $1 dispatch */
export const LOCK_DISPATCH = prepare(
  'lock_dispatch',
  `SELECT state FROM dispatch WHERE id = $1 FOR SHARE`,
);

/** Permit 2: the batch is still ours. $1 batch · $2 token */
export const LOCK_BATCH = prepare(
  'lock_batch',
  `SELECT 1 FROM batch WHERE id = $1 AND token = $2 AND state = 'CLAIMED' FOR UPDATE`,
);

/**
 * Permit 3: the gate row of every address in the batch, FOR SHARE, in key order (no deadlocks). An opt-out
 * updates the same row, so either it waits for our commit or we wait for its and then read it. Not FOR KEY
 * SHARE, which an update does not wait for. $1 batch
 */
export const LOCK_GATES = prepare(
  'lock_gates',
  `SELECT 1 FROM gate WHERE address_key IN (SELECT address_key FROM message WHERE batch_id = $1)
   ORDER BY address_key FOR SHARE`,
);

/**
 * Permit 4, a statement of its own: its snapshot is younger than the locks, so everything acknowledged is seen.
 * When exactly those were asked for that inherit the batch's state, the batch is handed over as one and only
 * those withheld are written; else (a probe, a slow server's share, a second try of some) each row is. The links of those permitted are
 * stored with it.
 * $1 batch · $2 token · $3 seconds until the outcome must be known · $4 messages · $5 hashes of their links ·
 * $6–$7 the cap.
 * Returns one row: whether the batch goes as one, and those asked for that may not go, with the gate's reason
 * (null when they do not wait any more).
 */
export const DECIDE = prepare(
  'decide',
  `
WITH asked AS (SELECT * FROM unnest($4::uuid[], $5::bytea[]) AS t(id, hash)),
mine AS MATERIALIZED (SELECT * FROM message WHERE batch_id = $1),
decided AS (
  SELECT m.id, m.state IS NULL AS inherits, m.epoch AS planned_epoch, m.address_key, m.contact_id,
    d.campaign_id, d.topic_id, d.channel, asked.hash, g.epoch, g.no_seq, ${messageReason(6)} AS reason
  FROM batch b
  JOIN dispatch d ON d.id = b.dispatch_id
  JOIN topic t ON t.id = d.topic_id
  CROSS JOIN asked
  JOIN mine m ON m.id = asked.id
  LEFT JOIN contact c ON c.id = m.contact_id
  LEFT JOIN address a ON a.id = m.address_id
  LEFT JOIN gate g ON g.address_key = m.address_key
  WHERE b.id = $1 AND ${WAITS}
),
whole AS (
  SELECT COALESCE(bool_and(inherits), false)
    AND count(*) = (SELECT count(*) FROM mine WHERE state IS NULL) AS goes
  FROM decided
),
differing AS MATERIALIZED (
  SELECT decided.*, NOT (inherits AND goes) AS own FROM decided, whole
  WHERE NOT (inherits AND goes) OR reason IS NOT NULL OR epoch IS DISTINCT FROM planned_epoch
),
exceptions AS (
  UPDATE message m SET
    state = CASE WHEN o.reason IS NOT NULL THEN 'WITHHELD' WHEN o.own THEN 'HANDED_OVER' END,
    reason = o.reason,
    reason_seq = CASE WHEN o.reason LIKE 'suppressed%' THEN o.no_seq END,
    epoch = o.epoch,
    decided_at = clock_timestamp(),
    token = $2,
    permit_at = CASE WHEN o.reason IS NULL AND o.own THEN clock_timestamp() END,
    settle_by = CASE WHEN o.reason IS NULL AND o.own THEN clock_timestamp() + make_interval(secs => $3) END,
    retry_at = NULL,
    attempts = CASE WHEN m.state IS NULL THEN b.attempts ELSE m.attempts END
      + CASE WHEN o.reason IS NULL THEN 1 ELSE 0 END
  FROM differing o, batch b
  WHERE m.id = o.id AND b.id = $1 AND COALESCE(m.state, b.message_state) IN ('PLANNED', 'RETRY_WAIT')
),
together AS (
  UPDATE batch SET message_state = 'HANDED_OVER', permit_token = $2, permit_at = clock_timestamp(),
    settle_by = clock_timestamp() + make_interval(secs => $3), attempts = attempts + 1, message_retry_at = NULL
  WHERE id = $1 AND (SELECT goes FROM whole) AND EXISTS (SELECT 1 FROM decided WHERE reason IS NULL)
),
kept AS (
  -- What is handed over row by row leaves its batch unwritten; a reaper that waits for us must look again.
  UPDATE batch SET lease_until = GREATEST(lease_until, clock_timestamp() + make_interval(secs => $3))
  WHERE id = $1 AND NOT (SELECT goes FROM whole)
),
links AS (${storeMessageLinks('SELECT * FROM decided WHERE reason IS NULL')})
SELECT (SELECT goes FROM whole) AS together,
  COALESCE(jsonb_agg(jsonb_build_object('id', asked.id, 'reason', decided.reason)), '[]') AS refused
FROM asked LEFT JOIN decided ON decided.id = asked.id
WHERE decided.id IS NULL OR decided.reason IS NOT NULL`,
);

/**
 * Outcomes by token: first those that differ, then what the batch as one came to. A provider's event may have
 * come first and moved a message on: then it stands. UNKNOWN may still become known by a late answer, never by
 * sending again.
 * $1 batch · $2 token · of the exceptions: $3 ids · $4 states · $5 codes · $6 provider ids · $7 retry seconds ·
 * of the rest: $8 state · $9 code · $10 provider id · $11 retry seconds
 */
export const RECORD_OUTCOMES = prepare(
  'record_outcomes',
  `
WITH exceptions AS (
  UPDATE message m SET
    ${takeAlong(['token', 'outcome_at', 'outcome_code', 'provider_id'])},
    token = $2,
    state = o.state,
    outcome_code = o.code,
    outcome_at = clock_timestamp(),
    provider_id = COALESCE(o.provider_id, m.provider_id),
    retry_at = CASE WHEN o.state = 'RETRY_WAIT' THEN clock_timestamp() + make_interval(secs => o.retry_seconds) END
  FROM unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::float8[])
    AS o(id, state, code, provider_id, retry_seconds), batch b
  WHERE m.id = o.id AND b.id = m.batch_id
    AND CASE WHEN m.state IS NULL THEN b.permit_token ELSE m.token END = $2
    AND (COALESCE(m.state, b.message_state) = 'HANDED_OVER'
      OR (COALESCE(m.state, b.message_state) = 'UNKNOWN' AND o.state IN ('ACCEPTED', 'REJECTED')))
)
UPDATE batch SET message_state = $8, outcome_code = $9, provider_id = $10, outcome_at = clock_timestamp(),
  message_retry_at = CASE WHEN $8 = 'RETRY_WAIT' THEN clock_timestamp() + make_interval(secs => $11::float8) END
WHERE id = $1 AND permit_token = $2 AND $8::text IS NOT NULL
  AND (message_state = 'HANDED_OVER' OR (message_state = 'UNKNOWN' AND $8 IN ('ACCEPTED', 'REJECTED')))`,
);

/**
 * Lets a claim go: DONE when nothing of the batch waits, else PLANNED from its earliest retry. While anything
 * is still in flight (its outcome could not be written) the claim stays, for the reaper to find.
 * $1 batch · $2 token · $3 not before (seconds from now, or null)
 */
export const RELEASE_BATCH = prepare(
  'release_batch',
  `
UPDATE batch u SET token = NULL, lease_until = NULL,
  state = CASE WHEN w.waiting > 0 THEN 'PLANNED' ELSE 'DONE' END,
  retry_at = CASE WHEN $3::float8 IS NOT NULL THEN clock_timestamp() + make_interval(secs => $3::float8)
                  WHEN w.planned > 0 THEN NULL ELSE w.retry_at END
FROM (SELECT count(*) FILTER (WHERE s IN ('PLANNED', 'RETRY_WAIT')) AS waiting,
             count(*) FILTER (WHERE s = 'PLANNED') AS planned,
             count(*) FILTER (WHERE s = 'HANDED_OVER') AS in_flight,
             min(retry_at) FILTER (WHERE s = 'RETRY_WAIT') AS retry_at
      FROM (SELECT COALESCE(m.state, b.message_state) AS s,
              CASE WHEN m.state IS NULL THEN b.message_retry_at ELSE m.retry_at END AS retry_at
            FROM batch b JOIN message m ON m.batch_id = b.id WHERE b.id = $1) messages) w
WHERE u.id = $1 AND u.token = $2 AND w.in_flight = 0
RETURNING u.state = 'PLANNED' AND u.retry_at IS NULL AS "goesOn"`,
);

/** Waits for a COMMIT that is still on its way: a permit holds its batch's row. $1 batch */
export const AWAIT_BATCH = `SELECT 1 FROM batch WHERE id = $1 FOR UPDATE`;

/**
 * Gives permits back that their holder never used, because the answer to their COMMIT was lost: only the
 * holder of the token can know that nothing was sent. $1 batch · $2 token
 */
export const GIVE_BACK = `
WITH rows AS (
  UPDATE message SET state = 'RETRY_WAIT', outcome_code = 'permit_unsure', outcome_at = clock_timestamp(),
    retry_at = clock_timestamp() + interval '1 second'
  WHERE batch_id = $1 AND token = $2 AND state = 'HANDED_OVER'
)
UPDATE batch SET message_state = 'RETRY_WAIT', outcome_code = 'permit_unsure', outcome_at = clock_timestamp(),
  message_retry_at = clock_timestamp() + interval '1 second'
WHERE id = $1 AND permit_token = $2 AND message_state = 'HANDED_OVER'`;

/**
 * The reaper: batches whose worker is gone. What was handed over and never told is UNKNOWN (never sent
 * again); what was only claimed is free. Safe even when wrong: a slow worker has lost its token.
 */
export const REAP_UNTOLD = `
WITH gone AS (SELECT id FROM batch WHERE state = 'CLAIMED' AND lease_until < clock_timestamp()),
rows AS (
  UPDATE message m SET state = 'UNKNOWN', outcome_code = 'no_outcome', outcome_at = clock_timestamp()
  FROM gone
  WHERE m.batch_id = gone.id AND m.state = 'HANDED_OVER' AND m.settle_by < clock_timestamp()
  RETURNING 1
),
batches AS (
  UPDATE batch SET message_state = 'UNKNOWN', outcome_code = 'no_outcome', outcome_at = clock_timestamp()
  FROM gone
  WHERE batch.id = gone.id AND message_state = 'HANDED_OVER' AND settle_by < clock_timestamp()
  RETURNING batch.id
)
SELECT (SELECT count(*) FROM rows)
  + (SELECT count(*) FROM message m JOIN batches ON m.batch_id = batches.id WHERE m.state IS NULL) AS untold`;

export const REAP_CLAIMS = `
UPDATE batch b SET token = NULL, lease_until = NULL,
  state = CASE WHEN EXISTS (SELECT 1 FROM message m WHERE m.batch_id = b.id
                              AND COALESCE(m.state, b.message_state) IN ('PLANNED', 'RETRY_WAIT'))
          THEN 'PLANNED' ELSE 'DONE' END
WHERE b.state = 'CLAIMED' AND b.lease_until < clock_timestamp() AND b.message_state <> 'HANDED_OVER'
  AND NOT EXISTS (SELECT 1 FROM message m WHERE m.batch_id = b.id AND m.state = 'HANDED_OVER')
RETURNING id`;

/** Ends runs that have nothing left to do. $1 one dispatch, or null for all */
export const FINISH_DISPATCHES = prepare(
  'finish_dispatches',
  `
UPDATE dispatch d SET state = 'finished', finished_at = clock_timestamp()
WHERE ($1::uuid IS NULL OR d.id = $1) AND d.state = 'running' AND d.materialised_at IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM batch b WHERE b.dispatch_id = d.id AND b.state <> 'DONE')`,
);

/**
 * What still waits in runs that have ended never goes; no permit of theirs can commit any more. Also what comes
 * back from the provider unsent later: its batch is open until then.
 * $1 state · $2 reason (when WITHHELD) · $3 dispatches
 */
export const END_WAITING = `
WITH open AS (SELECT id FROM batch WHERE dispatch_id = ANY($3::uuid[]) AND state <> 'DONE'),
rows AS (
  UPDATE message m SET state = $1, reason = $2, decided_at = clock_timestamp(), retry_at = NULL
  FROM open WHERE m.batch_id = open.id AND m.state IN ('PLANNED', 'RETRY_WAIT')
)
UPDATE batch b SET
  state = CASE WHEN b.state = 'PLANNED' THEN 'DONE' ELSE b.state END,
  message_state = CASE WHEN b.message_state IN ('PLANNED', 'RETRY_WAIT') THEN $1 ELSE b.message_state END,
  message_reason = CASE WHEN b.message_state IN ('PLANNED', 'RETRY_WAIT') THEN $2 ELSE b.message_reason END,
  outcome_at = CASE WHEN b.message_state IN ('PLANNED', 'RETRY_WAIT') THEN clock_timestamp() ELSE b.outcome_at END,
  message_retry_at = NULL
FROM open WHERE b.id = open.id`;

/** A message that could not be rendered is refused by ourselves; the others go on. $1 ids · $2 codes · $3 batch · $4 token */
export const REJECT_UNRENDERED = `
UPDATE message m SET ${takeAlong(['outcome_at', 'outcome_code'])},
  state = 'REJECTED', outcome_code = r.code, outcome_at = clock_timestamp(), retry_at = NULL
FROM unnest($1::uuid[], $2::text[]) AS r(id, code), batch b
WHERE m.id = r.id AND b.id = $3 AND b.token = $4 AND m.batch_id = b.id AND ${WAITS}`;
