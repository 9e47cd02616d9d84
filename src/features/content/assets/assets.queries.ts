import type { Sql } from '../../../platform/database/database';

export interface AssetRow {
  hash: string;
  extension: string;
  name: string;
  width: number;
  height: number;
  bytes: number;
  createdAt: Date;
}

const COLUMNS = `hash, extension, name, width, height, bytes, created_at AS "createdAt"`;

export async function insertAsset(
  sql: Sql,
  row: AssetRow & { createdBy: string | null },
): Promise<AssetRow> {
  const { hash, extension, name, width, height, bytes, createdBy, createdAt } = row;
  await sql.query(
    `INSERT INTO asset (hash, extension, name, width, height, bytes, created_by, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (hash) DO NOTHING`,
    [hash, extension, name, width, height, bytes, createdBy, createdAt],
  );
  // A statement of its own: only a new snapshot sees the row of whoever was first.
  const [saved] = await sql.query<AssetRow & Record<string, unknown>>(
    `SELECT ${COLUMNS} FROM asset WHERE hash = $1`,
    [hash],
  );
  return saved!;
}

export function newestAssets(sql: Sql, most: number): Promise<AssetRow[]> {
  return sql.query<AssetRow & Record<string, unknown>>(
    `SELECT ${COLUMNS} FROM asset ORDER BY created_at DESC LIMIT $1`,
    [most],
  );
}
