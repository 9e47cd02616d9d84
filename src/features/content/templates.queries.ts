import type { Channel } from '../../domain/address';
import type { Block } from '../../domain/blocks/block';
import type { Sql } from '../../platform/database/database';

export interface TemplateRow {
  id: string;
  key: string;
  channel: Channel;
  nameSv: string;
  nameEn: string;
  description: string;
  subject: string;
  preheader: string;
  body: string;
  blocks: Block[] | null;
  createdBy: string | null;
  at: Date;
}

/**
 * Two people saving at once give two versions, never a lost row; and nothing at all, when `edited` names a version
 * that is no longer the newest.
 */
export async function upsertTemplate(
  sql: Sql,
  row: TemplateRow,
  edited?: number,
): Promise<{ id: string; version: number } | undefined> {
  const [saved] = await sql.query<{ id: string; version: number }>(
    `INSERT INTO template (id, key, channel, name_sv, name_en, description, subject, preheader, body, blocks,
       version, created_by, created_at, updated_at)
     VALUES ($1, $2, $11, $3, $4, $5, $6, $7, $8, $12, 1, $9, $10, $10)
     ON CONFLICT (key) DO UPDATE SET name_sv = EXCLUDED.name_sv, name_en = EXCLUDED.name_en,
       description = EXCLUDED.description, subject = EXCLUDED.subject,
       preheader = EXCLUDED.preheader, body = EXCLUDED.body,
       blocks = EXCLUDED.blocks, version = template.version + 1,
       updated_at = EXCLUDED.updated_at
     WHERE $13::int IS NULL OR template.version = $13
     RETURNING id, version`,
    [
      row.id,
      row.key,
      row.nameSv,
      row.nameEn,
      row.description,
      row.subject,
      row.preheader,
      row.body,
      row.createdBy,
      row.at,
      row.channel,
      row.blocks && JSON.stringify(row.blocks),
      edited ?? null,
    ],
  );
  return saved;
}

export async function deleteTemplate(sql: Sql, key: string): Promise<string | undefined> {
  const [row] = await sql.query<{ id: string }>(
    `DELETE FROM template WHERE key = $1 RETURNING id`,
    [key],
  );
  return row?.id;
}
