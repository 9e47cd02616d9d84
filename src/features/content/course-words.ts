import type { Block } from '../../domain/blocks/block';
import { descriptionOf } from '../../domain/offers/offer';
import type { Sql } from '../../platform/database/database';

interface Course {
  externalId: string;
  name: string;
  description: string;
  /** Null also when it is no longer given: the lint then asks for an address. */
  url: string | null;
}

/** The same blocks with what the catalogue says now of the courses on their cards; what it knows nothing of leads nowhere. */
export async function withCourseWords(sql: Sql, blocks: readonly Block[]): Promise<Block[]> {
  const wanted = blocks.flatMap((block) => courseOf(block) ?? []);
  if (wanted.length === 0) return [...blocks];
  const found = await sql.query<Course & Record<string, unknown>>(
    `SELECT external_id AS "externalId", name, description, CASE WHEN archived_at IS NULL THEN url END AS url
     FROM course WHERE external_id = ANY ($1::text[])`,
    [wanted],
  );
  const courses = new Map(found.map((course) => [course.externalId, course]));
  return blocks.map((block) => {
    const id = courseOf(block);
    return id === null || block.type !== 'course' ? block : shown(block, courses.get(id));
  });
}

function courseOf(block: Block): string | null {
  return block.type === 'course' && block.source?.from === 'catalogue' ? block.source.course : null;
}

type CourseBlock = Extract<Block, { type: 'course' }>;

function shown(block: CourseBlock, course: Course | undefined): CourseBlock {
  const link = { label: block.link?.label ?? '', url: course?.url ?? '' };
  if (!course) return { ...block, link };
  const description = descriptionOf(course.description);
  const text: CourseBlock['text'] = description
    ? [{ kind: 'paragraph', content: [{ text: description }] }]
    : [];
  return { ...block, heading: course.name, text, link };
}
