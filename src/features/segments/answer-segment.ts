import { Injectable } from '@nestjs/common';
import { placesOf } from '../../domain/segment/other-segments';
import { Audit } from '../../platform/audit/audit';
import { Database, EVERYBODY_MB, type Sql } from '../../platform/database/database';
import { Conflict, NotFound, Unavailable } from '../../platform/errors';
import type { Actor } from '../../platform/http/actor';
import { isUuid } from '../../platform/ids';
import { getSegment } from './segment';
import { Sentences } from './segment-names';
import { SegmentQuestions } from './segment-questions';
import type { ExplainedPerson, QuestionInput, SegmentAnswer, SegmentGrowth } from './segments.dto';
import {
  countChanges,
  countPeople,
  countsOf,
  countUnprofiled,
  samplePeople,
} from './segments.queries';

/** A question that takes longer is not for a screen; Postgres then stops it. */
const PATIENCE_MS = 10_000;
const CANCELED = '57014';

/** Who is in it, how that has changed, and why a person is or is not. */
@Injectable()
export class AnswerSegment {
  constructor(
    private readonly db: Database,
    private readonly questions: SegmentQuestions,
    private readonly audit: Audit,
  ) {}

  async answer({ tree, segmentId }: QuestionInput, actor: Actor): Promise<SegmentAnswer> {
    return this.asking(async (tx) => {
      const known = await this.questions.known(tx);
      const read = this.questions.read(tree, segmentId ?? null, known);
      const condition = this.questions.conditionOf(read, known);
      const profiling = this.questions.isProfiling(read, known);
      const people = await countPeople(tx, condition);
      const maySee = actor.permissions.has('contacts:read');
      const sample = maySee ? await samplePeople(tx, condition) : null;
      if (sample) {
        const subject = { type: 'segment', id: segmentId ?? null };
        const contactIds = sample.map(({ id }) => id);
        await this.audit.record(tx, actor, 'segment.sampled', subject, { contactIds });
      }
      const sentences = await Sentences.of(tx, [read], known.attributes);
      const leftOut = profiling ? await countUnprofiled(tx) : 0;
      return { people, sentence: sentences.tree(read), profiling, leftOut, sample };
    });
  }

  async growth(id: string): Promise<SegmentGrowth> {
    return this.asking(async (tx) => {
      const { kind, countedAt, archivedAt } = await getSegment(tx, id);
      const days = await countsOf(tx, id);
      if (!countedAt || archivedAt || kind === 'static')
        return { days, came: 0, went: 0, countedAt };
      const known = await this.questions.known(tx);
      const condition = this.questions.conditionOfSegment(id, known, 2);
      return { days, countedAt, ...(await countChanges(tx, id, condition)) };
    });
  }

  async explain(id: string, contactId: string, actor: Actor): Promise<ExplainedPerson> {
    return this.asking(async (tx) => {
      const { tree, archivedAt } = await getSegment(tx, id);
      if (archivedAt) throw new Conflict('segment_archived');
      if (!isUuid(contactId)) throw new NotFound('contact_not_found');
      const known = await this.questions.known(tx);
      const values: unknown[] = [contactId];
      const inside = this.questions.conditionOfSegment(id, known, 2);
      values.push(...inside.values);
      const places = placesOf(tree);
      const rules = places.map(({ rule }) => {
        const condition = this.questions.conditionOfRule(rule, known, values.length + 1);
        values.push(...condition.values);
        return condition.text;
      });
      const [row] = await tx.query<{ inside: boolean; profiled: boolean; holds: boolean[] }>(
        `SELECT ${inside.text} AS inside, r.profiled, ARRAY[${rules.join(', ')}] AS holds
         FROM reach r WHERE r.contact_id = $1`,
        values,
      );
      if (!row) throw new NotFound('contact_not_found');
      const subject = { type: 'contact', id: contactId };
      await this.audit.record(tx, actor, 'segment.person_explained', subject, { segmentId: id });
      const sentences = await Sentences.of(tx, [tree], known.attributes);
      return {
        inside: row.inside,
        profiled: row.profiled,
        rules: places.map(({ rule, path }, n) => ({
          path,
          sentence: sentences.rule(rule),
          holds: row.holds[n]!,
        })),
      };
    });
  }

  private async asking<T>(work: (tx: Sql) => Promise<T>): Promise<T> {
    try {
      return await this.db.tx(
        async (tx) => {
          await tx.query(`SET LOCAL statement_timeout = ${PATIENCE_MS}`);
          return work(tx);
        },
        { workMemMb: EVERYBODY_MB },
      );
    } catch (error) {
      if ((error as { code?: unknown }).code !== CANCELED) throw error;
      throw new Unavailable('segment_too_slow');
    }
  }
}
