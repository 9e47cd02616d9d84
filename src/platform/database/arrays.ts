// Array parameters as Postgres writes them itself. The driver would escape and quote every element by regular
// expressions, which for a thousand rows of twenty columns costs more than all else that is done with them.
// Nothing but nulls becomes an empty array: beside other columns in one unnest() that is the same.

const NEEDS_ESCAPE = /[\\"]/;

/** For `IN (…)`, of words that stand in our own code; never of input. */
export function constants(words: readonly string[]): string {
  return words.map((word) => `'${word}'`).join(', ');
}

/** For elements in which nothing needs a quote: UUIDs, numbers, booleans. */
export function plainArray(values: readonly (string | number | boolean | null)[]): string {
  return array(values, String);
}

/** For text of any kind. */
export function textArray(values: readonly (string | null)[]): string {
  return array(values, quoted);
}

/** For `bytea[]`, from hex. */
export function bytesArray(values: readonly (string | null)[]): string {
  return array(values, bytes);
}

const quoted = (value: string): string =>
  `"${NEEDS_ESCAPE.test(value) ? value.replace(/[\\"]/g, '\\$&') : value}"`;

const bytes = (hex: string): string => `"\\\\x${hex}"`;

function array<T>(values: readonly (T | null)[], written: (value: T) => string): string {
  if (values.every((value) => value === null)) return '{}';
  const parts: string[] = [];
  let last: T | null = null;
  let part = 'NULL';
  for (const value of values) {
    // Columns of an import often say the same in every row.
    if (value !== last) part = value === null ? 'NULL' : written(value);
    last = value;
    parts.push(part);
  }
  return `{${parts.join(',')}}`;
}
