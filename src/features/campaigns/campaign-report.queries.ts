/** State, reason, cause and hour of a run's messages, in one reading and of one moment. $1 run */
export const RUN_ROWS = `
SELECT d.audience, m.state, m.reason,
  CASE WHEN m.state IN ('REJECTED', 'UNKNOWN', 'NO_EVIDENCE') THEN m.outcome_code END AS code,
  date_trunc('hour', m.permit_at) AS hour, max(m.permit_at) AS "lastPermitAt",
  count(m.id) AS count, count(*) FILTER (WHERE m.event_rank = 8) AS complaints
FROM dispatch d LEFT JOIN message_status m ON m.dispatch_id = d.id
WHERE d.id = $1 GROUP BY 1, 2, 3, 4, 5`;

/**
 * What the provider told of a run, by kind, cause and hour, within 72 hours. All ids of a run begin with the run's
 * own, so its events are known by their messages' ids alone. That something arrived is told once; that it came back
 * may be told twice. $1 run · $2 when it began
 */
export const RUN_EVENTS = `
WITH told AS NOT MATERIALIZED (
  SELECT e.type, e.code, e.message_id, date_trunc('hour', COALESCE(e.occurred_at, e.received_at)) AS hour
  FROM provider_event e, (SELECT left(replace($1::text, '-', ''), 16) || '8' || substr(replace($1::text, '-', ''), 18, 5) AS head) run
  WHERE e.received_at BETWEEN $2 AND $2 + interval '72 hours'
    AND e.message_id BETWEEN (head || repeat('0', 10))::uuid AND (head || repeat('f', 10))::uuid
)
SELECT type, NULL AS code, hour, count(*) AS count FROM told WHERE type = 'delivered' GROUP BY 1, 3
UNION ALL
SELECT type, code, NULL, count(DISTINCT message_id) FROM told WHERE type IN ('bounce', 'dropped', 'expired') GROUP BY 1, 2`;

/** $1 campaign */
export const LINKS = `
SELECT l.code, l.number, l.url, COALESCE(sum(c.count), 0)::int AS clicks
FROM campaign_link l LEFT JOIN link_clicks c ON c.code = l.code
WHERE l.campaign_id = $1 GROUP BY l.code ORDER BY l.number`;

/** $1 campaign */
export const CLICKS_BY_HOUR = `
SELECT c.hour, sum(c.count)::int AS count
FROM campaign_link l JOIN link_clicks c ON c.code = l.code
WHERE l.campaign_id = $1 GROUP BY 1`;

/** $1 campaign */
export const OPT_OUTS_BY_DOOR = `
SELECT door, count(*) AS count FROM ledger_entry
WHERE campaign_id = $1 AND kind = 'opt_out' GROUP BY door ORDER BY count DESC`;

/** The people of a run. $1 campaign · $2 state or null · $3 reason or null · $4 after or null · $5 how many */
export const RUN_PEOPLE = `
SELECT m.id, m.contact_id AS "contactId", NULLIF(concat_ws(' ', c.first_name, c.last_name), '') AS name,
  a.value AS address, m.state, m.reason, l.door AS "reasonDoor", l.detail AS "reasonDetail", l.at AS "reasonAt",
  m.decided_at AS "decidedAt", m.permit_at AS "permitAt", m.outcome_code AS "outcomeCode"
FROM message_status m JOIN dispatch d ON d.id = m.dispatch_id
LEFT JOIN contact c ON c.id = m.contact_id
LEFT JOIN address a ON a.id = m.address_id
LEFT JOIN ledger_entry l ON l.seq = m.reason_seq
WHERE d.campaign_id = $1 AND ($2::text IS NULL OR m.state = $2) AND ($3::text IS NULL OR m.reason = $3)
  AND ($4::uuid IS NULL OR m.id > $4::uuid)
ORDER BY m.id LIMIT $5`;

/** How many batches of a run left in the last minute, and how long the first one is ago. $1 run */
export const PACE = `
SELECT count(*) FILTER (WHERE permit_at > clock_timestamp() - interval '1 minute') AS recent,
  extract(epoch FROM clock_timestamp() - min(permit_at))::float8 AS seconds
FROM batch WHERE dispatch_id = $1 AND permit_at IS NOT NULL`;

