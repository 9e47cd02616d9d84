import { agreementCondition } from './agreement-condition';
import { type Asked, type Bound, type Condition, exists, peopleIn, unlessNull } from './condition';
import { clicksCondition } from './clicks-condition';
import { campaignCondition, learningCondition, topicCondition } from './history-conditions';
import { type Field, findField, YEARS } from './fields';
import type { CampaignRule, ClicksRule, LearningRule, Rule, TopicRule, When } from './tree';
import { toDays, toInstants, yearsAgo } from './when';

/** How one and the same datum is compared, wherever it is stored. */
type Compare = (matches: (column: string) => string) => Condition;

const KIND_BITS: Readonly<Record<string, number>> = {
  company_contact: 1,
  learner: 2,
  newsletter_subscriber: 4,
  support_contact: 8,
};

const onReach =
  (column: string): Compare =>
  (matches) =>
    unlessNull(column, matches(column));
const onContact =
  (column: string): Compare =>
  (matches) =>
    peopleIn('c.id', 'contact c', matches(`c.${column}`));
const onOrganisation =
  (column: string): Compare =>
  (matches) =>
    exists('organisation o', 'o.id = r.organisation_id', matches(`o.${column}`));

/** Stored in lower case. */
const FOLDED = ['r.city_key', 'r.title_key'] as const;

const TEXTS: Readonly<Record<string, Compare>> = {
  city: onReach(FOLDED[0]),
  title: onReach(FOLDED[1]),
  first_name: onContact('first_name'),
  last_name: onContact('last_name'),
  time_zone: onContact('time_zone'),
  organisation_name: onOrganisation('name'),
  organisation_city: onOrganisation('city'),
};

/** Any rule but one about other segments. Throws on a field that is not in the registry. */
export function toCondition(rule: Rule, asked: Asked): Condition {
  const field = findField(rule.field, asked.attributes);
  if (!field) throw new RangeError('a field that is not known');
  if (field.attributeId) return comparison(rule, onAttribute(field, rule, asked), asked);
  switch (field.key) {
    case 'kind':
      return kindCondition(rule, asked.bound);
    case 'language':
      return comparison(rule, onReach('r.language'), asked);
    case 'organisation':
      return comparison(rule, onReach('r.organisation_id'), asked, 'uuid[]');
    case 'created':
      return comparison(rule, onReach('r.created_at'), asked);
    case 'has_email':
      return flagCondition(rule, 'r.email_address_id');
    case 'has_phone':
      return flagCondition(rule, 'r.sms_address_id');
    case 'agreement':
      return agreementCondition(rule, asked);
    case 'topic':
      return topicCondition(rule as TopicRule, asked);
    case 'campaign':
      return campaignCondition(rule as CampaignRule, asked);
    case 'clicks':
      return clicksCondition(rule as ClicksRule, asked);
    case 'learning':
      return learningCondition(rule as LearningRule, asked);
    default: {
      const compare = TEXTS[field.key];
      if (!compare) throw new RangeError(`${field.key} has no condition`);
      return comparison(rule, compare, asked);
    }
  }
}

function comparison(
  rule: Rule,
  compare: Compare,
  asked: Asked,
  list: 'text[]' | 'uuid[]' = 'text[]',
): Condition {
  const { bound } = asked;
  switch (rule.op) {
    case 'is':
      return compare(equals(bound.bind(rule.value, 'text')));
    case 'is_not':
      return { not: compare(equals(bound.bind(rule.value, 'text'))) };
    case 'contains':
      return compare(holds(bound.bind(rule.value, 'text')));
    case 'not_contains':
      return { not: compare(holds(bound.bind(rule.value, 'text'))) };
    case 'starts_with': {
      const beginning = bound.bind(rule.value, 'text');
      return compare((column) => `starts_with(${fold(column)}, lower(${beginning}))`);
    }
    case 'equals':
      return compare(is('=', bound.bind(rule.value, 'float8')));
    case 'not_equals':
      return { not: compare(is('=', bound.bind(rule.value, 'float8'))) };
    case 'less_than':
      return compare(is('<', bound.bind(rule.value, 'float8')));
    case 'more_than':
      return compare(is('>', bound.bind(rule.value, 'float8')));
    case 'between': {
      const from = bound.bind(rule.value.from, 'float8');
      const to = bound.bind(rule.value.to, 'float8');
      return compare((column) => `${column} BETWEEN ${from} AND ${to}`);
    }
    case 'one_of':
      return compare(among(bound.bind(rule.value, list)));
    case 'none_of':
      return { not: compare(among(bound.bind(rule.value, list))) };
    case 'within':
      return compare(within(rule.field, rule.value, asked));
    case 'not_within':
      return { not: compare(within(rule.field, rule.value, asked)) };
    case 'yes':
      return compare((column) => `${column} IS TRUE`);
    case 'no':
      return compare((column) => `${column} IS FALSE`);
    case 'is_empty':
      return { not: compare(filled) };
    case 'is_not_empty':
      return compare(filled);
    case 'active':
    case 'ended':
    case 'no_agreement':
    case 'ends_within':
    case 'granted':
    case 'not_granted':
    case 'refused':
    case 'sent':
    case 'never_sent':
    case 'clicked':
    case 'never_clicked':
    case 'did':
    case 'never':
    case 'at_least':
    case 'at_most':
      throw new RangeError(`${rule.field} cannot be asked ${rule.op}`);
  }
}

