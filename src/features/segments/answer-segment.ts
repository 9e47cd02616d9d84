import { Injectable } from '@nestjs/common';
import { placesOf } from '../../domain/segment/other-segments';
import type { Channel } from '../../domain/address';
import type { SegmentSql } from '../../domain/segment/to-sql';
import type { Group } from '../../domain/segment/tree';
import { Audit } from '../../platform/audit/audit';
import { Env } from '../../platform/config/env';
import { Database, type Sql } from '../../platform/database/database';
import { Conflict, invalidField, NotFound, Unavailable } from '../../platform/errors';
import type { Actor } from '../../platform/http/actor';
import { isUuid } from '../../platform/ids';
import { capValues } from '../registry/marketing-cap';
import { patiently } from './patience';
import { getSegment } from './segment';
import { Sentences } from './segment-names';
import { SegmentQuestions } from './segment-questions';
import type {
  ExplainedPerson,
  QuestionInput,
  SegmentAnswer,
  SegmentDelivery,
  SegmentGrowth,
  SegmentPart,
  SegmentPerson,
} from './segments.dto';
import {
  countChanges,
  countDelivery,
  countEach,
  countEverybody,
  countPeople,
  countsOf,
  countUntracked,
  samplePeople,
} from './segments.queries';

interface About {
  channel: Channel;
  topicId: string;
}

/** Who is in it, how that has changed, and why a person is or is not. */
@Injectable()
export class AnswerSegment {
  constructor(
    private readonly db: Database,
    private readonly questions: SegmentQuestions,
    private readonly audit: Audit,
    private readonly env: Env,
  ) {}

  async answer(question: QuestionInput, actor: Actor): Promise<SegmentAnswer> {
    const { tree, segmentId = null } = question;
    const about = whatAbout(question);
    const answered = await patiently(this.db, async (tx) => {
      const known = await this.questions.known(tx);
      const read = this.questions.read(tree, segmentId, known);
      const condition = this.questions.conditionOf(read, known);
      const profiling = this.questions.isProfiling(read, known);
      const { everybody, unprofiled } = await countEverybody(tx);
      const delivery = about && (await this.delivery(tx, about, condition));
      const people = delivery ? sumOf(delivery) : await countPeople(tx, condition);
      const sample = await this.sample(tx, condition, segmentId, actor);
      const sentences = await Sentences.of(tx, [read], known.attributes);
      const untracked = this.questions.asksClicks(read, known) ? await countUntracked(tx) : 0;
      return {
        read,
        answer: {
          people,
          everybody,
          delivery,
          sentence: sentences.tree(read),
          profiling,
          leftOut: profiling ? unprofiled : 0,
          untracked,
          sample,
        },
      };
    });
    const { read, answer } = answered;
    const isStriking = answer.people === 0 || answer.people === answer.everybody;
    return { ...answer, parts: isStriking ? await this.partsOf(read) : null };
  }

  async growth(id: string): Promise<SegmentGrowth> {
    return patiently(this.db, async (tx) => {
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
    return patiently(this.db, async (tx) => {
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

  /** Seeing people is written down. */
  private async sample(
    tx: Sql,
    condition: SegmentSql,
    id: string | null,
    actor: Actor,
  ): Promise<SegmentPerson[] | null> {
    if (!actor.permissions.has('contacts:read')) return null;
    const sample = await samplePeople(tx, condition);
    const contactIds = sample.map((person) => person.id);
    await this.audit.record(tx, actor, 'segment.sampled', { type: 'segment', id }, { contactIds });
    return sample;
  }

  private async delivery(tx: Sql, about: About, condition: SegmentSql): Promise<SegmentDelivery> {
    const [topic] = await tx.query('SELECT FROM topic WHERE id = $1', [about.topicId]);
    if (!topic) throw invalidField('topicId', 'unknown_topic');
    const cap = this.env.MARKETING_CAP > 0 ? capValues(this.env) : [];
    return countDelivery(tx, about, condition, cap);
  }

  /** Apart from the answer, which is worth something without it. */
  private async partsOf({ match, rules }: Group): Promise<SegmentPart[] | null> {
    try {
      return await patiently(this.db, async (tx) => {
        const known = await this.questions.known(tx);
        const parts = rules.map((rule) => ({ match, rules: [rule] }));
        let taken = 0;
        const conditions = parts.map((part) => {
          const condition = this.questions.conditionOf(part, known, taken + 1);
          taken += condition.values.length;
          return condition;
        });
        const counts = await countEach(tx, conditions);
        const sentences = await Sentences.of(tx, parts, known.attributes);
        return parts.map((part, n) => ({
          path: `rules.${n}`,
          sentence: sentences.tree(part),
          people: counts[n]!,
        }));
      });
    } catch (error) {
      if (error instanceof Unavailable) return null;
      throw error;
    }
  }
}

function whatAbout({ channel, topicId }: QuestionInput): About | null {
  if (channel && topicId) return { channel, topicId };
  if (channel) throw invalidField('topicId', 'missing');
  if (topicId) throw invalidField('channel', 'missing');
  return null;
}

const sumOf = ({ gets, withoutAddress, withheld }: SegmentDelivery): number =>
  withheld.reduce((sum, { count }) => sum + count, gets + withoutAddress);
