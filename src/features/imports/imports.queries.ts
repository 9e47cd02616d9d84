import { plainArray, textArray } from '../../platform/database/arrays';
import type { Database, Sql } from '../../platform/database/database';
import { send } from '../../platform/database/write-behind';
import type { TopicName } from './columns';
import type { Counts, ImportRecord, ImportState } from './import-record';
import type { SettledRow } from './settle-rows';

const COLUMNS = `
  id, file_name AS "fileName", state, kind, source, bytes, encoding, delimiter, header, mapping, options,
  attestation, counts, position, total_rows AS "totalRows", fault, created_by AS "createdBy",
  created_at AS "createdAt", finished_at AS "finishedAt", undone_at AS "undoneAt"`;

export async function findImport(sql: Sql, id: string): Promise<ImportRecord | null> {
  const [record] = await sql.query<ImportRecord>(`SELECT ${COLUMNS} FROM import WHERE id = $1`, [
    id,
  ]);
  return record ?? null;
}

/** Keeps every other change of this import waiting until the transaction ends. */
export async function lockImport(sql: Sql, id: string): Promise<ImportRecord | null> {
  const [record] = await sql.query<ImportRecord>(
    `SELECT ${COLUMNS} FROM import WHERE id = $1 FOR UPDATE`,
    [id],
  );
  return record ?? null;
}

export function listImports(
  sql: Sql,
  before: string | null,
  limit: number,
): Promise<ImportRecord[]> {
  return sql.query<ImportRecord>(
    `SELECT ${COLUMNS} FROM import WHERE $1::uuid IS NULL OR id < $1 ORDER BY id DESC LIMIT $2`,
    [before, limit],
  );
}

export function listTopics(sql: Sql): Promise<TopicName[]> {
  return sql.query<TopicName>(
    `SELECT id, key, name_sv AS "nameSv", name_en AS "nameEn" FROM topic
     WHERE archived_at IS NULL ORDER BY position, key`,
  );
}

export async function insertImport(sql: Sql, record: ImportRecord): Promise<void> {
  await sql.query(
    `INSERT INTO import (id, file_name, state, kind, source, bytes, encoding, delimiter, header, mapping,
       options, attestation, counts, position, total_rows, created_by, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0, $14, $15, $16)`,
    [
      record.id,
      record.fileName,
      record.state,
      record.kind,
      record.source,
      record.bytes,
      record.encoding,
      record.delimiter,
      record.header,
      JSON.stringify(record.mapping),
      JSON.stringify(record.options),
      record.attestation && JSON.stringify(record.attestation),
      JSON.stringify(record.counts),
      record.totalRows,
      record.createdBy,
      record.createdAt,
    ],
  );
}

export async function saveSettings(sql: Sql, record: ImportRecord): Promise<void> {
  await sql.query(`UPDATE import SET mapping = $2, options = $3, attestation = $4 WHERE id = $1`, [
    record.id,
    JSON.stringify(record.mapping),
    JSON.stringify(record.options),
    record.attestation && JSON.stringify(record.attestation),
  ]);
}

export async function setState(
  sql: Sql,
  id: string,
  state: ImportState,
  more: { fault?: string; finishedAt?: Date; undoneAt?: Date; totalRows?: number } = {},
): Promise<void> {
  await sql.query(
    `UPDATE import SET state = $2, fault = $3, finished_at = COALESCE($4, finished_at),
       undone_at = COALESCE($5, undone_at), total_rows = COALESCE($6, total_rows), lease_until = NULL
     WHERE id = $1`,
    [id, state, more.fault ?? null, more.finishedAt, more.undoneAt, more.totalRows],
  );
}

/** Back to the beginning: what a trial run left goes. */
export async function restartImport(sql: Sql, id: string, state: ImportState): Promise<void> {
  await sql.query(`DELETE FROM import_row WHERE import_id = $1`, [id]);
  await sql.query(
    `UPDATE import SET state = $2, position = 0, counts = '{}', fault = NULL WHERE id = $1`,
    [id, state],
  );
}

