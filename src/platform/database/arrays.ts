// Array parameters as Postgres writes them itself. The driver would escape and quote every element by regular
// expressions, which for a thousand rows of twenty columns costs more than all else that is done with them.

const NEEDS_ESCAPE = /[\\"]/;

/** For elements in which nothing needs a quote: UUIDs, numbers, booleans, ISO times. */
export function plainArray(values: readonly (string | number | boolean | null)[]): string {
  let text = '{';
  for (let i = 0; i < values.length; i++) text += (i > 0 ? ',' : '') + (values[i] ?? 'NULL');
  return `${text}}`;
}

/** For text of any kind. */
export function textArray(values: readonly (string | null)[]): string {
  let text = '{';
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (i > 0) text += ',';
    if (value === null) text += 'NULL';
    else text += `"${NEEDS_ESCAPE.test(value) ? value.replace(/[\\"]/g, '\\$&') : value}"`;
  }
  return `${text}}`;
}

/** For `bytea[]`, from hex. */
export function bytesArray(values: readonly (string | null)[]): string {
  let text = '{';
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (i > 0) text += ',';
    text += value === null ? 'NULL' : `"\\\\x${value}"`;
  }
  return `${text}}`;
}
