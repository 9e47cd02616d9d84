import type { DeclaredAttribute } from '../../domain/segment/fields';
import { restingOn, type SavedSegment } from '../../domain/segment/other-segments';
import { type Group, rulesOf } from '../../domain/segment/tree';
import type { Known } from './segment-questions';

/** All that a question rests on, as JSON: thawed, it is the same question of the same moment, whatever was edited since. */
export interface FrozenQuestion {
  now: string;
  attributes: DeclaredAttribute[];
  segments: (SavedSegment & { id: string })[];
}

export function freeze(tree: Group, { attributes, segments, now }: Known): FrozenQuestion {
  const resting = restingOn(tree, segments);
  const fields = [tree, ...[...resting.values()].map((segment) => segment.tree)]
    .flatMap(rulesOf)
    .map(({ field }) => field);
  return {
    now: now.toISOString(),
    attributes: [...attributes.values()].filter(({ key }) => fields.includes(`attribute:${key}`)),
    segments: [...resting].map(([id, segment]) => ({ ...segment, id })),
  };
}

export function thaw({ now, attributes, segments }: FrozenQuestion): Known {
  return {
    now: new Date(now),
    attributes: new Map(attributes.map((one) => [one.key, one])),
    segments: new Map(segments.map((one) => [one.id, withDate(one)])),
  };
}

function withDate<Segment extends SavedSegment>(segment: Segment): Segment {
  return segment.kind === 'static' ? { ...segment, frozenAt: new Date(segment.frozenAt) } : segment;
}