/**
 * Takes the import for this worker, by the database's clock; null when another has it, or when there is
 * nothing to do. The lease only saves work: what keeps two workers from doing a row twice is the position.
 */
export async function leaseImport(
  sql: Sql,
  id: string,
  seconds: number,
): Promise<ImportRecord | null> {
  const [record] = await sql.query<ImportRecord>(
    `UPDATE import SET lease_until = clock_timestamp() + make_interval(secs => $2)
     WHERE id = $1 AND state IN ('running', 'undoing')
       AND (lease_until IS NULL OR lease_until < clock_timestamp())
     RETURNING ${COLUMNS}`,
    [id, seconds],
  );
  return record ?? null;
}

export async function renewLease(sql: Sql, id: string, seconds: number): Promise<void> {
  await sql.query(
    `UPDATE import SET lease_until = clock_timestamp() + make_interval(secs => $2) WHERE id = $1`,
    [id, seconds],
  );
}

export async function releaseImport(sql: Sql, id: string): Promise<void> {
  await sql.query(`UPDATE import SET lease_until = NULL WHERE id = $1`, [id]);
}

/** How far the import has come, with what it found on the way. */
export async function saveProgress(
  sql: Sql,
  id: string,
  progress: { position: number; counts: Counts; leaseSeconds: number },
): Promise<void> {
  await send(
    sql,
    `UPDATE import SET position = $2, counts = $3, lease_until = clock_timestamp() + make_interval(secs => $4)
     WHERE id = $1`,
    [id, progress.position, JSON.stringify(progress.counts), progress.leaseSeconds],
  );
}

export async function insertRows(sql: Sql, importId: string, rows: SettledRow[]): Promise<void> {
  await send(
    sql,
    `INSERT INTO import_row (import_id, line, verdict, code, field, message, contact_id, before)
     SELECT $1, line, verdict, code, field, message, contact_id, CASE WHEN json_typeof(before) <> 'null' THEN before::jsonb END
     FROM ROWS FROM (
       unnest($2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::uuid[]),
       json_array_elements($8::json)
     ) AS r(line, verdict, code, field, message, contact_id, before)
     ON CONFLICT (import_id, line) DO NOTHING`,
    [
      importId,
      plainArray(rows.map((row) => row.line)),
      textArray(rows.map((row) => row.verdict)),
      textArray(rows.map((row) => row.faults[0]?.code ?? row.code)),
      textArray(rows.map((row) => row.faults[0]?.path ?? null)),
      textArray(rows.map((row) => row.faults.map(({ message }) => message).join(' ') || null)),
      plainArray(rows.map((row) => row.contactId)),
      JSON.stringify(rows.map((row) => row.before)),
    ],
  );
}

export interface FaultRow {
  line: number;
  field: string | null;
  code: string;
  /** Null once the time for undoing has passed. */
  message: string | null;
}

export function faultsAfter(
  sql: Sql,
  importId: string,
  line: number,
  limit: number,
): Promise<FaultRow[]> {
  return sql.query<FaultRow>(
    `SELECT line, field, code, message FROM import_row
     WHERE import_id = $1 AND verdict = 'faulty' AND line > $2 ORDER BY line LIMIT $3`,
    [importId, line, limit],
  );
}

/**
 * On tables that an import has just filled, Postgres plans with what it knew of them when they were empty: it
 * then reads all of a table to find a thousand rows, and each slice is slower than the one before.
 * Autovacuum would see to it, but only a minute later. A table known to be larger than the import is left alone.
 */
export async function renewStatistics(db: Database, imported: number): Promise<void> {
  const tables = await db.query<{ name: string }>(
    `SELECT oid::regclass::text AS name FROM pg_class
     WHERE oid = ANY ('{contact,address,gate,ledger_entry,import_row}'::regclass[]) AND reltuples < $1`,
    [imported],
  );
  if (tables.length === 0) return;
  await db.tx(async (tx) => {
    // A tenth of the usual sample tells how large a table is; autovacuum will look closer.
    await tx.query('SET LOCAL default_statistics_target = 10');
    await tx.query(`ANALYZE ${tables.map(({ name }) => name).join()}`);
  });
}
