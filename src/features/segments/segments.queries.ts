import type { Channel } from '../../domain/address';
import type { SegmentSql } from '../../domain/segment/to-sql';
import type { Sql } from '../../platform/database/database';
import { countByReason } from '../delivery/materialise.queries';
import type { SegmentDelivery } from './segments.dto';

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

/** Of how many anything can be asked, and how many of them may not be profiled. */
export async function countEverybody(sql: Sql): Promise<{ everybody: number; unprofiled: number }> {
  const [row] = await sql.query<{ everybody: number; unprofiled: number }>(
    `SELECT count(*) AS everybody, count(*) FILTER (WHERE NOT r.profiled) AS unprofiled FROM reach r`,
  );
  return row!;
}

/** Each condition alone, in their order; `conditions` are numbered on from one another. */
export async function countEach(sql: Sql, conditions: readonly SegmentSql[]): Promise<number[]> {
  // Apart, since only the WHERE of a whole statement can become a join.
  const counts = conditions.map(({ text }) => `(SELECT count(*) FROM reach r WHERE ${text})`);
  const [row] = await sql.query<{ counts: number[] }>(
    `SELECT ARRAY[${counts.join(', ')}]::int[] AS counts`,
    conditions.flatMap(({ values }) => values),
  );
  return row!.counts;
}

/** Who would get something about the topic now. Nobody is counted twice: they have an address on the channel, or have none. */
export async function countDelivery(
  sql: Sql,
  { channel, topicId }: { channel: Channel; topicId: string },
  condition: SegmentSql,
  cap: readonly number[],
): Promise<SegmentDelivery> {
  const rows = await sql.query<{ reason: string | null; count: number }>(
    countByReason(channel, condition, cap.length > 0),
    [topicId, ...cap, ...condition.values],
  );
  const nowhere = `(r.${channel}_address_id IS NULL AND ${condition.text})`;
  const withoutAddress = await countPeople(sql, { ...condition, text: nowhere });
  return {
    gets: rows.find(({ reason }) => reason === null)?.count ?? 0,
    withoutAddress,
    withheld: rows
      .flatMap(({ reason, count }) => (reason === null ? [] : [{ reason, count }]))
      .sort((a, b) => b.count - a.count),
  };
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

/**
 * Of a frozen list: whoever can be in it no more is forgotten, after an objection, an erasure or when its time is out.
 * A restriction ends, and until then nothing is removed (L-22). `condition` begins at $2.
 */
export async function forgetMembers(sql: Sql, id: string, condition: SegmentSql): Promise<void> {
  await sql.query(
    `DELETE FROM segment_member m WHERE m.segment_id = $1 AND NOT EXISTS (
       SELECT FROM reach r WHERE r.contact_id = m.contact_id AND (${condition.text} OR EXISTS (
         SELECT FROM gate g JOIN address a USING (address_key) WHERE a.contact_id = r.contact_id AND g.restricted)))`,
    [id, ...condition.values],
  );
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

const ID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const NOT_LEFT = `('draft', 'awaiting_approval', 'approved', 'launching')`;

export interface Use {
  segmentId: string;
  kind: 'campaign' | 'segment';
  id: string;
  name: string;
  holds: boolean;
}

/**
 * Who asks by these segments, wherever an audience or another tree names them; the newest first. Of a launch that is
 * still being written down it is what it asks, however deep.
 */
export function usesOf(sql: Sql, ids: readonly string[]): Promise<Use[]> {
  return sql.query<Use & Record<string, unknown>>(
    `WITH naming AS (
       SELECT 'campaign' AS kind, c.id, c.name, c.state IN ${NOT_LEFT} OR d.id IS NOT NULL AS holds,
         concat(c.audience, CASE WHEN d.id IS NOT NULL THEN c.asked END) AS said
       FROM campaign c LEFT JOIN dispatch d ON d.campaign_id = c.id AND c.state = 'launched'
         AND d.materialised_at IS NULL AND d.state IN ('running', 'paused')
       UNION ALL
       SELECT 'segment', id, name, true, tree::text FROM segment WHERE kind = 'dynamic' AND archived_at IS NULL
     )
     SELECT DISTINCT found[1]::uuid AS "segmentId", n.kind, n.id, n.name, n.holds
     FROM naming n CROSS JOIN regexp_matches(n.said, $2, 'g') AS found
     WHERE found[1] = ANY ($1) AND n.id::text <> found[1] ORDER BY n.id DESC`,
    [ids, `(${ID})`],
  );
}
