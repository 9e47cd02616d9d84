import { CONTACT_KINDS } from '../allowed-data';
import type { Operator } from './tree';

/** Row of the policy's table that a datum is held for. */
export type FieldPurpose = 'R-05' | 'R-06' | 'R-08' | 'R-09' | 'R-10';

export type FieldType =
  | 'text'
  | 'number'
  | 'date'
  | 'instant'
  | 'flag'
  | 'choice'
  | 'reference'
  | 'agreement'
  | 'topic'
  | 'campaign'
  | 'clicks'
  | 'learning'
  | 'segment';

export interface Field {
  readonly key: string;
  readonly type: FieldType;
  readonly operators: readonly Operator[];
  readonly purpose: FieldPurpose;
  /** Asking it is profiling: of whoever said no to that, nothing is asked. */
  readonly profiling: boolean;
  /** Of a choice: what may be chosen. */
  readonly choices?: readonly string[];
  /** Set of a declared attribute. */
  readonly attributeId?: string;
}

/** What the controller has declared (table attribute). */
export interface DeclaredAttribute {
  readonly id: string;
  readonly key: string;
  readonly type: 'text' | 'number' | 'date' | 'flag' | 'choice';
  readonly purpose: string;
  readonly choices: readonly string[];
  readonly nameSv: string;
  readonly nameEn: string;
}
export type DeclaredAttributes = ReadonlyMap<string, DeclaredAttribute>;

const EMPTY = ['is_empty', 'is_not_empty'] as const;

const OPERATORS: Readonly<Record<FieldType, readonly Operator[]>> = {
  text: ['is', 'is_not', 'contains', 'not_contains', 'starts_with', ...EMPTY],
  number: ['equals', 'not_equals', 'less_than', 'more_than', 'between', ...EMPTY],
  date: ['within', 'not_within', ...EMPTY],
  instant: ['within', 'not_within'],
  flag: ['yes', 'no'],
  choice: ['one_of', 'none_of', ...EMPTY],
  reference: ['one_of', 'none_of', ...EMPTY],
  agreement: ['active', 'ended', 'ends_within', 'no_agreement'],
  topic: ['granted', 'not_granted', 'refused'],
  campaign: ['sent', 'never_sent'],
  clicks: ['clicked', 'never_clicked'],
  learning: ['did', 'never', 'at_least', 'at_most'],
  segment: ['one_of', 'none_of'],
};

const field = (
  key: string,
  type: FieldType,
  purpose: FieldPurpose,
  also: Partial<Field> = {},
): Field => ({
  key,
  type,
  operators: OPERATORS[type],
  purpose,
  profiling: purpose === 'R-10',
  ...also,
});

/** Everything that can be asked; what is not here cannot be. */
export const FIELDS: readonly Field[] = [
  field('kind', 'choice', 'R-06', { choices: CONTACT_KINDS }),
  field('language', 'choice', 'R-06', { choices: ['sv', 'en'], operators: ['one_of', 'none_of'] }),
  field('city', 'text', 'R-06'),
  field('title', 'text', 'R-06'),
  field('first_name', 'text', 'R-06'),
  field('last_name', 'text', 'R-06'),
  field('time_zone', 'text', 'R-06', { operators: ['is', 'is_not', 'starts_with'] }),
  field('created', 'instant', 'R-06'),
  field('has_email', 'flag', 'R-06'),
  field('has_phone', 'flag', 'R-06'),
  field('organisation', 'reference', 'R-06'),
  field('organisation_name', 'text', 'R-06'),
  field('organisation_city', 'text', 'R-06'),
  field('agreement', 'agreement', 'R-06'),
  field('topic', 'topic', 'R-05'),
  field('segment', 'segment', 'R-06'),
  field('learning', 'learning', 'R-10'),
  field('campaign', 'campaign', 'R-10'),
  field('clicks', 'clicks', 'R-10'),
];

const BY_KEY: ReadonlyMap<string, Field> = new Map(FIELDS.map((one) => [one.key, one]));
const ATTRIBUTE = 'attribute:';
const ATTRIBUTE_PURPOSES: readonly string[] = ['R-08', 'R-09', 'R-10'];

/** The field of that name; undefined: there is none, or its purpose is not one that can be asked for. */
export function findField(key: string, attributes: DeclaredAttributes): Field | undefined {
  const own = BY_KEY.get(key);
  if (own || !key.startsWith(ATTRIBUTE)) return own;
  const declared = attributes.get(key.slice(ATTRIBUTE.length));
  if (!declared || !ATTRIBUTE_PURPOSES.includes(declared.purpose)) return undefined;
  const operators =
    declared.type === 'flag' ? [...OPERATORS.flag, ...EMPTY] : OPERATORS[declared.type];
  return field(key, declared.type, declared.purpose as FieldPurpose, {
    operators,
    attributeId: declared.id,
    ...(declared.type === 'choice' && { choices: declared.choices }),
  });
}

/** How many years after it was collected a datum may be asked for (the policy's table); end otherwise. */
export const YEARS: Readonly<Partial<Record<FieldPurpose, number>>> = {
  'R-08': 3,
  'R-09': 1,
  'R-10': 3,
};
