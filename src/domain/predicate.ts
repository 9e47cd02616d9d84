/**
 * A tiny language for yes-or-no questions about a flat record of facts, with two readers: `holds` answers in
 * TypeScript, `predicateToSql` writes the same question for Postgres. Every leaf is two-valued: a NULL makes
 * it false (never unknown), so that AND, OR and NOT mean the same in both.
 */
export type Predicate<F> =
  | { op: 'and' | 'or'; of: readonly Predicate<F>[] }
  | { op: 'not'; of: Predicate<F> }
  | { op: 'isTrue'; fact: FactOf<F, boolean> }
  | { op: 'isNull'; fact: keyof F & string }
  | { op: 'isOneOf'; fact: FactOf<F, string>; values: readonly string[] }
  | { op: 'contains'; list: FactOf<F, readonly string[]>; item: FactOf<F, string> }
  | { op: 'onlyAmong'; list: FactOf<F, readonly string[]>; values: readonly string[] }
  | { op: 'isAfter'; fact: FactOf<F, Date>; than: FactOf<F, Date> };

/** Names of the facts of one type, nullable or not. */
export type FactOf<F, T> = {
  [K in keyof F & string]: NonNullable<F[K]> extends T ? K : never;
}[keyof F & string];

/** The words the rules are written in, for one record of facts. */
export const predicates = <F>() => ({
  and: (...of: Predicate<F>[]): Predicate<F> => ({ op: 'and', of }),
  or: (...of: Predicate<F>[]): Predicate<F> => ({ op: 'or', of }),
  not: (of: Predicate<F>): Predicate<F> => ({ op: 'not', of }),
  isTrue: (fact: FactOf<F, boolean>): Predicate<F> => ({ op: 'isTrue', fact }),
  isNull: (fact: keyof F & string): Predicate<F> => ({ op: 'isNull', fact }),
  isOneOf: (fact: FactOf<F, string>, ...values: string[]): Predicate<F> => ({
    op: 'isOneOf',
    fact,
    values,
  }),
  contains: (list: FactOf<F, readonly string[]>, item: FactOf<F, string>): Predicate<F> => ({
    op: 'contains',
    list,
    item,
  }),
  /** True of an empty list too. */
  onlyAmong: (list: FactOf<F, readonly string[]>, ...values: string[]): Predicate<F> => ({
    op: 'onlyAmong',
    list,
    values,
  }),
  isAfter: (fact: FactOf<F, Date>, than: FactOf<F, Date>): Predicate<F> => ({
    op: 'isAfter',
    fact,
    than,
  }),
});

/** Throws TypeError on a fact of another type than declared: a wrong type must never pass for a no-objection. */
export function holds<F extends object>(predicate: Predicate<F>, facts: F): boolean {
  switch (predicate.op) {
    case 'and':
      return predicate.of.every((part) => holds(part, facts));
    case 'or':
      return predicate.of.some((part) => holds(part, facts));
    case 'not':
      return !holds(predicate.of, facts);
    case 'isTrue':
      return read(facts, predicate.fact, isBoolean) === true;
    case 'isNull':
      return (facts[predicate.fact] ?? null) === null;
    case 'isOneOf':
      return predicate.values.includes(read(facts, predicate.fact, isString) ?? NOTHING);
    case 'contains':
      return (read(facts, predicate.list, isList) ?? []).includes(
        read(facts, predicate.item, isString) ?? NOTHING,
      );
    case 'onlyAmong': {
      const list = read(facts, predicate.list, isList);
      return list !== null && list.every((item) => predicate.values.includes(item));
    }
    case 'isAfter': {
      const fact = read(facts, predicate.fact, isDate);
      const than = read(facts, predicate.than, isDate);
      return fact !== null && than !== null && fact.getTime() > than.getTime();
    }
  }
}

/**
 * A Postgres expression that is TRUE or FALSE, never NULL. `columns` are expressions of our own, not input:
 * they are pasted in as they are. Lists are uuid[] or text[]; a constant takes the type of its column.
 */
export function predicateToSql<F>(
  predicate: Predicate<F>,
  columns: Readonly<Record<keyof F & string, string>>,
): string {
  const column = (fact: keyof F & string): string => `(${columns[fact]})`;
  switch (predicate.op) {
    case 'and':
    case 'or': {
      const parts = predicate.of.map((part) => predicateToSql(part, columns));
      return `(${parts.join(predicate.op === 'and' ? ' AND ' : ' OR ')})`;
    }
    case 'not':
      return `(NOT ${predicateToSql(predicate.of, columns)})`;
    case 'isTrue':
      return `(${column(predicate.fact)} IS TRUE)`;
    case 'isNull':
      return `(${column(predicate.fact)} IS NULL)`;
    case 'isOneOf':
      return neverNull(`${column(predicate.fact)} IN (${predicate.values.map(quote).join(', ')})`);
    case 'contains':
      return neverNull(`${column(predicate.item)} = ANY (${column(predicate.list)})`);
    case 'onlyAmong':
      return neverNull(`${column(predicate.list)} <@ ${quoteList(predicate.values)}`);
    case 'isAfter':
      return neverNull(`${column(predicate.fact)} > ${column(predicate.than)}`);
  }
}

/** Names that occur in a predicate, for tests that hold rules to the facts they may read. */
export function factsIn<F>(predicate: Predicate<F>): (keyof F & string)[] {
  switch (predicate.op) {
    case 'and':
    case 'or':
      return predicate.of.flatMap((part) => factsIn(part));
    case 'not':
      return factsIn(predicate.of);
    case 'contains':
      return [predicate.list, predicate.item];
    case 'onlyAmong':
      return [predicate.list];
    case 'isAfter':
      return [predicate.fact, predicate.than];
    case 'isTrue':
    case 'isNull':
    case 'isOneOf':
      return [predicate.fact];
  }
}

/** Equal to no value a list can hold. */
const NOTHING = '\u0000';

const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';
const isString = (value: unknown): value is string => typeof value === 'string';
const isList = (value: unknown): value is string[] => Array.isArray(value) && value.every(isString);
const isDate = (value: unknown): value is Date =>
  value instanceof Date && !Number.isNaN(value.getTime());

function read<F extends object, T>(
  facts: F,
  name: keyof F & string,
  is: (value: unknown) => value is T,
): T | null {
  const value: unknown = facts[name] ?? null;
  if (value === null || is(value)) return value;
  throw new TypeError(`the fact ${name} is of the wrong type`);
}

const neverNull = (expression: string): string => `COALESCE(${expression}, FALSE)`;
const quote = (value: string): string => `'${value.replaceAll("'", "''")}'`;
const quoteList = (values: readonly string[]): string =>
  quote(`{${values.map((value) => `"${value.replace(/["\\]/g, '\\$&')}"`).join(',')}}`);
