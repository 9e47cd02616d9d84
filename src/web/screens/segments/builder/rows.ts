import {
  type Group,
  isGroup,
  type Match,
  type Rule,
  type TreeNode,
} from '../../../../domain/segment/tree';

/** A rule as it is being written: what is not chosen yet is missing or empty. */
export interface DraftRule {
  field: string;
  op: string;
  value?: unknown;
  when?: Record<string, string | number>;
  events?: string[];
  courses?: string[];
  subjects?: string[];
  times?: number | string;
  which?: string;
}

export interface RuleRow {
  key: string;
  rule: DraftRule;
}
export interface GroupRow {
  key: string;
  match: Match;
  rows: Row[];
}
export type Row = RuleRow | GroupRow;

let made = 0;
const newKey = (): string => `row-${(made += 1)}`;

export const isGroupRow = (row: Row): row is GroupRow => 'rows' in row;

export const ruleRow = (rule: DraftRule): RuleRow => ({ key: newKey(), rule });

export const groupRow = (match: Match, rows: Row[]): GroupRow => ({ key: newKey(), match, rows });

export function toRows(tree: Group): GroupRow {
  const toRow = (node: TreeNode): Row =>
    isGroup(node) ? toRows(node) : ruleRow(node as DraftRule);
  return groupRow(tree.match, tree.rules.map(toRow));
}

export function toTree({ match, rows }: GroupRow): Group {
  return { match, rules: rows.map((row) => (isGroupRow(row) ? toTree(row) : (row.rule as Rule))) };
}

/** Groups stand one level below and no deeper, and of every rule it is known how it is written. */
export function canBeBuilt(tree: Group, isKnown: (rule: Rule) => boolean, depth = 1): boolean {
  return tree.rules.every((node) =>
    isGroup(node) ? depth === 1 && canBeBuilt(node, isKnown, depth + 1) : isKnown(node),
  );
}

/** The same rows with another in the place of this one, or none; a group that is left empty goes too. */
export function replaced(root: GroupRow, key: string, next: Row | null): GroupRow {
  const rows = root.rows.flatMap((row) => {
    if (row.key === key) return next ? [next] : [];
    if (!isGroupRow(row)) return [row];
    const group = replaced(row, key, next);
    return group.rows.length > 0 ? [group] : [];
  });
  return { ...root, rows };
}

/** With this row one place up (-1) or down (1) among its own. */
export function moved(root: GroupRow, key: string, by: 1 | -1): GroupRow {
  const rows = root.rows.map((row) => (isGroupRow(row) ? moved(row, key, by) : row));
  const from = rows.findIndex((row) => row.key === key);
  const to = from + by;
  if (from < 0 || to < 0 || to >= rows.length) return { ...root, rows };
  [rows[from], rows[to]] = [rows[to]!, rows[from]!];
  return { ...root, rows };
}

/** Is everything filled in? What was not, is empty in one way or another. */
export function isComplete(row: Row): boolean {
  if (isGroupRow(row)) return row.rows.length > 0 && row.rows.every(isComplete);
  const { field: _, op, ...said } = row.rule;
  return op !== '' && Object.values(said).every(isFilled);
}

function isFilled(value: unknown): boolean {
  if (value === undefined) return true;
  if (typeof value === 'string') return value.trim() !== '';
  if (typeof value === 'number') return Number.isFinite(value);
  if (Array.isArray(value)) return value.length > 0;
  return value !== null && Object.values(value).every(isFilled);
}
