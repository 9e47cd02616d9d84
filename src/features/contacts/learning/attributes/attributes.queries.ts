import type { Sql } from '../../../../platform/database/database';
import type { Attribute, CreateAttribute } from './attributes.dto';

const COLUMNS = `id, key, type, name_sv AS "nameSv", name_en AS "nameEn", purpose, choices,
  (SELECT count(*)::int FROM contact_attribute v WHERE v.attribute_id = attribute.id) AS values,
  created_at AS "createdAt", archived_at AS "archivedAt"`;

/** Archived ones last and only if asked for. */
export function listAttributes(sql: Sql, archived: boolean): Promise<Attribute[]> {
  return sql.query<Attribute>(
    `SELECT ${COLUMNS} FROM attribute WHERE $1 OR archived_at IS NULL ORDER BY archived_at IS NOT NULL, key`,
    [archived],
  );
}

export async function findAttribute(sql: Sql, id: string): Promise<Attribute | undefined> {
  const [found] = await sql.query<Attribute>(`SELECT ${COLUMNS} FROM attribute WHERE id = $1`, [
    id,
  ]);
  return found;
}

/** False when the key is taken. */
export async function insertAttribute(
  sql: Sql,
  id: string,
  input: CreateAttribute,
  now: Date,
): Promise<boolean> {
  const { key, type, nameSv, nameEn, purpose, choices = [] } = input;
  const made = await sql.query(
    `INSERT INTO attribute (id, key, type, name_sv, name_en, purpose, choices, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (key) DO NOTHING RETURNING id`,
    [id, key, type, nameSv, nameEn, purpose, choices, now],
  );
  return made.length === 1;
}

/** Until the end of the transaction nobody stores a value of it. */
export async function lockAttribute(sql: Sql, id: string): Promise<void> {
  await sql.query(`SELECT FROM attribute WHERE id = $1 FOR UPDATE`, [id]);
}

export async function updateAttribute(
  sql: Sql,
  { id, type, nameSv, nameEn, purpose, choices, archivedAt }: Attribute,
): Promise<void> {
  await sql.query(
    `UPDATE attribute SET type = $2, name_sv = $3, name_en = $4, purpose = $5, choices = $6, archived_at = $7
     WHERE id = $1`,
    [id, type, nameSv, nameEn, purpose, choices, archivedAt],
  );
}

/** Whether somebody has a value that is none of these. */
export async function hasOtherChoices(sql: Sql, id: string, choices: string[]): Promise<boolean> {
  const rows = await sql.query(
    `SELECT FROM contact_attribute WHERE attribute_id = $1 AND text <> ALL ($2::text[]) LIMIT 1`,
    [id, choices],
  );
  return rows.length > 0;
}

export async function removeValues(sql: Sql, id: string): Promise<void> {
  await sql.query(`DELETE FROM contact_attribute WHERE attribute_id = $1`, [id]);
}
