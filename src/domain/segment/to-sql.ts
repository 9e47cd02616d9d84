import { ofTracked } from './clicks-condition';
import { Bound, type Condition, exists, peopleIn, write } from './condition';
import { type DeclaredAttributes, YEARS } from './fields';
import { asksClicks, isProfiling, type KnownSegments } from './other-segments';
import { toCondition } from './rule-conditions';
import { type Group, isGroup, type Rule, type TreeNode } from './tree';
import { yearsAgo } from './when';

export interface Question {
  now: Date;
  /** Of whoever asks: where their days begin. */
  timeZone: string;
  attributes: DeclaredAttributes;
  /** All that the tree names, and that those name. */
  segments: KnownSegments;
  /** Number of the first parameter. */
  firstParameter: number;
}

export interface SegmentSql {
  text: string;
  values: unknown[];
}

/** L-22: whoever is restricted or erased is in no segment, whatever it asks. They may not be profiled either. */
const IN_USE = 'NOT r.held';

/**
 * A condition on `r`, a row of reach: TRUE or FALSE, never NULL. Holds by construction what the policy says: a tree that
 * profiles, in whatever way and place, holds for nobody who may not be profiled (L-10), and no datum is read that is older
 * than its purpose. Throws on a segment that is not among the known ones.
 */
export function toSql(tree: Group, question: Question): SegmentSql {
  const bound = new Bound(question.firstParameter);
  const asked = write(inTree(tree, bound, question));
  const lawful = isProfiling(tree, question) ? 'r.profiled' : IN_USE;
  return { text: `(${lawful} AND ${asked})`, values: bound.values };
}

/** One rule alone, under the same law: why is this person in, or not? */
export function ruleToSql(rule: Rule, question: Question): SegmentSql {
  return toSql({ match: 'all', rules: [rule] }, question);
}

function inTree(node: TreeNode, bound: Bound, question: Question): Condition {
  if (isGroup(node)) {
    const parts = node.rules.map((rule) => inTree(rule, bound, question));
    if (node.match === 'all') return { all: parts };
    return node.match === 'any' ? { any: parts } : { not: { any: parts } };
  }
  if (node.field !== 'segment') return toCondition(node, { bound, ...question });
  const { op, value } = node as Extract<Rule, { op: 'one_of' | 'none_of' }>;
  const members = { any: value.map((id) => inSegment(id, bound, question)) };
  return op === 'one_of' ? members : { not: members };
}

function inSegment(id: string, bound: Bound, question: Question): Condition {
  const segment = question.segments.get(id);
  if (!segment) throw new RangeError('a segment that is not known');
  if (segment.kind === 'dynamic') return inTree(segment.tree, bound, question);
  // Who was found by profiling then is known no longer than what they were found by.
  const limit = new Date(yearsAgo(YEARS['R-10']!, question));
  if (isProfiling(segment.tree, question) && segment.frozenAt <= limit) return { sql: 'FALSE' };
  const of = `m.segment_id = ${bound.bind(id, 'uuid')}`;
  // What was found out by clicks ends with the consent, wherever it is written down.
  return asksClicks(segment.tree, question)
    ? ofTracked(exists('segment_member m', 'm.contact_id = r.contact_id', of).sql)
    : peopleIn('m.contact_id', 'segment_member m', of);
}
