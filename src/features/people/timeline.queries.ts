import type { Channel } from '../../domain/address';
import type { MessageState } from '../../domain/message-state';
import { constants } from '../../platform/database/arrays';
import type { Sql } from '../../platform/database/database';
import type { HappeningKind } from './timeline.dto';

export interface HappeningRow {
  id: string;
  kind: HappeningKind;
  at: Date;
  what: string;
  channel: Channel | null;
  detail: string | null;
  scope: string | null;
  campaignId: string | null;
  wordingVersion: string | null;
  /** What people call it: of the campaign, the file, the case's reference. */
  name: string | null;
  topicSv: string | null;
  topicEn: string | null;
}

export interface Before {
  at: Date;
  id: string;
}

/** All ids and address keys that are, or were, the contact's, also by way of those merged into it. $1 contact */
const PERSON = `
person AS (SELECT id FROM contact WHERE id = $1 OR merged_into_id = $1),
ids AS MATERIALIZED (SELECT COALESCE(array_agg(id), '{}') AS all FROM person),
keys AS MATERIALIZED (SELECT COALESCE(array_agg(address_key), '{}') AS all FROM (
  SELECT address_key FROM address WHERE contact_id IN (SELECT id FROM person)
  UNION SELECT address_key FROM gate WHERE contact_id IN (SELECT id FROM person)) held)`;

const WAITING = ['PLANNED', 'CLAIMED', 'RETRY_WAIT'] as const satisfies readonly MessageState[];
/** In these nothing was made for the person that could be shown. */
export const NOT_MADE = ['WITHHELD', 'CANCELLED'] as const satisfies readonly MessageState[];

const NONE = `NULL::text`;

/**
 * Everything between us and a person, newest first. Each part is found by an index of its own. What was handed over
 * counts from its permit, what was withheld from its decision; what still waits is not history yet.
 * Of what somebody learned, logging in is left out: there is much of it, and it says little.
 * $2 time and $3 id of the last row that was seen · $4 limit · $5 with what they learned
 */
const TIMELINE = `
WITH ${PERSON},
happened AS (
  SELECT m.id::text AS id, 'message' AS kind, COALESCE(m.permit_at, m.decided_at) AS at, m.state AS what, d.channel,
    m.reason AS detail, ${NONE} AS scope, d.campaign_id AS "campaignId", ${NONE} AS "wordingVersion", campaign.name,
    d.topic_id AS topic
  FROM message_status m JOIN dispatch d ON d.id = m.dispatch_id JOIN campaign ON campaign.id = d.campaign_id
  WHERE m.contact_id = ANY (ARRAY(SELECT unnest("all") FROM ids))
    AND m.state NOT IN (${constants(WAITING)})
  UNION ALL
  SELECT s.id::text, 'service_mail', s.created_at, s.template, s.channel, s.state, NULL, NULL, NULL, NULL, NULL
  FROM service_message s WHERE s.address_key = ANY (ARRAY(SELECT unnest("all") FROM keys))
  UNION ALL
  SELECT e.id::text, 'registry', e.at, e.kind, e.channel, e.door, e.scope, e.campaign_id, e.wording_version,
    campaign.name, e.topic_id
  FROM ledger_entry e LEFT JOIN campaign ON campaign.id = e.campaign_id
  WHERE e.contact_id = ANY (ARRAY(SELECT unnest("all") FROM ids))
     OR e.address_key = ANY (ARRAY(SELECT unnest("all") FROM keys))
  UNION ALL
  SELECT md5(k.message_id || k.code), 'click', k.at, link.url, 'email', NULL, NULL, k.campaign_id, NULL, campaign.name, NULL
  FROM contact_click k JOIN campaign_link link ON link.code = k.code JOIN campaign ON campaign.id = k.campaign_id
  WHERE k.contact_id = ANY (ARRAY(SELECT unnest("all") FROM ids))
  UNION ALL
  SELECT r.id::text, 'reply', r.at, r.meaning, r.channel, r.outcome, NULL, NULL, NULL, NULL, NULL
  FROM reply r WHERE r.address_key = ANY (ARRAY(SELECT unnest("all") FROM keys))
  UNION ALL
  SELECT c.id::text, 'case', c.opened_at, c.kind, c.channel, COALESCE(c.closed_as, c.state), c.came_by, NULL, NULL,
    to_char(c.opened_at AT TIME ZONE 'Europe/Stockholm', '"A-"YYYY"-"') || lpad(c.number::text, 6, '0'), NULL
  FROM service_case c
  WHERE c.contact_id = ANY (ARRAY(SELECT unnest("all") FROM ids))
     OR c.address_key = ANY (ARRAY(SELECT unnest("all") FROM keys))
  UNION ALL
  SELECT i.id::text, 'import', i.created_at, i.kind, NULL, i.state, NULL, NULL, NULL, i.file_name, NULL
  FROM import i WHERE i.id IN (
    SELECT substr(refs.ref, 8)::uuid FROM (
      SELECT datum ->> 'ref' FROM contact c, jsonb_each(c.sources) AS s(name, datum) WHERE c.id IN (SELECT id FROM person)
      UNION SELECT source_ref FROM address WHERE contact_id IN (SELECT id FROM person)
      UNION SELECT attestation_ref FROM contact WHERE id IN (SELECT id FROM person)
    ) AS refs(ref) WHERE refs.ref LIKE 'import:%')
  UNION ALL
  SELECT a.id::text, 'data', a.at, a.action, NULL, a.actor_type, NULL, NULL, NULL, NULL, NULL
  FROM audit_entry a
  WHERE a.subject_type = 'contact' AND a.subject_id = ANY (ARRAY(SELECT unnest("all")::text FROM ids))
    AND a.action IN ('contact.created', 'contact.changed', 'contact.merged')
  UNION ALL
  SELECT md5(e.event_id), 'learning', e.occurred_at, e.kind, NULL, NULL, NULL, NULL, NULL, course.name, NULL
  FROM learner_event e LEFT JOIN course ON course.id = e.course_id
  WHERE $5 AND e.contact_id = ANY (ARRAY(SELECT unnest("all") FROM ids)) AND e.kind <> 'active'
)
SELECT h.id, h.kind, h.at, h.what, h.channel, h.detail, h.scope, h."campaignId", h."wordingVersion", h.name,
  t.name_sv AS "topicSv", t.name_en AS "topicEn"
FROM happened h LEFT JOIN topic t ON t.id = h.topic
WHERE $2::timestamptz IS NULL OR (h.at, h.id) < ($2, $3::text)
ORDER BY h.at DESC, h.id DESC LIMIT $4`;

export function timelineOf(
  sql: Sql,
  contactId: string,
  before: Before | null,
  limit: number,
  withLearning: boolean,
): Promise<HappeningRow[]> {
  return sql.query<HappeningRow & Record<string, unknown>>(TIMELINE, [
    contactId,
    before?.at ?? null,
    before?.id ?? null,
    limit,
    withLearning,
  ]);
}

/** Whether this message was made for this person, or for somebody merged into them. */
export async function wasMade(sql: Sql, contactId: string, messageId: string): Promise<boolean> {
  const rows = await sql.query(
    `SELECT FROM message_status m
     WHERE m.id = $2 AND m.contact_id IN (SELECT id FROM contact WHERE id = $1 OR merged_into_id = $1)
       AND m.state NOT IN (${constants([...WAITING, ...NOT_MADE])})`,
    [contactId, messageId],
  );
  return rows.length === 1;
}
