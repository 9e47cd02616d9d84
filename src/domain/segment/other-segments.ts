import { type DeclaredAttributes, findField } from './fields';
import type { TreeFault } from './read-json';
import { type Group, isGroup, MOST_RULES, type Rule, rulesOf, type TreeNode } from './tree';

/** A segment that others may name. */
export type SavedSegment =
  { kind: 'dynamic'; tree: Group } | { kind: 'static'; tree: Group; frozenAt: Date };
export type KnownSegments = ReadonlyMap<string, SavedSegment>;

interface Known {
  attributes: DeclaredAttributes;
  segments: KnownSegments;
}

/** Does the tree, or a segment it names, ask anything that is profiling? An unknown field counts as such. */
export function isProfiling(tree: Group, known: Known): boolean {
  return rulesOf(tree).some(
    (rule) =>
      (findField(rule.field, known.attributes)?.profiling ?? true) ||
      namedBy(rule).some((id) => {
        const segment = known.segments.get(id);
        return !segment || isProfiling(segment.tree, known);
      }),
  );
}

/** Does the tree, or a segment it names, ask what people click on? */
export function asksClicks(tree: Group, known: Known): boolean {
  return rulesOf(tree).some(
    (rule) =>
      rule.field === 'clicks' ||
      namedBy(rule).some((id) => {
        const segment = known.segments.get(id);
        return segment !== undefined && asksClicks(segment.tree, known);
      }),
  );
}

/** Ids of the segments that a tree names, itself. */
export function segmentsIn(node: TreeNode): string[] {
  return [...new Set(rulesOf(node).flatMap(namedBy))];
}

/** Every segment that a tree rests on: those it names, and those that they name; unknown ones are left out. */
export function restingOn(tree: TreeNode, segments: KnownSegments): Map<string, SavedSegment> {
  const found = new Map<string, SavedSegment>();
  const collect = (node: TreeNode): void => {
    for (const id of segmentsIn(node)) {
      const segment = segments.get(id);
      if (!segment || found.has(id)) continue;
      found.set(id, segment);
      collect(segment.tree);
    }
  };
  collect(tree);
  return found;
}

/**
 * What is wrong with the segments a tree names: unknown ones, circles back to `own` (the id under which the tree is
 * saved) or among themselves, more rules in all than may be asked at once. `via` are the ids of the way round.
 */
export function segmentFaults(
  tree: Group,
  own: string | null,
  segments: KnownSegments,
): (TreeFault & { via?: string[] })[] {
  const faults: (TreeFault & { via?: string[] })[] = [];
  for (const { rule, path } of placesOf(tree)) {
    for (const id of namedBy(rule)) {
      if (!segments.has(id)) faults.push({ path, code: 'unknown_segment' });
      const via = circle(id, own ? [own] : [], segments);
      if (via) faults.push({ path, code: 'segment_cycle', via });
    }
  }
  if (faults.length === 0 && weigh(tree, segments) > MOST_RULES) {
    faults.push({ path: 'rules', code: 'too_wide' });
  }
  return faults;
}

function circle(id: string, way: readonly string[], segments: KnownSegments): string[] | null {
  if (way.includes(id)) return [...way.slice(way.indexOf(id)), id];
  const segment = segments.get(id);
  // A static one is a list of people: what it was made from is not asked again.
  if (segment?.kind !== 'dynamic') return null;
  for (const next of segmentsIn(segment.tree)) {
    const found = circle(next, [...way, id], segments);
    if (found) return found;
  }
  return null;
}

/** Rules in all, each named segment counted wherever it is named; stops counting when it is too many. */
function weigh(tree: Group, segments: KnownSegments): number {
  let rules = 0;
  for (const rule of rulesOf(tree)) {
    rules += 1;
    for (const id of namedBy(rule)) {
      const segment = segments.get(id);
      rules += segment?.kind === 'dynamic' ? weigh(segment.tree, segments) : 1;
      if (rules > MOST_RULES) return rules;
    }
  }
  return rules;
}

/** Every rule with where it stands: `rules.0.rules.1`. */
export function placesOf(node: TreeNode, path = ''): { rule: Rule; path: string }[] {
  if (!isGroup(node)) return [{ rule: node, path }];
  return node.rules.flatMap((inner, n) =>
    placesOf(inner, path === '' ? `rules.${n}` : `${path}.rules.${n}`),
  );
}

function namedBy(rule: Rule): string[] {
  return rule.field === 'segment' && (rule.op === 'one_of' || rule.op === 'none_of')
    ? rule.value
    : [];
}
