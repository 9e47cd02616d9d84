import type { AttributeType, AttributeValue } from '../../../../domain/learning';
import { PROFILING } from '../../../../domain/policy';
import { plainArray, textArray } from '../../../../platform/database/arrays';
import type { Sql } from '../../../../platform/database/database';
import { barredReason } from '../may-profile';

export interface DeclaredAttribute {
  id: string;
  key: string;
  type: AttributeType;
  choices: string[];
}

/** Locked until the end of the transaction, so that no value is stored of what is being archived. */
export function declaredAttributes(sql: Sql, keys: string[]): Promise<DeclaredAttribute[]> {
  return sql.query<DeclaredAttribute & Record<string, unknown>>(
    `SELECT id, key, type, choices FROM attribute
     WHERE key = ANY ($1::text[]) AND archived_at IS NULL ORDER BY key FOR SHARE`,
    [textArray(keys)],
  );
}

export interface ValueRow {
  n: number;
  contactId: string;
  attributeId: string;
  type: AttributeType;
  value: AttributeValue | null;
}

/** A value that is said again keeps its age: it was collected when it first came. */
export function storeValues(
  sql: Sql,
  rows: readonly ValueRow[],
  { source, now }: { source: string; now: Date },
): Promise<{ n: number; changed: boolean; notKept: boolean }[]> {
  const of = <T>(...types: AttributeType[]) =>
    rows.map(({ type, value }) => (types.includes(type) ? (value as T) : null));
  return sql.query(
    `WITH given AS MATERIALIZED (
       SELECT r.*, num_nonnulls(r.text, r.number, r.date, r.flag) = 1 AS filled, a.purpose = '${PROFILING.id}' AS profiling
       FROM unnest($1::int[], $2::uuid[], $3::uuid[], $4::text[], $5::float8[], $6::date[], $7::bool[])
         AS r(n, contact_id, attribute_id, text, number, date, flag)
       JOIN attribute a ON a.id = r.attribute_id
     ),
     barred AS MATERIALIZED (
       SELECT c.id FROM contact c
       WHERE c.id IN (SELECT contact_id FROM given WHERE profiling AND filled)
         AND ${barredReason('c.id', 'c.minor')} IS NOT NULL
     ),
     judged AS MATERIALIZED (
       SELECT g.*, g.profiling AND g.filled AND g.contact_id IN (SELECT id FROM barred) AS not_kept FROM given g
     ),
     removed AS (
       DELETE FROM contact_attribute v USING judged j
       WHERE v.attribute_id = j.attribute_id AND v.contact_id = j.contact_id AND NOT j.filled
       RETURNING j.n
     ),
     stored AS (
       INSERT INTO contact_attribute AS v (attribute_id, contact_id, text, number, date, flag, source, collected_at)
       SELECT attribute_id, contact_id, text, number, date, flag, $8, $9 FROM judged
       WHERE filled AND NOT not_kept ORDER BY attribute_id, contact_id
       ON CONFLICT (attribute_id, contact_id) DO UPDATE SET text = excluded.text, number = excluded.number,
         date = excluded.date, flag = excluded.flag, source = excluded.source, collected_at = excluded.collected_at
       WHERE (v.text, v.number, v.date, v.flag)
         IS DISTINCT FROM (excluded.text, excluded.number, excluded.date, excluded.flag)
       RETURNING v.attribute_id, v.contact_id
     )
     SELECT j.n, j.not_kept AS "notKept", r.n IS NOT NULL OR s.contact_id IS NOT NULL AS changed
     FROM judged j LEFT JOIN removed r ON r.n = j.n
     LEFT JOIN stored s ON s.attribute_id = j.attribute_id AND s.contact_id = j.contact_id`,
    [
      plainArray(rows.map(({ n }) => n)),
      plainArray(rows.map(({ contactId }) => contactId)),
      plainArray(rows.map(({ attributeId }) => attributeId)),
      textArray(of<string>('text', 'choice')),
      plainArray(of<number>('number')),
      plainArray(of<string>('date')),
      plainArray(of<boolean>('flag')),
      source,
      now,
    ],
  );
}
