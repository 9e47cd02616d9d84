import type { Group } from '../../domain/segment/tree';
import type { Sql } from '../../platform/database/database';
import { NotFound } from '../../platform/errors';
import { isUuid } from '../../platform/ids';

export interface Segment {
  id: string;
  name: string;
  kind: 'dynamic' | 'static';
  tree: Group;
  version: number;
  createdBy: string | null;
  createdAt: Date;
  updatedAt: Date;
  /** Of a static one: when it was frozen. */
  countedAt: Date | null;
  archivedAt: Date | null;
  /** As it was last counted. */
  people: number | null;
  /** Since the count before that. */
  change: number | null;
}

const SEGMENT_COLUMNS = `s.id, s.name, s.kind, s.tree, s.version, s.created_by AS "createdBy",
  s.created_at AS "createdAt", s.updated_at AS "updatedAt", s.counted_at AS "countedAt", s.archived_at AS "archivedAt",
  counted.people, counted.change`;

const LAST_COUNTS = `LEFT JOIN LATERAL (
    SELECT people, people - lead(people) OVER (ORDER BY day DESC) AS change
    FROM segment_count WHERE segment_id = s.id ORDER BY day DESC LIMIT 1
  ) counted ON true`;

export const listSegments = (sql: Sql): Promise<Segment[]> =>
  sql.query<Segment & Record<string, unknown>>(
    `SELECT ${SEGMENT_COLUMNS} FROM segment s ${LAST_COUNTS} WHERE s.archived_at IS NULL ORDER BY s.id DESC`,
  );

export async function getSegment(sql: Sql, id: string): Promise<Segment> {
  if (!isUuid(id)) throw new NotFound('segment_not_found');
  const [segment] = await sql.query<Segment & Record<string, unknown>>(
    `SELECT ${SEGMENT_COLUMNS} FROM segment s ${LAST_COUNTS} WHERE s.id = $1`,
    [id],
  );
  if (!segment) throw new NotFound('segment_not_found');
  return segment;
}
