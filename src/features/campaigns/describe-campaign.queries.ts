const nameOf = (who: string): string => `(SELECT name FROM staff WHERE id::text = ${who})`;

/** Who did what to a campaign, and why it last came back to a draft by itself. $1 campaign */
export const ABOUT = `
SELECT ${nameOf('c.created_by')} AS "createdByName", ${nameOf('c.approved_by')} AS "approvedByName",
  ${nameOf(`(SELECT saved_by FROM campaign_version WHERE campaign_id = c.id ORDER BY version DESC LIMIT 1)`)} AS "savedByName",
  CASE WHEN c.state = 'draft' AND last.action = 'campaign.not_ready'
    THEN ARRAY(SELECT jsonb_array_elements_text(last.details->'faults')) ELSE '{}' END AS "cameBack"
FROM campaign c LEFT JOIN LATERAL (
  SELECT action, details FROM audit_entry
  WHERE subject_type = 'campaign' AND subject_id = c.id::text AND action = ANY (ARRAY['campaign.created',
    'campaign.edited', 'campaign.submitted', 'campaign.approved', 'campaign.launched', 'campaign.not_ready'])
  ORDER BY id DESC LIMIT 1) last ON true
WHERE c.id = $1`;

/** $1 ids */
export const ORGANISATIONS =
  'SELECT id, name FROM organisation WHERE id = ANY($1::uuid[]) ORDER BY name, id';
