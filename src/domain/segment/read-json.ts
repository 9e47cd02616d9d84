import { UNITS, type When } from './tree';
import { isDay } from './when';

export interface TreeFault {
  path: string;
  code: TreeFaultCode;
}

export type TreeFaultCode =
  | 'not_a_group'
  | 'not_a_rule'
  | 'not_a_list'
  | 'unknown_match'
  | 'unknown_field'
  | 'unknown_operator'
  | 'unknown_key'
  | 'unknown_choice'
  | 'unknown_segment'
  | 'segment_cycle'
  | 'empty'
  | 'missing'
  | 'too_deep'
  | 'too_wide'
  | 'too_long'
  | 'wrong_type'
  | 'out_of_range'
  | 'ends_before_it_begins'
  | 'unstorable_text';

/** Tells a fault where the reader stands; null, so that a reader can return it. */
export type Report = (code: TreeFaultCode) => null;

const LONGEST_TEXT = 200;
const MOST_VALUES = 1000;
const LONGEST_SPAN = { days: 3650, months: 120, years: 10 };
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function optional<T>(value: unknown, read: (value: unknown) => T): T | undefined {
  return value === undefined ? undefined : read(value);
}

/** NFC without blanks around it: as what it is compared with is stored. */
export function readText(value: unknown, report: Report): string | null {
  if (typeof value !== 'string') return report('wrong_type');
  if (/\0|\p{Surrogate}/u.test(value)) return report('unstorable_text');
  const text = value.normalize('NFC').trim();
  if (text === '') return report('empty');
  return text.length > LONGEST_TEXT ? report('too_long') : text;
}

export function readNumber(value: unknown, report: Report): number | null {
  if (typeof value !== 'number') return report('wrong_type');
  return Number.isFinite(value) ? value : report('out_of_range');
}

export function readWhole(
  value: unknown,
  least: number,
  most: number,
  report: Report,
): number | null {
  if (typeof value !== 'number') return report('wrong_type');
  const inRange = Number.isInteger(value) && value >= least && value <= most;
  return inRange ? value : report('out_of_range');
}

/** At least one, each once: ids, texts, or of a closed list. */
export function readList(
  value: unknown,
  of: 'id' | 'text' | readonly string[],
  report: Report,
): string[] | null {
  if (!Array.isArray(value)) return report('not_a_list');
  if (value.length === 0) return report('empty');
  if (value.length > MOST_VALUES) return report('too_wide');
  const read = value.map((item: unknown) => {
    if (of === 'text') return readText(item, report);
    if (typeof item !== 'string') return report('wrong_type');
    if (of === 'id') return UUID.test(item) ? item.toLowerCase() : report('wrong_type');
    return of.includes(item) ? item : report('unknown_choice');
  });
  return [...new Set(read.filter((item) => item !== null))];
}

const FORMS = [['last', 'unit'], ['next', 'unit'], ['on'], ['before'], ['after'], ['from', 'to']];

export function readWhen(value: unknown, mayBeAhead: boolean, report: Report): When | null {
  if (!isRecord(value)) return report('wrong_type');
  const keys = Object.keys(value);
  const form = FORMS.find(
    (names) => names.length === keys.length && names.every((name) => keys.includes(name)),
  );
  if (!form) return report('unknown_choice');
  const [name] = form as [string];
  if (name === 'next' && !mayBeAhead) return report('unknown_choice');
  if (form.includes('unit')) {
    const unit = UNITS.find((one) => one === value.unit);
    if (!unit) return report('unknown_choice');
    const amount = readWhole(value[name], 1, LONGEST_SPAN[unit], report);
    return amount === null ? null : ({ [name]: amount, unit } as When);
  }
  if (!form.every((one) => isDay(value[one]))) return report('wrong_type');
  if (name === 'from' && (value.from as string) > (value.to as string)) {
    return report('ends_before_it_begins');
  }
  return Object.fromEntries(form.map((one) => [one, value[one]])) as When;
}
