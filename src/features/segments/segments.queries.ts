import type { SegmentSql } from '../../domain/segment/to-sql';
import type { Sql } from '../../platform/database/database';

/** Who is asked for a sample, at most. */
const SAMPLE = 5;

export interface Sampled {
  id: string;
  firstName: string | null;
  lastName: string | null;
}

export async function countPeople(sql: Sql, { text, values }: SegmentSql): Promise<number> {
  const [row] = await sql.query<{ people: number }>(
    `SELECT count(*) AS people FROM reach r WHERE ${text}`,
    values,
  );
  return row!.people;
}

/** How many may not be profiled, and of whom nothing is asked therefore. */
export async function countUnprofiled(sql: Sql): Promise<number> {
  const [row] = await sql.query<{ people: number }>(
    'SELECT count(*) AS people FROM reach r WHERE NOT r.profiled',
  );
  return row!.people;
}

/** Of how many it is not known what they click on, since they have not agreed to that. */
export async function countUntracked(sql: Sql): Promise<number> {
  const [row] = await sql.query<{ people: number }>(
    `SELECT count(*) AS people FROM reach r WHERE r.profiled
       AND NOT EXISTS (SELECT FROM tracking_consent t WHERE t.contact_id = r.contact_id)`,
  );
  return row!.people;
}

/** The newest few. */
export function samplePeople(sql: Sql, { text, values }: SegmentSql): Promise<Sampled[]> {
  return sql.query<Sampled & Record<string, unknown>>(
    `SELECT c.id, c.first_name AS "firstName", c.last_name AS "lastName"
     FROM (SELECT r.contact_id FROM reach r WHERE ${text} ORDER BY r.contact_id DESC LIMIT ${SAMPLE}) few
     JOIN contact c ON c.id = few.contact_id ORDER BY c.id DESC`,
    values,
  );
}

/** Writes down who is in it now: only those who came and went are written. `condition` begins at $2. */
export async function writeMembers(sql: Sql, id: string, condition: SegmentSql): Promise<number> {
  const [row] = await sql.query<{ people: number }>(
    `WITH inside AS MATERIALIZED (SELECT r.contact_id FROM reach r WHERE ${condition.text}),
     gone AS (
       DELETE FROM segment_member m WHERE m.segment_id = $1
         AND NOT EXISTS (SELECT FROM inside i WHERE i.contact_id = m.contact_id)
     ),
     come AS (
       INSERT INTO segment_member (segment_id, contact_id) SELECT $1, contact_id FROM inside ON CONFLICT DO NOTHING
     )
     SELECT count(*) AS people FROM inside`,
    [id, ...condition.values],
  );
  return row!.people;
}

export async function writeCount(sql: Sql, id: string, day: string, people: number): Promise<void> {
  await sql.query(
    `INSERT INTO segment_count (segment_id, day, people) VALUES ($1, $2::date, $3)
     ON CONFLICT (segment_id, day) DO UPDATE SET people = EXCLUDED.people`,
    [id, day, people],
  );
}

/** Who came and who went since the members were written down. `condition` begins at $2. */
export async function countChanges(
  sql: Sql,
  id: string,
  condition: SegmentSql,
): Promise<{ came: number; went: number }> {
  const [row] = await sql.query<{ came: number; went: number }>(
    `WITH inside AS MATERIALIZED (SELECT r.contact_id FROM reach r WHERE ${condition.text})
     SELECT
       (SELECT count(*) FROM inside i WHERE NOT EXISTS (
          SELECT FROM segment_member m WHERE m.segment_id = $1 AND m.contact_id = i.contact_id)) AS came,
       (SELECT count(*) FROM segment_member m WHERE m.segment_id = $1
          AND NOT EXISTS (SELECT FROM inside i WHERE i.contact_id = m.contact_id)) AS went`,
    [id, ...condition.values],
  );
  return row!;
}

export function countsOf(sql: Sql, id: string): Promise<{ day: string; people: number }[]> {
  return sql.query<{ day: string; people: number }>(
    `SELECT to_char(day, 'YYYY-MM-DD') AS day, people FROM segment_count
     WHERE segment_id = $1 ORDER BY day DESC LIMIT 400`,
    [id],
  );
}

/** Is somebody about to send to it? Wherever an audience names it. */
export async function isInDraft(sql: Sql, id: string): Promise<boolean> {
  const rows = await sql.query(
    `SELECT FROM campaign WHERE state IN ('draft', 'awaiting_approval', 'approved', 'launching')
       AND position($1 IN audience::text) > 0 LIMIT 1`,
    [id],
  );
  return rows.length > 0;
}
