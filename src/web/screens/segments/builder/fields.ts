import { queryOptions } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { type Field, type FieldType, FIELDS, findField } from '../../../../domain/segment/fields';
import type { Operator } from '../../../../domain/segment/tree';
import { answer, api, type Answer } from '../../../api/client';
import type { DraftRule } from './rows';

const GROUPS = ['person', 'company', 'chosen', 'learning', 'others', 'own'] as const;
type GroupName = (typeof GROUPS)[number];

const GROUP_OF: Readonly<Record<string, GroupName>> = {
  organisation: 'company',
  organisation_name: 'company',
  organisation_city: 'company',
  agreement: 'company',
  topic: 'chosen',
  campaign: 'chosen',
  clicks: 'chosen',
  learning: 'learning',
  segment: 'others',
};

/** What a rule of the type holds when it is new, by operator where they differ. */
const BLANKS: Readonly<Record<FieldType, (op: Operator) => Partial<DraftRule>>> = {
  text: () => ({ value: '' }),
  number: (op) => ({ value: op === 'between' ? { from: '', to: '' } : '' }),
  date: () => ({ value: { last: 12, unit: 'months' } }),
  instant: () => ({ value: { last: 12, unit: 'months' } }),
  flag: () => ({}),
  choice: () => ({ value: [] }),
  reference: () => ({ value: [] }),
  agreement: (op) => (op === 'ends_within' ? { value: 90 } : {}),
  topic: () => ({ value: [] }),
  campaign: () => ({}),
  clicks: () => ({}),
  learning: (op) => ({
    events: ['completed'],
    ...((op === 'at_least' || op === 'at_most') && { times: 2 }),
  }),
  segment: () => ({ value: [] }),
};

const WITHOUT_VALUE: readonly string[] = ['is_empty', 'is_not_empty'];

export interface AskableField extends Field {
  label: string;
}

export interface Askable {
  /** As a choice of fields shows them. */
  groups: { group: string; items: { value: string; label: string }[] }[];
  find: (key: string) => AskableField | undefined;
}

export const attributesQuery = queryOptions({
  queryKey: ['attributes'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/attributes', { signal })),
  staleTime: 60_000,
});

/** Everything that can be asked here, with what this house has declared itself. */
export function useAskable(attributes: readonly Answer<'Attribute'>[]): Askable {
  const { t, i18n } = useTranslation('segments');
  const declared = new Map(attributes.map((one) => [one.key, one]));
  const own = attributes.flatMap(({ key, nameSv, nameEn }) => {
    const field = findField(`attribute:${key}`, declared);
    return field ? [{ ...field, label: i18n.language === 'en' ? nameEn : nameSv }] : [];
  });
  const ours = FIELDS.filter(({ type }) => type in BLANKS).map((field) => ({
    ...field,
    label: t(`field.${field.key}`),
  }));
  const all = new Map<string, AskableField>([...ours, ...own].map((one) => [one.key, one]));
  const groupOf = ({ key, attributeId }: Field) =>
    attributeId ? 'own' : (GROUP_OF[key] ?? 'person');
  return {
    groups: GROUPS.map((group) => ({
      group: t(`group.${group}`),
      items: [...all.values()]
        .filter((field) => groupOf(field) === group)
        .map(({ key, label }) => ({ value: key, label })),
    })).filter(({ items }) => items.length > 0),
    find: (key) => all.get(key),
  };
}

/** A new rule about the field; of the one before it stays what still means something. */
export function blankRule(field: Field, op: Operator, before?: DraftRule): DraftRule {
  const blank = WITHOUT_VALUE.includes(op) ? {} : BLANKS[field.type](op);
  if (before?.field !== field.key) return { field: field.key, op, ...blank };
  const kept = Object.fromEntries(
    Object.entries(before).filter(
      ([name, value]) =>
        (name in blank && kindOf(value) === kindOf(blank[name as keyof DraftRule])) ||
        mayHold(field.type, op, name),
    ),
  );
  return { ...blank, ...kept, field: field.key, op };
}

const kindOf = (value: unknown): string =>
  Array.isArray(value)
    ? 'list'
    : value === ''
      ? 'number or text'
      : typeof value === 'object'
        ? 'parts'
        : 'number or text';

/** What a rule may hold and need not. */
function mayHold(type: FieldType, op: Operator, name: string): boolean {
  if (type === 'learning') {
    return ['courses', 'subjects', 'when'].includes(name) || (name === 'which' && op === 'did');
  }
  if (type === 'campaign' || type === 'clicks') return name === 'value' || name === 'when';
  return type === 'topic' && name === 'when' && op === 'granted';
}
