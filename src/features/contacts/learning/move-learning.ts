import type { Sql } from '../../../platform/database/database';

/** What is known of one contact becomes the other's; where both have a value, the newest stays. */
export async function moveLearning(sql: Sql, toId: string, fromId: string): Promise<void> {
  await sql.query(`UPDATE learner_event SET contact_id = $1 WHERE contact_id = $2`, [toId, fromId]);
  await sql.query(`UPDATE message_offer SET contact_id = $1 WHERE contact_id = $2`, [toId, fromId]);
  await sql.query(
    `DELETE FROM contact_attribute older USING contact_attribute newer
     WHERE older.attribute_id = newer.attribute_id
       AND ((older.contact_id = $1 AND newer.contact_id = $2 AND newer.collected_at > older.collected_at)
         OR (older.contact_id = $2 AND newer.contact_id = $1 AND newer.collected_at >= older.collected_at))`,
    [toId, fromId],
  );
  await sql.query(`UPDATE contact_attribute SET contact_id = $1 WHERE contact_id = $2`, [
    toId,
    fromId,
  ]);
  // A consent to be tracked is for whom it was given: the clicks of the other go on only under one's own.
  await sql.query(
    `UPDATE contact_click SET contact_id = $1
     WHERE contact_id = $2 AND EXISTS (SELECT FROM tracking_consent WHERE contact_id = $1)`,
    [toId, fromId],
  );
  await sql.query(`DELETE FROM tracking_consent WHERE contact_id = $1`, [fromId]);
}

export async function removeLearning(sql: Sql, contactIds: readonly string[]): Promise<void> {
  const ids = [[...contactIds]];
  await sql.query(`DELETE FROM learner_event WHERE contact_id = ANY ($1::uuid[])`, ids);
  await sql.query(`DELETE FROM message_offer WHERE contact_id = ANY ($1::uuid[])`, ids);
  await sql.query(`DELETE FROM contact_attribute WHERE contact_id = ANY ($1::uuid[])`, ids);
  await sql.query(`DELETE FROM tracking_consent WHERE contact_id = ANY ($1::uuid[])`, ids);
}
