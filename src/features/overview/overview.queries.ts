/** Runs under way, the newest first. */
export const UNDER_WAY = `
SELECT d.campaign_id AS "campaignId", c.name, d.channel, d.state = 'paused' AS paused
FROM dispatch d JOIN campaign c ON c.id = d.campaign_id
WHERE d.state IN ('running', 'paused') ORDER BY d.created_at DESC LIMIT 10`;

export const PLANNED = `
SELECT id AS "campaignId", name, channel, send_at AS "sendAt", time_zone AS "timeZone", state = 'approved' AS approved
FROM campaign WHERE state IN ('approved', 'awaiting_approval') AND send_at IS NOT NULL
ORDER BY send_at LIMIT 10`;

/** The last runs, and all of the last week: those that may need somebody. */
export const LATELY = `
SELECT campaign_id AS id, row_number <= 5 AS shown FROM (
  SELECT campaign_id, created_at, row_number() OVER (ORDER BY created_at DESC) FROM dispatch) d
WHERE row_number <= 5 OR created_at > clock_timestamp() - interval '7 days'
ORDER BY created_at DESC LIMIT 50`;

/** Numbers of these campaigns, the newest first. $1 campaigns */
export const NUMBERS = `
SELECT c.id AS "campaignId", c.name, c.channel, d.created_at AS "launchedAt", t.accepted,
  CASE WHEN t.delivered + t.bounced > 0 THEN t.delivered END AS delivered, t.bounced, t.complaints,
  t.opt_outs AS "optOuts", t.clicks, t.rejected, t.unknown
FROM campaign_tally t JOIN campaign c ON c.id = t.campaign_id JOIN dispatch d ON d.campaign_id = c.id
WHERE c.id = ANY($1::uuid[]) ORDER BY d.created_at DESC`;

export const AWAITING_APPROVAL = `
SELECT id AS "campaignId", name, channel, updated_at AS since FROM campaign
WHERE state = 'awaiting_approval' ORDER BY updated_at LIMIT 10`;

/** Domains that a campaign of the last month was sent from, or is about to be, whose last check found something missing. */
export const BAD_DOMAINS = `
SELECT k.domain, k.checked_at AS since FROM domain_check k
WHERE NOT (k.spf AND k.dkim AND k.dmarc) AND (k.domain = $1 OR EXISTS (
  SELECT 1 FROM campaign c WHERE c.updated_at > clock_timestamp() - interval '30 days'
    AND split_part(c.sender_email, '@', 2) = k.domain))`;

/** Where nothing we tell has arrived for an hour, also when it was given up. */
export const FAILING_WEBHOOKS = `
SELECT url, failing_since AS since FROM webhook_endpoint
WHERE failing_since < clock_timestamp() - interval '1 hour' ORDER BY failing_since`;

/** By the ledger, which is in the order of time. */
export const GROWTH = `
SELECT to_char(week, 'YYYY-MM-DD') AS week, COALESCE(consents, 0)::int AS consents, COALESCE("optOuts", 0)::int AS "optOuts"
FROM generate_series(date_trunc('week', now() AT TIME ZONE 'Europe/Stockholm') - interval '11 weeks',
  date_trunc('week', now() AT TIME ZONE 'Europe/Stockholm'), interval '1 week') AS week
LEFT JOIN (
  SELECT date_trunc('week', at AT TIME ZONE 'Europe/Stockholm') AS week,
    count(DISTINCT address_key) FILTER (WHERE kind = 'grant') AS consents,
    count(DISTINCT COALESCE(address_key, uuid_send(contact_id))) FILTER (WHERE kind = 'opt_out') AS "optOuts"
  FROM ledger_entry
  WHERE at > now() - interval '13 weeks' AND kind IN ('grant', 'opt_out')
  GROUP BY 1) told USING (week)
ORDER BY week`;

/** What a new installation has. $1 domain of the sender */
export const STEPS = `
SELECT EXISTS (SELECT 1 FROM domain_check WHERE domain = $1 AND spf AND dkim AND dmarc) AS domain,
  EXISTS (SELECT 1 FROM topic WHERE archived_at IS NULL) AS topics,
  EXISTS (SELECT 1 FROM contact) AS people,
  EXISTS (SELECT 1 FROM dispatch) AS campaign`;

/** As WaitingCounts. $1 may approve · $2 who · $3 sees the service desk */
export const WAITING = `
SELECT
  CASE WHEN $1::boolean THEN (SELECT count(*) FROM campaign
    WHERE state = 'awaiting_approval' AND created_by IS DISTINCT FROM $2::text) END AS approvals,
  CASE WHEN $3::boolean THEN (SELECT count(*) FROM reply WHERE state = 'open') END AS replies,
  CASE WHEN $3::boolean THEN (SELECT count(*) FROM service_case WHERE state = 'open') END AS cases`;
