import { plainArray, textArray } from '../../../../platform/database/arrays';
import type { Sql } from '../../../../platform/database/database';
import { newId } from '../../../../platform/ids';
import type { PutRow } from '../batch.dto';
import type { Course, CourseItem } from './courses.dto';

export interface CourseSearch {
  /** Anywhere in name or subject, as a LIKE pattern. */
  pattern: string | null;
  externalId: string | null;
  archived: boolean;
  before: string | null;
  limit: number;
}

export function listCourses(sql: Sql, search: CourseSearch): Promise<Course[]> {
  return sql.query<Course>(
    `SELECT id, external_id AS "externalId", name, subject, level, description, url, archived_at AS "archivedAt",
       created_at AS "createdAt", updated_at AS "updatedAt"
     FROM course
     WHERE ($1::uuid IS NULL OR id < $1) AND ($2 OR archived_at IS NULL)
       AND ($3::text IS NULL OR lower(name) LIKE $3 OR lower(subject) LIKE $3 OR external_id = $4)
     ORDER BY id DESC LIMIT $5`,
    [search.before, search.archived, search.pattern, search.externalId, search.limit],
  );
}

/** In the order of the external ids, so that two batches never wait for each other in a ring. */
export async function putCourses(
  sql: Sql,
  courses: readonly CourseItem[],
  now: Date,
): Promise<PutRow[]> {
  const externalIds = textArray(courses.map(({ externalId }) => externalId));
  const written = await sql.query<PutRow>(
    `INSERT INTO course (id, external_id, name, subject, level, description, url, archived_at, created_at, updated_at)
     SELECT r.id, r.external_id, r.name, r.subject, r.level, r.description, r.url,
       CASE WHEN r.archived THEN $9::timestamptz END, $9, $9
     FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::smallint[], $6::text[], $7::text[], $8::bool[])
       AS r(id, external_id, name, subject, level, description, url, archived)
     ORDER BY r.external_id
     ON CONFLICT (external_id) DO UPDATE SET name = excluded.name, subject = excluded.subject,
       level = excluded.level, description = excluded.description, url = excluded.url,
       archived_at = CASE WHEN excluded.archived_at IS NOT NULL
         THEN COALESCE(course.archived_at, excluded.archived_at) END,
       updated_at = excluded.updated_at
     WHERE (course.name, course.subject, course.level, course.description, course.url, course.archived_at IS NULL)
       IS DISTINCT FROM (excluded.name, excluded.subject, excluded.level, excluded.description, excluded.url,
         excluded.archived_at IS NULL)
     RETURNING external_id AS "externalId", id, id = ANY ($1::uuid[]) AS created, TRUE AS changed`,
    [
      plainArray(courses.map(() => newId(now.getTime()))),
      externalIds,
      textArray(courses.map(({ name }) => tidy(name))),
      textArray(courses.map(({ subject }) => tidy(subject ?? ''))),
      plainArray(courses.map(({ level }) => level ?? null)),
      textArray(courses.map(({ description }) => description?.normalize('NFC') ?? '')),
      textArray(courses.map(({ url }) => url ?? null)),
      plainArray(courses.map(({ archived }) => archived ?? false)),
      now,
    ],
  );
  const found = await sql.query<PutRow>(
    `SELECT external_id AS "externalId", id, FALSE AS created, FALSE AS changed
     FROM course WHERE external_id = ANY ($1::text[])`,
    [externalIds],
  );
  return [...found, ...written];
}

const tidy = (text: string): string => text.normalize('NFC').replace(/\s+/g, ' ').trim();
