import { PROFILING } from '../../../../domain/policy';
import type { Sql } from '../../../../platform/database/database';
import { KEPT } from '../forget.queries';
import type {
  KnownAttribute,
  KnownClick,
  KnownEvent,
  KnownOffer,
  TakenCourse,
} from './known-learning.dto';

/** The daily removal takes what is older: gone the day after, at the latest. */
const goneOn = (at: string, kept: string): string =>
  `to_char((${at} + ${kept}) AT TIME ZONE 'Europe/Stockholm' + interval '1 day', 'YYYY-MM-DD')`;

const first = (kind: string): string => `min(e.occurred_at) FILTER (WHERE e.kind = '${kind}')`;

export function coursesOf(sql: Sql, contactId: string): Promise<TakenCourse[]> {
  return sql.query<TakenCourse & Record<string, unknown>>(
    `SELECT c.external_id AS "externalId", c.name, c.subject, c.level,
       CASE WHEN bool_or(e.kind IN ('completed', 'certificate')) THEN 'completed'
         WHEN bool_or(e.kind IN ('started', 'active')) THEN 'started' ELSE 'enrolled' END AS state,
       ${first('enrolled')} AS "enrolledAt", ${first('started')} AS "startedAt",
       ${first('completed')} AS "completedAt", ${first('certificate')} AS "certificateAt",
       max(e.occurred_at) AS "lastAt"
     FROM learner_event e JOIN course c ON c.id = e.course_id
     WHERE e.contact_id = $1 GROUP BY c.id ORDER BY max(e.occurred_at) DESC, c.id`,
    [contactId],
  );
}

export function eventsOf(sql: Sql, contactId: string): Promise<KnownEvent[]> {
  return sql.query<KnownEvent & Record<string, unknown>>(
    `SELECT e.kind, c.name AS course, e.occurred_at AS at,
       ${goneOn('e.received_at', `interval '${PROFILING.years} years'`)} AS "goneOn"
     FROM learner_event e LEFT JOIN course c ON c.id = e.course_id
     WHERE e.contact_id = $1 ORDER BY e.occurred_at DESC, e.event_id`,
    [contactId],
  );
}

export type AttributeRow = Omit<KnownAttribute, 'name' | 'purposeText'> & {
  nameSv: string;
  nameEn: string;
};

export function attributesOf(sql: Sql, contactId: string): Promise<AttributeRow[]> {
  return sql.query<AttributeRow & Record<string, unknown>>(
    `SELECT a.key, a.name_sv AS "nameSv", a.name_en AS "nameEn", a.purpose,
       COALESCE(to_jsonb(v.text), to_jsonb(v.number), to_jsonb(v.date), to_jsonb(v.flag)) AS value,
       v.source, v.collected_at AS "collectedAt", ${goneOn('v.collected_at', KEPT)} AS "goneOn"
     FROM contact_attribute v JOIN attribute a ON a.id = v.attribute_id
     WHERE v.contact_id = $1 ORDER BY a.key`,
    [contactId],
  );
}

export function clicksOf(sql: Sql, contactId: string): Promise<KnownClick[]> {
  return sql.query<KnownClick & Record<string, unknown>>(
    `SELECT campaign.name AS campaign, link.url, k.at,
       ${goneOn('k.at', `interval '${PROFILING.years} years'`)} AS "goneOn"
     FROM contact_click k JOIN campaign_link link ON link.code = k.code JOIN campaign ON campaign.id = k.campaign_id
     WHERE k.contact_id = $1 ORDER BY k.at DESC, link.number`,
    [contactId],
  );
}

export function recommendedTo(sql: Sql, contactId: string): Promise<KnownOffer[]> {
  return sql.query<KnownOffer & Record<string, unknown>>(
    `SELECT c.name AS course, o.rule, b.name AS because, o.created_at AS at,
       ${goneOn('o.known_at', `interval '${PROFILING.years} years'`)} AS "goneOn"
     FROM message_offer o JOIN course c ON c.id = o.course_id LEFT JOIN course b ON b.id = o.because_id
     WHERE o.contact_id = $1 ORDER BY o.created_at DESC, o.position`,
    [contactId],
  );
}

/** The contact of an id, or the one that took it in. */
export async function survivorOf(sql: Sql, id: string): Promise<string | null> {
  const [row] = await sql.query<{ id: string }>(
    `SELECT COALESCE(merged_into_id, id) AS id FROM contact WHERE id = $1`,
    [id],
  );
  return row?.id ?? null;
}
