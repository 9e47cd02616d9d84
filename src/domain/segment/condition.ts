import type { DeclaredAttributes } from './fields';

/**
 * A yes-or-no question in Postgres, before it is written down. Every leaf is true or false, never NULL, and its text is
 * ours: what callers said is in it only as `$n`. A leaf is read from the person's row `r`, or is a SELECT of the
 * `contact_id` of everybody for whom it holds.
 */
export type Condition =
  /** `otherwise`: where it can be unknown, what is true when it is known not to hold. */
  | { readonly sql: string; readonly otherwise?: string }
  | { readonly people: string }
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition };

/**
 * What is asked of other tables stands between AND alone, a no at the leaf: so it becomes a join, one pass over each.
 * Between OR it would be asked anew of every person, and be hashed only where Postgres believes that it is small.
 */
export function write(condition: Condition, wanted = true): string {
  if ('not' in condition) return write(condition.not, !wanted);
  if ('sql' in condition) {
    return wanted ? condition.sql : (condition.otherwise ?? `NOT ${condition.sql}`);
  }
  if ('people' in condition) return among(condition.people, wanted);
  const { parts, together } = groupOf(condition, wanted);
  const each = (as: boolean) => parts.map((part) => write(part, as));
  if (together) return `(${each(wanted).join(' AND ')})`;
  if (parts.every(isOfRow)) return `(${each(wanted).join(' OR ')})`;
  // Many do not: "A or not B" is "not among those of B who are not in A".
  if (parts.some((part) => isDenied(part, wanted)) && !parts.some(canBeUnknown))
    return among(`SELECT r.contact_id FROM reach r WHERE ${each(!wanted).join(' AND ')}`, false);
  const ofRow = parts.filter(isOfRow);
  const sets = [
    ...(ofRow.length > 0 ? [asPeople(wanted ? { any: ofRow } : { all: ofRow }, wanted)] : []),
    ...parts.filter((part) => !isOfRow(part)).map((part) => asPeople(part, wanted)),
  ];
  // Not UNION ALL: of a union Postgres knows how many there are, and joins accordingly.
  return among(sets.join(' UNION '), true);
}

const among = (people: string, wanted: boolean): string =>
  `${wanted ? '' : 'NOT '}EXISTS (SELECT FROM (${people}) x WHERE x.contact_id = r.contact_id)`;

type ConditionGroup = Extract<Condition, { all: unknown } | { any: unknown }>;

/** Its parts, and whether all of them have to be as is wanted, or one. */
function groupOf(group: ConditionGroup, wanted: boolean) {
  return 'all' in group
    ? { parts: group.all, together: wanted }
    : { parts: group.any, together: !wanted };
}

function asPeople(condition: Condition, wanted: boolean): string {
  if ('not' in condition) return asPeople(condition.not, !wanted);
  if ('people' in condition && wanted) return condition.people;
  if ('all' in condition || 'any' in condition) {
    const { parts, together } = groupOf(condition, wanted);
    const known = wanted && together ? parts.find((part) => 'people' in part) : undefined;
    // Where no row is asked for, the first few stand for everybody.
    if (known && parts.every(isOfTables)) {
      const others = parts.filter((part) => part !== known).map((part) => write(part, wanted));
      const where = others.length > 0 ? ` WHERE ${others.join(' AND ')}` : '';
      return `SELECT r.contact_id FROM (${known.people}) r${where}`;
    }
  }
  return `SELECT r.contact_id FROM reach r WHERE ${write(condition, wanted)}`;
}

/** Of the person's row nothing but who they are is read for it. */
function isOfTables(condition: Condition): boolean {
  if ('not' in condition) return isOfTables(condition.not);
  if ('sql' in condition || 'people' in condition) return 'people' in condition;
  return ('all' in condition ? condition.all : condition.any).every(isOfTables);
}

/** Whoever it is not known of is not among those for whom its opposite holds. */
function canBeUnknown(condition: Condition): boolean {
  if ('not' in condition) return canBeUnknown(condition.not);
  if ('sql' in condition || 'people' in condition) return 'otherwise' in condition;
  return ('all' in condition ? condition.all : condition.any).some(canBeUnknown);
}

/** Nothing but the person's row is read for it. */
function isOfRow(condition: Condition): boolean {
  if ('not' in condition) return isOfRow(condition.not);
  if ('sql' in condition || 'people' in condition) return 'sql' in condition;
  return ('all' in condition ? condition.all : condition.any).every(isOfRow);
}

/** It holds for whoever is not in a table: as a rule nearly everybody. */
function isDenied(condition: Condition, wanted: boolean): boolean {
  if ('not' in condition) return isDenied(condition.not, !wanted);
  if ('sql' in condition || 'people' in condition) return 'people' in condition && !wanted;
  const { parts, together } = groupOf(condition, wanted);
  const is = (part: Condition) => isDenied(part, wanted);
  return together ? parts.every(is) : parts.some(is);
}

/** An expression that may be NULL for want of `column`; then false. Written so that an index of the column can serve it. */
export function unlessNull(column: string, comparison: string): Condition {
  return { sql: `(${column} IS NOT NULL AND ${comparison})` };
}

/** Asked of a table so small that it is read for each question. */
export function exists(from: string, ...where: string[]): { readonly sql: string } {
  return { sql: `EXISTS (SELECT FROM ${from} WHERE ${where.join(' AND ')})` };
}

/** Everybody whose id is `contact` in some row. */
export function peopleIn(contact: string, from: string, ...where: string[]): { people: string } {
  return { people: `SELECT ${contact} AS contact_id FROM ${from} WHERE ${where.join(' AND ')}` };
}

/** Collects what callers said, as parameters numbered from `first`. */
export class Bound {
  readonly values: unknown[] = [];

  constructor(private readonly first: number) {}

  bind(
    value: unknown,
    type: 'text' | 'text[]' | 'uuid' | 'uuid[]' | NumericType | TimeType,
  ): string {
    this.values.push(value);
    return `$${this.first + this.values.length - 1}::${type}`;
  }
}

type NumericType = 'int' | 'float8';
type TimeType = 'timestamptz' | 'date';

/** What a rule is asked with. */
export interface Asked {
  bound: Bound;
  now: Date;
  timeZone: string;
  attributes: DeclaredAttributes;
}
