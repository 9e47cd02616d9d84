import type { DeclaredAttributes } from './fields';

/**
 * A yes-or-no question in Postgres, before it is written down. Every leaf is true or false, never NULL, and its text is
 * ours: what callers said is in it only as `$n`.
 */
export type Condition =
  /** `otherwise`: where it can be unknown, what is true when it is known not to hold. */
  | { readonly sql: string; readonly otherwise?: string }
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition };

/**
 * A no is carried down to the leaves: `NOT EXISTS` becomes an anti-join only when nothing stands between the two words,
 * and else would be asked anew of every person.
 */
export function write(condition: Condition, wanted = true): string {
  if ('not' in condition) return write(condition.not, !wanted);
  if ('sql' in condition) {
    return wanted ? condition.sql : (condition.otherwise ?? `NOT ${condition.sql}`);
  }
  const [parts, together] = 'all' in condition ? [condition.all, wanted] : [condition.any, !wanted];
  return `(${parts.map((part) => write(part, wanted)).join(together ? ' AND ' : ' OR ')})`;
}

/** An expression that may be NULL for want of `column`; then false. Written so that an index of the column can serve it. */
export function unlessNull(column: string, comparison: string): Condition {
  return { sql: `(${column} IS NOT NULL AND ${comparison})` };
}

export function exists(from: string, ...where: string[]): { readonly sql: string } {
  return { sql: `EXISTS (SELECT FROM ${from} WHERE ${where.join(' AND ')})` };
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
