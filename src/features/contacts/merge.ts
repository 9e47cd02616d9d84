import type { Channel } from '../../domain/address';
import type { Sql } from '../../platform/database/database';
import { Conflict, NotFound } from '../../platform/errors';
import type { VersionedKey } from './address-keys';
import { moveLearning } from './learning/move-learning';
import { lockContacts, readContacts, updateContacts } from './upsert.queries';

const DATA = [
  'first_name',
  'last_name',
  'title',
  'city',
  'organisation_id',
  'employer_id',
] as const;

/** An address that went over from one contact to the other. */
export interface MovedAddress extends VersionedKey {
  channel: Channel;
}

/**
 * Makes two contacts one, and tells which addresses went over. Only the contacts' own tables are touched: every
 * ledger entry stays under the id it was made for, so the registry must read a merged contact's noes through
 * `merged_into_id`, or the caller record them anew for the contact that is kept (MergeContacts does).
 */
export async function mergeContacts(
  sql: Sql,
  keepId: string,
  dropId: string,
  now: Date,
): Promise<MovedAddress[]> {
  if (keepId === dropId) throw new Conflict('same_contact');
  await lockContacts(sql, [keepId, dropId]);
  const rows = await readContacts(sql, [keepId, dropId]);
  const keep = rows.find(({ id }) => id === keepId);
  const drop = rows.find(({ id }) => id === dropId);
  const merged = await sql.query(
    `SELECT FROM contact WHERE id = ANY ($1::uuid[]) AND merged_into_id IS NOT NULL`,
    [[keepId, dropId]],
  );
  if (!keep || !drop || merged.length > 0) throw new NotFound('contact_not_found');
  for (const column of DATA) {
    if (keep[column] !== null || drop[column] === null) continue;
    Object.assign(keep, { [column]: drop[column] });
    if (drop.sources[column]) keep.sources[column] = drop.sources[column];
  }
  keep.kinds = [...new Set([...keep.kinds, ...drop.kinds])].sort();
  keep.minor ||= drop.minor;
  await updateContacts(sql, [keep], now);
  await sql.query(
    `DELETE FROM address a USING address kept
     WHERE a.contact_id = $2 AND kept.contact_id = $1
       AND kept.channel = a.channel AND kept.address_key = a.address_key`,
    [keepId, dropId],
  );
  const moved = await sql.query<MovedAddress>(
    `UPDATE address SET contact_id = $1 WHERE contact_id = $2
     RETURNING channel, address_key AS key, key_version AS version`,
    [keepId, dropId],
  );
  await moveLearning(sql, keepId, dropId);
  // One step always leads to the contact that is kept, however many merges went before.
  await sql.query(
    `UPDATE contact SET merged_into_id = $1, updated_at = $3 WHERE id = $2 OR merged_into_id = $2`,
    [keepId, dropId, now],
  );
  return moved;
}
