import type { Sql } from '../../../platform/database/database';
import type { Ground } from '../ledger/ledger-act';
import type { LinkTokenRow } from '../link-tokens';

export interface Reason {
  topicSv: string | null;
  topicEn: string | null;
  purpose: string | null;
  ground: Ground | null;
  groundAt: Date | null;
  door: string | null;
  source: string | null;
  collectedAt: Date | null;
}

/** Why this link's message was sent: its topic, and the latest yes to it from this address before it left. */
export async function reasonFor(sql: Sql, link: LinkTokenRow): Promise<Reason> {
  const [row] = await sql.query<Reason>(
    `SELECT topic.name_sv AS "topicSv", topic.name_en AS "topicEn", topic.purpose,
       yes.ground, yes.at AS "groundAt", yes.door, a.source, a.collected_at AS "collectedAt"
     FROM (SELECT 1) AS one
     LEFT JOIN topic ON topic.id = $2
     LEFT JOIN LATERAL (
       SELECT ground, at, door FROM ledger_entry
       WHERE address_key = $1 AND topic_id = $2 AND kind = 'grant' AND at <= $3
       ORDER BY seq DESC LIMIT 1) yes ON TRUE
     LEFT JOIN LATERAL (
       SELECT source, collected_at FROM address WHERE address_key = $1
       ORDER BY (contact_id = $4) DESC NULLS LAST, collected_at LIMIT 1) a ON TRUE`,
    [link.addressKey, link.topicId, link.createdAt, link.contactId],
  );
  return row!;
}
