import { Injectable } from '@nestjs/common';
import { Audit } from '../../../../platform/audit/audit';
import { Clock } from '../../../../platform/clock';
import { Database } from '../../../../platform/database/database';
import { Invalid } from '../../../../platform/errors';
import type { Actor } from '../../../../platform/http/actor';
import { readCursor, writeCursor } from '../../cursor';
import {
  judgeEach,
  type PutItemResult,
  type PutResult,
  refuseRepeated,
  toResults,
} from '../batch.dto';
import { type CourseInput, CourseItem, type CoursePage, type CourseQuery } from './courses.dto';
import { listCourses, putCourses } from './courses.queries';

const PAGE = 50;

/** What learners can take, as the learning platform tells it. */
@Injectable()
export class Courses {
  constructor(
    private readonly db: Database,
    private readonly audit: Audit,
    private readonly clock: Clock,
  ) {}

  /** The newest first. */
  async list({ q, archived, cursor, limit = PAGE }: CourseQuery): Promise<CoursePage> {
    const asked = q?.normalize('NFC').trim();
    const rows = await listCourses(this.db, {
      pattern: asked ? `%${asked.toLowerCase().replace(/[\\%_]/g, '\\$&')}%` : null,
      externalId: asked ?? null,
      archived: archived === 'true',
      before: cursor ? readCursor(cursor) : null,
      limit: limit + 1,
    });
    const items = rows.slice(0, limit);
    return { items, next: rows.length > limit ? writeCursor(items.at(-1)!.id) : null };
  }

  /** Throws Invalid with every fault. */
  async put(externalId: string, input: CourseInput, actor: Actor): Promise<PutResult> {
    const [result] = await this.putMany([{ ...input, externalId }], actor);
    const { id, outcome, errors } = result!;
    if (errors.length > 0) throw new Invalid('invalid_fields', { errors });
    return { id, outcome };
  }

  /** One result per item, in their order; a faulty item does not hold the others back. */
  async putMany(items: readonly object[], actor: Actor): Promise<PutItemResult[]> {
    const judged = judgeEach(CourseItem, items);
    refuseRepeated(judged);
    const sound = judged.filter(({ errors }) => errors.length === 0).map(({ input }) => input);
    if (sound.length === 0) return toResults(judged, []);
    return this.db.tx(async (tx) => {
      const results = toResults(judged, await putCourses(tx, sound, this.clock.now()));
      await this.audit.recordMany(
        tx,
        actor,
        results
          .filter(({ outcome }) => outcome === 'created' || outcome === 'changed')
          .map(({ id, outcome }) => ({
            action: `course.${outcome}`,
            subject: { type: 'course', id },
          })),
      );
      return results;
    });
  }
}
