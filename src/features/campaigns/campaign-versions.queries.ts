/** What a version holds: all that staff write. Name in JSON → column. */
const FIELDS = {
  name: 'name',
  topicId: 'topic_id',
  language: 'language',
  audience: 'audience',
  templateKey: 'template_key',
  subject: 'subject',
  preheader: 'preheader',
  body: 'body',
  blocks: 'blocks',
  senderName: 'sender_name',
  senderEmail: 'sender_email',
  replyTo: 'reply_to',
  timeZone: 'time_zone',
  sendAtLocal: 'send_at_local',
  windowHours: 'window_hours',
  publicArchive: 'public_archive',
};

const AS_JSON = `jsonb_build_object(${Object.entries(FIELDS)
  .map(([name, column]) => `'${name}', c.${column}`)
  .join(', ')})`;

/** The version before, grown into this one. $1 campaign · $2 who · $3 now · $4 minutes. No row: it stays. */
export const GROW_VERSION = `
UPDATE campaign_version v SET version = c.version, saved_at = $3, fields = ${AS_JSON}
FROM campaign c
WHERE c.id = $1 AND v.campaign_id = c.id AND v.version = c.version - 1
  AND v.saved_by = $2 AND v.began_at > $3::timestamptz - make_interval(mins => $4)
RETURNING 1`;

/** $1 campaign · $2 who · $3 now */
export const ADD_VERSION = `
INSERT INTO campaign_version (campaign_id, version, saved_by, began_at, saved_at, fields)
SELECT c.id, c.version, $2, $3, $3, ${AS_JSON} FROM campaign c WHERE c.id = $1`;

/** Newest first, with the names of the fields that differ from the version before. $1 campaign */
export const LIST_VERSIONS = `
SELECT v.version, v.saved_at AS "savedAt",
  (SELECT name FROM staff WHERE id::text = v.saved_by) AS "savedBy",
  COALESCE((SELECT array_agg(f.key ORDER BY f.key) FROM jsonb_each(v.fields) f
            WHERE f.value IS DISTINCT FROM COALESCE(v.earlier -> f.key, 'null') AND v.earlier IS NOT NULL), '{}') AS changed
FROM (SELECT *, lag(fields) OVER (ORDER BY version) AS earlier
      FROM campaign_version WHERE campaign_id = $1) v
ORDER BY v.version DESC`;

/** $1 campaign · $2 version, or null for the newest */
export const GET_VERSION = `
SELECT v.version, v.saved_at AS "savedAt", v.fields,
  (SELECT name FROM staff WHERE id::text = v.saved_by) AS "savedBy"
FROM campaign_version v WHERE v.campaign_id = $1 AND ($2::int IS NULL OR v.version = $2)
ORDER BY v.version DESC LIMIT 1`;
