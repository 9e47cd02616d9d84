import type { Channel } from '../../domain/address';
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
  createdBy: string | null;
  at: Date;
}

/** Two people saving at once give two versions, never a lost row. */
export async function upsertTemplate(
  sql: Sql,
  row: TemplateRow,
): Promise<{ id: string; version: number }> {
  const [saved] = await sql.query<{ id: string; version: number }>(
    `INSERT INTO template (id, key, channel, name_sv, name_en, description, subject, preheader, body, version,
       created_by, created_at, updated_at)
     VALUES ($1, $2, $11, $3, $4, $5, $6, $7, $8, 1, $9, $10, $10)
     ON CONFLICT (key) DO UPDATE SET name_sv = EXCLUDED.name_sv, name_en = EXCLUDED.name_en,
       description = EXCLUDED.description, subject = EXCLUDED.subject,
       preheader = EXCLUDED.preheader, body = EXCLUDED.body, version = template.version + 1,
       updated_at = EXCLUDED.updated_at
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
    ],
  );
  return saved!;
}
