/** The tab a campaign stands under: its own state until it has a run, then the run's. */
const CAMPAIGN_GROUP = `CASE
  WHEN c.state IN ('draft', 'awaiting_approval') THEN c.state
  WHEN c.state = 'approved' THEN 'scheduled'
  WHEN c.state = 'launching' OR (c.state = 'launched' AND COALESCE(d.state, 'running') IN ('running', 'paused'))
    THEN 'sending'
  ELSE 'sent' END`;

/** $1 pattern or null · $2 channel or null */
const FOUND = `FROM campaign c LEFT JOIN dispatch d ON d.campaign_id = c.id
WHERE ($1::text IS NULL OR c.name ILIKE $1 OR c.subject ILIKE $1) AND ($2::text IS NULL OR c.channel = $2)`;

const ORGANISATIONS = `(SELECT COALESCE(json_agg(json_build_object('id', o.id, 'name', o.name)), '[]')
  FROM (SELECT id, name FROM organisation
    WHERE id = ANY (ARRAY(SELECT jsonb_array_elements_text(c.audience->'organisationIds'))::uuid[])
    ORDER BY name, id LIMIT 3) o)`;

const SEGMENTS = `(SELECT COALESCE(json_agg(json_build_object('id', s.id, 'name', s.name) ORDER BY s.name, s.id), '[]')
  FROM segment s WHERE s.id = ANY (ARRAY(SELECT jsonb_array_elements_text(
    (c.audience->'segments'->'include') || (c.audience->'segments'->'exclude')))::uuid[]))`;

/** Newest first. $3 group or null · $4 last id of the page before, or null · $5 how many */
export const LIST_CAMPAIGNS = `
SELECT c.id, c.name, c.channel, c.subject, ${CAMPAIGN_GROUP} AS "group",
  CASE d.state WHEN 'running' THEN 'sending' ELSE COALESCE(d.state, c.state) END AS state,
  (SELECT json_build_object('id', t.id, 'nameSv', t.name_sv, 'nameEn', t.name_en)
   FROM topic t WHERE t.id = c.topic_id) AS topic,
  c.audience, ${ORGANISATIONS} AS organisations, ${SEGMENTS} AS segments, c.time_zone AS "timeZone", c.send_at_local AS "sendAtLocal", c.send_at AS "sendAt",
  c.leaves_at AS "leavesAt", c.launched_at AS "launchedAt",
  COALESCE(d.finished_at, c.finished_at) AS "finishedAt",
  c.created_at AS "createdAt", c.updated_at AS "updatedAt",
  (SELECT name FROM staff WHERE id::text = c.created_by) AS "createdByName", d.id AS "dispatchId"
${FOUND} AND ($3::text IS NULL OR ${CAMPAIGN_GROUP} = $3) AND ($4::uuid IS NULL OR c.id < $4::uuid)
ORDER BY c.id DESC LIMIT $5`;

export const COUNT_CAMPAIGNS = `
SELECT ${CAMPAIGN_GROUP} AS "group", count(*) AS count ${FOUND} GROUP BY 1`;
