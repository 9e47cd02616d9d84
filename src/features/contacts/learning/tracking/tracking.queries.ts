import { prepare, type Sql } from '../../../../platform/database/database';
import { barredReason } from '../may-profile';

/** False when it stands already, or when nothing of the person may be kept for R-10. */
export async function allowTracking(sql: Sql, contactId: string): Promise<boolean> {
  const rows = await sql.query(
    `INSERT INTO tracking_consent (contact_id, given_at)
     SELECT c.id, clock_timestamp() FROM contact c
     WHERE c.id = $1 AND c.merged_into_id IS NULL AND ${barredReason('c.id', 'c.minor')} IS NULL
     ON CONFLICT DO NOTHING RETURNING 1`,
    [contactId],
  );
  return rows.length === 1;
}

/** With what is known by it: the clicks go in the same statement. False when there was none. */
export async function endTracking(sql: Sql, contactId: string): Promise<boolean> {
  const rows = await sql.query(`DELETE FROM tracking_consent WHERE contact_id = $1 RETURNING 1`, [
    contactId,
  ]);
  return rows.length === 1;
}

export async function isTracked(sql: Sql, contactId: string): Promise<boolean> {
  const rows = await sql.query(`SELECT FROM tracking_consent WHERE contact_id = $1`, [contactId]);
  return rows.length === 1;
}

export async function isAnybodyTracked(sql: Sql): Promise<boolean> {
  const rows = await sql.query(`SELECT FROM tracking_consent LIMIT 1`);
  return rows.length === 1;
}

/** A mailbox that others read too is nobody's: a click there tells of no one. Over `m`, a message. */
const OWN_MAILBOX = `NOT EXISTS (SELECT FROM address other JOIN address own ON own.address_key = other.address_key
  WHERE other.address_key = m.address_key AND other.contact_id <> own.contact_id)`;

/** Messages of a batch whose links may tell whose they are. $1 batch */
const TRACKED_IN_BATCH = prepare(
  'tracked_in_batch',
  `SELECT m.id FROM message m
   JOIN tracking_consent t ON t.contact_id = m.contact_id
   JOIN reach r ON r.contact_id = m.contact_id AND r.profiled
   WHERE m.batch_id = $1 AND ${OWN_MAILBOX}`,
);

export async function trackedInBatch(sql: Sql, batchId: string): Promise<Set<string>> {
  const rows = await sql.query<{ id: string }>(TRACKED_IN_BATCH, [batchId]);
  return new Set(rows.map(({ id }) => id));
}

/** $1 what the code may stand for · $2 the link's code */
const STORE_CLICK = prepare(
  'store_click',
  `INSERT INTO contact_click AS k (message_id, code, contact_id, campaign_id, at)
   SELECT m.id, link.code, t.contact_id, link.campaign_id, clock_timestamp()
   FROM message m
   JOIN dispatch d ON d.id = m.dispatch_id
   JOIN campaign_link link ON link.campaign_id = d.campaign_id AND link.code = $2
   JOIN contact c ON c.id = m.contact_id
   JOIN tracking_consent t ON t.contact_id = COALESCE(c.merged_into_id, c.id)
   JOIN reach r ON r.contact_id = t.contact_id AND r.profiled
   WHERE m.id = ANY ($1::uuid[]) AND ${OWN_MAILBOX}
   ON CONFLICT (message_id, code) DO UPDATE SET at = EXCLUDED.at`,
);

/** Nothing is stored of whoever has not agreed, or does so no more. Once per message and link, with the last time. */
export async function storeClick(
  sql: Sql,
  messageIds: readonly string[],
  code: string,
): Promise<void> {
  await sql.query(STORE_CLICK, [[...messageIds], code]);
}
