import type { Audience } from '../audience';
import type { Group, Rule } from './tree';

/** What an audience asks by segments, as one question; null when it names none. */
export function treeOf({ segments: { include, exclude } }: Audience): Group | null {
  const rules: Rule[] = [];
  if (include.length > 0) rules.push({ field: 'segment', op: 'one_of', value: include });
  if (exclude.length > 0) rules.push({ field: 'segment', op: 'none_of', value: exclude });
  return rules.length > 0 ? { match: 'all', rules } : null;
}
