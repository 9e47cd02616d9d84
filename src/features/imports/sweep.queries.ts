import type { Database, Sql } from '../../platform/database/database';

/** Imports that nobody is working on though they should be. */
export async function abandonedImports(sql: Sql): Promise<string[]> {
  const rows = await sql.query<{ id: string }>(
    `SELECT id FROM import WHERE state IN ('running', 'undoing')
       AND (lease_until IS NULL OR lease_until < clock_timestamp())`,
  );
  return rows.map(({ id }) => id);
}

/**
 * Ends the time for undoing: the file goes, and with it what stood before in people's data (F-44: within a
 * day). Verdicts by line and contact id stay. A paused import keeps its file only as long as one never started.
 */
export async function purgeImports(db: Database, before: Date): Promise<void> {
  const done = await db.query<{ id: string }>(
    `SELECT id FROM import
     WHERE COALESCE(finished_at, created_at) < $1
       AND state IN ('uploaded', 'paused', 'finished', 'failed', 'undone')
       AND (EXISTS (SELECT FROM import_chunk c WHERE c.import_id = import.id) OR state = 'uploaded')
     LIMIT 50`,
    [before],
  );
  for (const { id } of done) {
    await db.tx(async (tx) => {
      const [locked] = await tx.query<{ state: string }>(
        `SELECT state FROM import WHERE id = $1 AND state NOT IN ('running', 'undoing') FOR UPDATE`,
        [id],
      );
      if (!locked) return;
      await tx.query(`DELETE FROM import_chunk WHERE import_id = $1`, [id]);
      await tx.query(
        `UPDATE import_row SET before = NULL, message = NULL
         WHERE import_id = $1 AND (before IS NOT NULL OR message IS NOT NULL)`,
        [id],
      );
      if (locked.state === 'uploaded' || locked.state === 'paused') {
        await tx.query(`UPDATE import SET state = 'expired' WHERE id = $1`, [id]);
      }
    });
  }
}

/** Pieces of uploads that were cut off before an import was made of them. Their ids tell their age. */
export async function purgeOrphans(sql: Sql, before: Date): Promise<void> {
  const oldest = before.getTime().toString(16).padStart(12, '0');
  await sql.query(
    `DELETE FROM import_chunk c
     WHERE c.import_id < $1::uuid AND NOT EXISTS (SELECT FROM import i WHERE i.id = c.import_id)`,
    [`${oldest.slice(0, 8)}-${oldest.slice(8)}-7000-8000-000000000000`],
  );
}
