/** What a learner can have done. */
export const LEARNER_EVENT_KINDS = [
  'enrolled',
  'started',
  'completed',
  'certificate',
  'active',
] as const;
export type LearnerEventKind = (typeof LEARNER_EVENT_KINDS)[number];

export const ATTRIBUTE_TYPES = ['text', 'number', 'date', 'flag', 'choice'] as const;
export type AttributeType = (typeof ATTRIBUTE_TYPES)[number];
export type AttributeValue = string | number | boolean;

export type ValueFault =
  | 'not_text'
  | 'not_a_number'
  | 'not_a_date'
  | 'not_a_flag'
  | 'not_a_choice'
  | 'empty'
  | 'too_long'
  | 'control_character'
  | 'unstorable_text';

export const LONGEST_TEXT = 500;

type Read = { value: AttributeValue } | { fault: ValueFault };

/** A value as it is stored: text in NFC, a day as YYYY-MM-DD. */
export function readAttributeValue(
  { type, choices }: { type: AttributeType; choices: readonly string[] },
  raw: unknown,
): Read {
  switch (type) {
    case 'flag':
      return typeof raw === 'boolean' ? { value: raw } : { fault: 'not_a_flag' };
    case 'number':
      return typeof raw === 'number' && Number.isFinite(raw)
        ? { value: raw }
        : { fault: 'not_a_number' };
    case 'date':
      return isDay(raw) ? { value: raw } : { fault: 'not_a_date' };
    case 'choice':
      return typeof raw === 'string' && choices.includes(raw)
        ? { value: raw }
        : { fault: 'not_a_choice' };
    case 'text':
      return typeof raw === 'string' ? readText(raw) : { fault: 'not_text' };
  }
}

function readText(raw: string): Read {
  if (/\0|\p{Surrogate}/u.test(raw)) return { fault: 'unstorable_text' };
  const value = raw.normalize('NFC').replace(/\s+/g, ' ').trim();
  if (value === '') return { fault: 'empty' };
  if (/\p{Cc}/u.test(value)) return { fault: 'control_character' };
  return value.length > LONGEST_TEXT ? { fault: 'too_long' } : { value };
}

/** A day that exists, as YYYY-MM-DD. */
export function isDay(raw: unknown): raw is string {
  if (typeof raw !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(raw)) return false;
  const day = new Date(`${raw}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(raw) && raw >= '0001';
}
