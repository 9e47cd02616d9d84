import type { Channel } from '../../domain/address';
import type { LedgerScope } from '../../domain/registry-state';
import type { Sql } from '../../platform/database/database';
import { mask } from '../registry/link-tokens';
import type { OtherAddress } from './record-no.dto';

/**
 * The other addresses of whoever a no is about, and whether it keeps what it names from them: as the gate has it.
 * $1 the contact, if it is one · $2 the address that was named, whose holders are meant too · $3 the topic, if it is one
 */
export async function otherAddresses(
  tx: Sql,
  contactId: string | null,
  addressKey: Buffer | null,
  topicId: string | null,
): Promise<OtherAddress[]> {
  const rows = await tx.query<{ channel: Channel; value: string; covered: boolean }>(
    `SELECT DISTINCT a.channel, a.value,
       COALESCE(g.no_all AND cardinality(g.allowed) = 0, FALSE)
         OR COALESCE($3::uuid = ANY(g.no_topics), FALSE) AS covered
     FROM address a LEFT JOIN gate g ON g.address_key = a.address_key
     WHERE (a.contact_id = $1::uuid OR a.contact_id IN (SELECT contact_id FROM address WHERE address_key = $2::bytea))
       AND a.address_key IS DISTINCT FROM $2::bytea
     ORDER BY a.channel, a.value`,
    [contactId, addressKey, topicId],
  );
  return rows.map(({ channel, value, covered }) => ({
    channel,
    address: mask(channel, value),
    covered,
  }));
}

export interface EntryOfCase {
  at: Date;
  scope: LedgerScope;
  channel: Channel | null;
  topicId: string | null;
  topicSv: string | null;
  topicEn: string | null;
}

export async function entryOfCase(sql: Sql, id: string): Promise<EntryOfCase | undefined> {
  const [entry] = await sql.query<EntryOfCase & Record<string, unknown>>(
    `SELECT e.at, e.scope, e.channel, e.topic_id AS "topicId", t.name_sv AS "topicSv", t.name_en AS "topicEn"
     FROM ledger_entry e LEFT JOIN topic t ON t.id = e.topic_id WHERE e.id = $1`,
    [id],
  );
  return entry;
}