/** As people read names: whatever the case; å is not a. However it was typed, it is stored and asked in NFC. */
const fold = (column: string): string =>
  (FOLDED as readonly string[]).includes(column) ? column : `lower(${column})`;
const equals = (value: string) => (column: string) => `${fold(column)} = lower(${value})`;
const holds = (value: string) => (column: string) =>
  `position(lower(${value}) IN ${fold(column)}) > 0`;
const is = (sign: string, value: string) => (column: string) => `${column} ${sign} ${value}`;
const among = (values: string) => (column: string) => `${column} = ANY (${values})`;
const filled = (column: string) => `${column}::text <> ''`;

function within(key: string, when: When, { bound, ...moment }: Asked) {
  if (key === 'created') {
    const { from, until } = toInstants(when, moment);
    const first = from && bound.bind(from, 'timestamptz');
    const end = until && bound.bind(until, 'timestamptz');
    return (column: string) =>
      inside(first && `${column} >= ${first}`, end && `${column} < ${end}`);
  }
  const { from, to } = toDays(when, moment);
  const first = from && bound.bind(from, 'date');
  const last = to && bound.bind(to, 'date');
  return (column: string) =>
    inside(first && `${column} >= ${first}`, last && `${column} <= ${last}`);
}

const inside = (...ends: (string | null)[]): string => ends.filter(Boolean).join(' AND ');

const VALUE_COLUMNS = {
  text: 'text',
  choice: 'text',
  number: 'number',
  date: 'date',
  flag: 'flag',
};

/** What is older than its purpose is not read: the same as if it had never been told. */
function onAttribute(field: Field, rule: Rule, { bound, ...moment }: Asked): Compare {
  const column = VALUE_COLUMNS[field.type as keyof typeof VALUE_COLUMNS];
  const years = YEARS[field.purpose];
  if (!column || !years) throw new RangeError(`${rule.field} has no purpose of an attribute`);
  const id = bound.bind(field.attributeId, 'uuid');
  const since = bound.bind(yearsAgo(years, moment), 'timestamptz');
  return (matches) =>
    peopleIn(
      'v.contact_id',
      'contact_attribute v',
      `v.attribute_id = ${id}`,
      `v.collected_at > ${since}`,
      matches(`v.${column}`),
    );
}

function kindCondition(rule: Rule, bound: Bound): Condition {
  if (rule.op === 'is_empty') return { sql: '(r.kinds = 0)' };
  if (rule.op === 'is_not_empty') return { sql: '(r.kinds <> 0)' };
  if (rule.op !== 'one_of' && rule.op !== 'none_of') throw new RangeError('kinds are a set');
  const bits = rule.value.reduce((sum, kind) => sum | (KIND_BITS[kind] ?? 0), 0);
  const some = { sql: `(r.kinds::int & ${bound.bind(bits, 'int')} <> 0)` };
  return rule.op === 'one_of' ? some : { not: some };
}

function flagCondition(rule: Rule, column: string): Condition {
  const has = { sql: `(${column} IS NOT NULL)` };
  return rule.op === 'yes' ? has : { not: has };
}