/**
 * Counts anew what has been counted too long ago: a count holds for a twentieth of the age that the run had at it.
 * Kept as it was, where the messages themselves are gone. $1 campaigns
 */
export const COUNT_AGAIN = `
INSERT INTO campaign_tally (campaign_id, counted_at, audience, withheld, accepted, rejected, unknown, delivered,
  bounced, complaints, opt_outs, clicks)
SELECT d.campaign_id, clock_timestamp(), d.audience,
  count(*) FILTER (WHERE m.state = 'WITHHELD'),
  count(*) FILTER (WHERE m.state IN ('ACCEPTED', 'DELIVERED', 'BOUNCED', 'DROPPED', 'EXPIRED', 'NO_TERMINAL_EVENT')),
  count(*) FILTER (WHERE m.state = 'REJECTED'),
  count(*) FILTER (WHERE m.state IN ('UNKNOWN', 'NO_EVIDENCE')),
  count(*) FILTER (WHERE m.state = 'DELIVERED'),
  count(*) FILTER (WHERE m.state IN ('BOUNCED', 'DROPPED', 'EXPIRED')),
  count(*) FILTER (WHERE m.event_rank = 8),
  (SELECT count(*) FROM ledger_entry l WHERE l.campaign_id = d.campaign_id AND l.kind = 'opt_out'),
  (SELECT COALESCE(sum(c.count), 0) FROM campaign_link l LEFT JOIN link_clicks c ON c.code = l.code
   WHERE l.campaign_id = d.campaign_id HAVING count(*) > 0)
FROM dispatch d LEFT JOIN campaign_tally t ON t.campaign_id = d.campaign_id
JOIN message_status m ON m.dispatch_id = d.id
WHERE d.campaign_id = ANY($1::uuid[])
  AND (t.counted_at IS NULL OR clock_timestamp() - t.counted_at > (t.counted_at - d.created_at) / 20)
GROUP BY d.id
ON CONFLICT (campaign_id) DO UPDATE SET counted_at = EXCLUDED.counted_at, audience = EXCLUDED.audience,
  withheld = EXCLUDED.withheld, accepted = EXCLUDED.accepted, rejected = EXCLUDED.rejected, unknown = EXCLUDED.unknown, delivered = EXCLUDED.delivered,
  bounced = EXCLUDED.bounced, complaints = EXCLUDED.complaints, opt_outs = EXCLUDED.opt_outs, clicks = EXCLUDED.clicks`;

/** As RunProgress. $1 campaigns, of which some may never have had anybody */
export const TALLIED = `
SELECT d.campaign_id AS id, d.audience, COALESCE(t.accepted + t.rejected + t.unknown, 0) AS "left", 0 AS pending,
  COALESCE(t.withheld, 0) AS withheld
FROM dispatch d LEFT JOIN campaign_tally t ON t.campaign_id = d.campaign_id
WHERE d.campaign_id = ANY($1::uuid[])`;

/** Runs that began before this one on the same channel and have ended, the newest first. $1 campaign · $2 how many */
export const EARLIER_RUNS = `
SELECT d.campaign_id AS id FROM dispatch d JOIN dispatch this ON this.campaign_id = $1
WHERE d.channel = this.channel AND d.created_at < this.created_at AND d.finished_at IS NOT NULL
ORDER BY d.created_at DESC LIMIT $2`;

const medianOf = (column: string, of: string) => `CASE WHEN count(${column}) > 2 THEN
  percentile_cont(0.5) WITHIN GROUP (ORDER BY ${column}::float8 / ${of}) END`;

/** Shares as in CampaignMeasures. $1 campaigns */
export const MEDIANS = `
SELECT ${medianOf('accepted', 'NULLIF(audience, 0)')} AS accepted,
  ${medianOf('CASE WHEN delivered + bounced > 0 THEN delivered END', 'accepted')} AS delivered,
  ${medianOf('bounced', 'accepted')} AS bounced, ${medianOf('complaints', 'accepted')} AS complaints,
  ${medianOf('opt_outs', 'accepted')} AS "optOuts", ${medianOf('clicks', 'accepted')} AS clicks
FROM campaign_tally WHERE campaign_id = ANY($1::uuid[]) AND accepted > 0`;
