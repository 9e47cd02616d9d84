import { Injectable } from '@nestjs/common';
import type { DeclaredAttribute, DeclaredAttributes } from '../../domain/segment/fields';
import {
  asksClicks,
  isProfiling,
  type KnownSegments,
  type SavedSegment,
  segmentFaults,
} from '../../domain/segment/other-segments';
import { parseTree } from '../../domain/segment/parse';
import { ruleToSql, type SegmentSql, toSql } from '../../domain/segment/to-sql';
import type { Group, Rule } from '../../domain/segment/tree';
import { SWEDISH_TIME } from '../../domain/schedule';
import { Clock } from '../../platform/clock';
import type { Sql } from '../../platform/database/database';
import { Invalid } from '../../platform/errors';

/** All that questions are asked with, as it stands in one moment. */
export interface Known {
  attributes: DeclaredAttributes;
  segments: KnownSegments;
  now: Date;
}

/** From what somebody sent to a condition on `r` (reach): whoever asks people by a segment asks here. */
@Injectable()
export class SegmentQuestions {
  constructor(private readonly clock: Clock) {}

  async known(sql: Sql): Promise<Known> {
    const attributes = await sql.query<DeclaredAttribute & Record<string, unknown>>(
      `SELECT id, key, type, purpose, choices, name_sv AS "nameSv", name_en AS "nameEn" FROM attribute`,
    );
    const segments = await sql.query<SavedSegment & { id: string }>(
      `SELECT id, kind, tree, counted_at AS "frozenAt" FROM segment WHERE archived_at IS NULL`,
    );
    return {
      attributes: new Map(attributes.map((one) => [one.key, one])),
      segments: new Map(segments.map((one) => [one.id, one])),
      now: this.clock.now(),
    };
  }

  /** `own` is the id that the tree is to be saved under. Refuses with a fault per place, below `tree`. */
  read(input: unknown, own: string | null, known: Known): Group {
    const parsed = parseTree(input, known.attributes);
    const faults = parsed.ok ? segmentFaults(parsed.tree, own, known.segments) : parsed.faults;
    if (parsed.ok && faults.length === 0) return parsed.tree;
    throw new Invalid('invalid_fields', {
      errors: faults.map(({ path, code, ...more }) => ({
        path: path === '' ? 'tree' : `tree.${path}`,
        code,
        message: 'via' in more ? `${code}: ${(more.via as string[]).join(' → ')}` : code,
      })),
    });
  }

  conditionOf(tree: Group, known: Known, firstParameter = 1): SegmentSql {
    return toSql(tree, { ...known, timeZone: SWEDISH_TIME, firstParameter });
  }

  /** Of a saved segment that is not archived, whatever its kind. */
  conditionOfSegment(id: string, known: Known, firstParameter = 1): SegmentSql {
    const inIt: Rule = { field: 'segment', op: 'one_of', value: [id] };
    return this.conditionOf({ match: 'all', rules: [inIt] }, known, firstParameter);
  }

  conditionOfRule(rule: Rule, known: Known, firstParameter: number): SegmentSql {
    return ruleToSql(rule, { ...known, timeZone: SWEDISH_TIME, firstParameter });
  }

  isProfiling(tree: Group, known: Known): boolean {
    return isProfiling(tree, known);
  }

  asksClicks(tree: Group, known: Known): boolean {
    return asksClicks(tree, known);
  }
}
