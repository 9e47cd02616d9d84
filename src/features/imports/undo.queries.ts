import type { Sql } from '../../platform/database/database';
import type { GivenGrant, RowBefore } from './settle-rows';

export interface UndoRow {
  line: number;
  contactId: string;
  before: RowBefore;
}

/** The next rows that changed something and are not undone yet. */
export function rowsToUndo(sql: Sql, importId: string, limit: number): Promise<UndoRow[]> {
  return sql.query<UndoRow>(
    `SELECT line, contact_id AS "contactId", before FROM import_row
     WHERE import_id = $1 AND before IS NOT NULL AND contact_id IS NOT NULL
     ORDER BY line LIMIT $2`,
    [importId, limit],
  );
}

/** Takes from the rows what undoing needs, so that they are not found again. */
export async function markUndone(sql: Sql, importId: string, lines: number[]): Promise<void> {
  await sql.query(
    `UPDATE import_row SET before = NULL, contact_id = NULL, code = 'undone'
     WHERE import_id = $1 AND line = ANY ($2::int[])`,
    [importId, lines],
  );
}

/** Of these grants, the ones that are still the last word on their address and topic. */
export async function standingGrants(
  sql: Sql,
  importId: string,
  grants: GivenGrant[],
): Promise<Set<string>> {
  if (grants.length === 0) return new Set();
  const rows = await sql.query<{ key: string; topicId: string }>(
    `SELECT g.key, g.topic_id AS "topicId"
     FROM unnest($1::text[], $2::uuid[]) AS g (key, topic_id)
     JOIN LATERAL (
       SELECT evidence FROM ledger_entry e
       WHERE e.address_key = decode(g.key, 'hex') AND e.kind = 'grant' AND e.topic_id = g.topic_id
       ORDER BY e.seq DESC LIMIT 1
     ) AS last ON last.evidence ->> 'import' = $3`,
    [grants.map(({ key }) => key), grants.map(({ topicId }) => topicId), importId],
  );
  return new Set(rows.map(({ key, topicId }) => `${key} ${topicId}`));
}

/**
 * Contacts that this import made and nobody has touched since: not changed, not written to, no word from the
 * person in the ledger, and not in a later import.
 */
export async function untouched(sql: Sql, importId: string, ids: string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await sql.query<{ id: string }>(
    `SELECT c.id FROM contact c
     WHERE c.id = ANY ($2::uuid[]) AND c.updated_at = c.created_at AND c.merged_into_id IS NULL
       AND NOT EXISTS (SELECT FROM message m WHERE m.contact_id = c.id)
       AND NOT EXISTS (SELECT FROM contact other WHERE other.merged_into_id = c.id)
       AND NOT EXISTS (SELECT FROM signup s JOIN address a ON a.address_key = s.address_key
                       WHERE a.contact_id = c.id)
       AND NOT EXISTS (SELECT FROM ledger_entry e WHERE e.contact_id = c.id
                       AND NOT (e.door = 'import' AND e.evidence ->> 'import' = $1))
       AND NOT EXISTS (
         SELECT FROM import_row r
         WHERE r.contact_id = c.id AND r.import_id IN (
           SELECT later.id FROM import later JOIN import this ON this.id = $1::uuid
           WHERE later.id <> this.id AND later.position > 0
             AND (later.finished_at IS NULL OR later.finished_at >= this.created_at)))`,
    [importId, ids],
  );
  return rows.map(({ id }) => id);
}
