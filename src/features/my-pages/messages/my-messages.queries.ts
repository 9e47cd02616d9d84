import type { Channel } from '../../../domain/address';
import type { MessageState } from '../../../domain/message-state';
import type { Sql } from '../../../platform/database/database';
import type { Ground } from '../../registry/ledger/ledger-act';

export interface SentRow {
  at: Date;
  channel: Channel;
  state: MessageState;
  versionId: string;
  campaignName: string;
  topicSv: string;
  topicEn: string;
  ground: Ground | null;
  groundSince: Date | null;
}

const OWN = `ARRAY(SELECT id FROM contact WHERE id = $1 OR merged_into_id = $1)`;

/** Newest first: what was handed over to a provider, with the yes that stood when it was. */
export function sentTo(
  sql: Sql,
  contactId: string,
  states: readonly MessageState[],
  limit: number,
): Promise<SentRow[]> {
  return sql.query<SentRow>(
    `SELECT COALESCE(m.permit_at, m.decided_at) AS at, d.channel, m.state, d.content_version_id AS "versionId",
       c.name AS "campaignName", t.name_sv AS "topicSv", t.name_en AS "topicEn", yes.ground, yes.at AS "groundSince"
     FROM message_status m JOIN dispatch d ON d.id = m.dispatch_id
     JOIN campaign c ON c.id = d.campaign_id JOIN topic t ON t.id = d.topic_id
     LEFT JOIN LATERAL (
       SELECT e.ground, e.at FROM ledger_entry e
       WHERE e.address_key = m.address_key AND e.topic_id = d.topic_id AND e.kind = 'grant'
         AND e.at <= COALESCE(m.permit_at, m.decided_at)
       ORDER BY e.seq DESC LIMIT 1) yes ON TRUE
     WHERE m.contact_id = ANY(${OWN}) AND m.state = ANY($2::text[])
     ORDER BY 1 DESC, m.id DESC LIMIT $3`,
    [contactId, states, limit],
  );
}

export function withheldFrom(
  sql: Sql,
  contactId: string,
  reasons: readonly string[],
): Promise<{ reason: string; count: number }[]> {
  return sql.query(
    `SELECT m.reason, count(*)::int AS count FROM message_status m
     WHERE m.contact_id = ANY(${OWN}) AND m.state = 'WITHHELD' AND m.reason = ANY($2::text[])
     GROUP BY m.reason ORDER BY m.reason`,
    [contactId, reasons],
  );
}
