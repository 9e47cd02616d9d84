import type { Field } from './fields';
import {
  isRecord,
  readList,
  readNumber,
  readText,
  readWhen,
  readWhole,
  type Report,
} from './read-json';
import type { Operator } from './tree';

type Reader = (value: unknown, field: Field, report: Report) => unknown;

const text: Reader = (value, _, report) => readText(value, report);
const number: Reader = (value, _, report) => readNumber(value, report);
const span: Reader = (value, _, report) => readSpan(value, report);
const list: Reader = (value, { choices }, report) => readList(value, choices ?? 'id', report);
const days: Reader = (value, _, report) => readWhole(value, 0, 3650, report);
const when: Reader = (value, { type }, report) => readWhen(value, type === 'date', report);

/** Operators that are not here want no value, or have a reader of their own (parse.ts). */
const READERS: Partial<Record<Operator, Reader>> = {
  is: text,
  is_not: text,
  contains: text,
  not_contains: text,
  starts_with: text,
  equals: number,
  not_equals: number,
  less_than: number,
  more_than: number,
  between: span,
  one_of: list,
  none_of: list,
  within: when,
  not_within: when,
  ends_within: days,
};

/** `{value}` as the operator wants it; `{}` where it wants none. Null inside: told already. */
export function readValue(
  field: Field,
  op: Operator,
  value: unknown,
  report: Report,
): { value?: unknown } {
  const read = READERS[op];
  return read ? { value: read(value, field, report) } : {};
}

function readSpan(value: unknown, report: Report): { from: number; to: number } | null {
  if (!isRecord(value) || Object.keys(value).sort().join() !== 'from,to') {
    return report('wrong_type');
  }
  const from = readNumber(value.from, report);
  const to = readNumber(value.to, report);
  if (from === null || to === null) return null;
  return from > to ? report('ends_before_it_begins') : { from, to };
}
