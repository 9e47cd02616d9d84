import { STRONG_METHODS } from '../../domain/registry-state';
import { constants } from '../../platform/database/arrays';

const gapsOf = (due: string): string => `
WITH due AS (${due}),
counted AS (
  SELECT due.id, due.campaign_id,
    due.audience - (SELECT count(m.state) FROM message_status m WHERE m.dispatch_id = due.id) AS gap
  FROM due
)
SELECT id AS "dispatchId", campaign_id AS "campaignId", gap::int FROM counted
WHERE gap <> 0 AND NOT EXISTS (
  SELECT 1 FROM incident i WHERE i.kind = 'equation_gap' AND i.accepted AND i.details @> jsonb_build_object('runs',
    jsonb_build_array(jsonb_build_object('dispatchId', counted.id, 'gap', counted.gap))))
ORDER BY id`;

const RUN = 'SELECT id, campaign_id, audience FROM dispatch';
const YOUNG = `created_at > clock_timestamp() - interval '7 days'`;

/**
 * Runs whose messages do not add up to their audience; a message that has no state anywhere (its batch is gone)
 * is nowhere and not counted. Of those younger than a week (an older run's month may have been dropped, rows and
 * all): the ones under way or ended within ten minutes, and one other by lot, so that each has its turn within
 * hours. And in any case $1, the runs of the open incident.
 */
export const EQUATION_GAPS = gapsOf(`
  ${RUN} WHERE ${YOUNG} AND (finished_at IS NULL OR finished_at > clock_timestamp() - interval '10 minutes')
  UNION (${RUN} WHERE ${YOUNG} ORDER BY random() LIMIT 1)
  UNION ${RUN} WHERE id = ANY($1::uuid[])`);

export const YOUNG_RUNS = `SELECT id FROM dispatch WHERE ${YOUNG} ORDER BY id`;

/** The same of named runs only. $1 runs */
export const GAPS_OF = gapsOf(`${RUN} WHERE id = ANY($1::uuid[])`);

/**
 * A no that binds message m of run d, in the words of the ledger and not of the gate row that the permit has
 * read: said before the permit, by this address or this person, for this topic or more, and not lifted by a
 * proven yes. Both times are the database's clock, read under the same gate row's lock, so they are ordered as
 * the commits are. Times are whole milliseconds: at a tie the permit is right.
 */
const BINDING_NO = `
  l.kind = 'opt_out' AND l.at < m.permit_at
  AND (l.scope = 'all'
    OR ((l.channel IS NULL OR l.channel = d.channel) AND (l.scope = 'channel' OR l.topic_id = d.topic_id)))
  AND NOT EXISTS (
    SELECT 1 FROM ledger_entry yes
    WHERE yes.address_key = m.address_key AND yes.kind = 'grant' AND yes.topic_id = d.topic_id
      AND yes.seq > l.seq AND yes.at <= m.permit_at
      AND yes.method IN (${constants(STRONG_METHODS)}))`;

// Two look-ups instead of one with OR: each is answered by a small index of the noes alone.
const PERMITTED_AFTER_NO = `(
  EXISTS (SELECT 1 FROM ledger_entry l WHERE l.address_key = m.address_key AND ${BINDING_NO})
  OR EXISTS (SELECT 1 FROM ledger_entry l WHERE l.contact_id = m.contact_id AND ${BINDING_NO}))`;

const NOT_ACCEPTED = `NOT EXISTS (
  SELECT 1 FROM incident i WHERE i.kind = 'permit_after_opt_out' AND i.accepted
    AND i.details -> 'messageIds' ? m.id::text)`;

const permitsAfterNo = (where: string): string => `
SELECT m.id FROM dispatch d JOIN message_status m ON m.dispatch_id = d.id
WHERE ${where} AND m.permit_at IS NOT NULL AND ${PERMITTED_AFTER_NO} AND ${NOT_ACCEPTED}
ORDER BY m.id`;

/** Permits given after a no, among those given in ($1, $2]. */
export const PERMITS_AFTER_OPT_OUT = permitsAfterNo(`
  (d.finished_at IS NULL OR d.finished_at > $1::timestamptz)
  AND m.permit_at > $1::timestamptz AND m.permit_at <= $2::timestamptz`);

/** The same among all of a run. $1 run */
export const PERMITS_AFTER_OPT_OUT_IN = permitsAfterNo('d.id = $1');

/** Those of named messages that still are such permits. $1 messages */
export const STILL_PERMITTED_AFTER_OPT_OUT = permitsAfterNo('m.id = ANY($1::uuid[])');

/**
 * The next stretch of permits to look at: from where the last look ended, at most $2 seconds, and not the last
 * $1 seconds: a permit that commits later than that is too old to be used.
 */
export const NEXT_STRETCH = `
SELECT s.since AS "since", LEAST(s.since + make_interval(secs => $2), clock_timestamp() - make_interval(secs => $1)) AS "until",
  s.since + make_interval(secs => $2) < clock_timestamp() - make_interval(secs => $1) AS "more"
FROM (SELECT COALESCE((SELECT until FROM audit_mark WHERE name = 'permits'),
        clock_timestamp() - interval '1 hour') AS since) s
WHERE s.since < clock_timestamp() - make_interval(secs => $1)`;

export const MARK = `
INSERT INTO audit_mark (name, until) VALUES ('permits', $1)
ON CONFLICT (name) DO UPDATE SET until = GREATEST(audit_mark.until, EXCLUDED.until)`;
