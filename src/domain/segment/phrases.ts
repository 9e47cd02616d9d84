import { type DeclaredAttributes, findField } from './fields';
import type {
  CampaignRule,
  ClicksRule,
  LearningKind,
  LearningRule,
  Rule,
  TopicRule,
  When,
} from './tree';

/** What ids stand for; undefined where it is gone. */
export interface Names {
  attributes: DeclaredAttributes;
  of(kind: NamedKind, id: string): string | undefined;
}
export type NamedKind = 'course' | 'organisation' | 'topic' | 'segment' | 'campaign';

export type Comparison =
  | { how: 'is' | 'contains' | 'starts' | 'less' | 'more' | 'when'; value: string }
  | { how: 'filled' | 'yes' | 'no' };

/**
 * What a language says rules with, after "people who". `wanted` false says the opposite. Lists are joined already; a time
 * is empty where none was asked for.
 */
export interface Phrases {
  people: string;
  and: string;
  or: string;
  gone: string;
  quoted(text: string): string;
  span(from: string, to: string): string;
  number(value: number): string;
  when(time: When): string;
  course(subject: string): string;
  name(attribute: { nameSv: string; nameEn: string }): string;
  choice(field: string, value: string): string;
  kind(wanted: boolean, kinds: string | null): string;
  language(wanted: boolean, languages: string): string;
  text(wanted: boolean, field: string, comparison: Comparison): string;
  attribute(wanted: boolean, name: string, comparison: Comparison): string;
  created(wanted: boolean, time: string): string;
  has(wanted: boolean, what: 'email' | 'phone'): string;
  organisation(wanted: boolean, names: string | null): string;
  agreement(wanted: boolean, how: 'active' | 'ended' | 'any'): string;
  agreementEnds(wanted: boolean, days: number): string;
  granted(wanted: boolean, topics: string, time: string): string;
  refused(wanted: boolean, topics: string): string;
  sent(wanted: boolean, campaigns: string | null, time: string): string;
  clicked(wanted: boolean, campaigns: string | null, time: string): string;
  event(kind: LearningKind): string;
  learned(wanted: boolean, what: string, courses: string | null, also: Learned): string;
  segment(wanted: boolean, names: string): string;
}

export interface Learned {
  time: string;
  times?: { atLeast: boolean; count: number };
  which?: 'first' | 'last';
}

/** These say the opposite of another operator. */
const OPPOSITES: Partial<Record<Rule['op'], Rule['op']>> = {
  is_not: 'is',
  not_contains: 'contains',
  not_equals: 'equals',
  none_of: 'one_of',
  not_within: 'within',
  is_empty: 'is_not_empty',
  not_granted: 'granted',
  never_sent: 'sent',
  never_clicked: 'clicked',
  never: 'did',
};

export function phraseOf(said: Rule, meant: boolean, names: Names, words: Phrases): string {
  const positive = OPPOSITES[said.op];
  const rule = (positive ? { ...said, op: positive } : said) as Rule;
  const wanted = positive ? !meant : meant;
  const named = (kind: NamedKind, ids: readonly string[]) =>
    listOf(
      ids.map((id) => {
        const name = names.of(kind, id);
        return name === undefined ? words.gone : words.quoted(name);
      }),
      words.or,
    );
  const chosen = () => (rule.op === 'one_of' ? rule.value : null);
  switch (rule.field) {
    case 'kind':
    case 'language': {
      const choices = chosen()?.map((one) => words.choice(rule.field, one));
      const list = choices ? listOf(choices, words.or) : null;
      return rule.field === 'kind' ? words.kind(wanted, list) : words.language(wanted, list ?? '');
    }
    case 'organisation': {
      const those = chosen();
      return words.organisation(wanted, those && named('organisation', those));
    }
    case 'segment':
      return words.segment(wanted, named('segment', chosen() ?? []));
    case 'has_email':
    case 'has_phone':
      return words.has(
        wanted === (rule.op === 'yes'),
        rule.field === 'has_email' ? 'email' : 'phone',
      );
    case 'created':
      return words.created(wanted, rule.op === 'within' ? words.when(rule.value) : '');
    case 'agreement':
      if (rule.op === 'ends_within') return words.agreementEnds(wanted, rule.value);
      if (rule.op === 'no_agreement') return words.agreement(!wanted, 'any');
      return words.agreement(wanted, rule.op === 'active' ? 'active' : 'ended');
    case 'topic': {
      const { op, value, when } = rule as TopicRule;
      const topics = named('topic', value);
      if (op === 'refused') return words.refused(wanted, topics);
      return words.granted(wanted, topics, when ? words.when(when) : '');
    }
    case 'campaign':
    case 'clicks': {
      const { field, value, when } = rule as CampaignRule | ClicksRule;
      const campaigns = value ? named('campaign', value) : null;
      const time = when ? words.when(when) : '';
      return field === 'campaign'
        ? words.sent(wanted, campaigns, time)
        : words.clicked(wanted, campaigns, time);
    }
    case 'learning':
      return learned(rule as LearningRule, wanted, named, words);
    default: {
      const field = findField(rule.field, names.attributes);
      if (!field?.attributeId) return words.text(wanted, rule.field, comparisonOf(rule, words));
      const declared = names.attributes.get(rule.field.slice('attribute:'.length))!;
      return words.attribute(wanted, words.name(declared), comparisonOf(rule, words));
    }
  }
}

function learned(
  { op, events, courses = [], subjects = [], times, when, which }: LearningRule,
  wanted: boolean,
  named: (kind: NamedKind, ids: readonly string[]) => string,
  words: Phrases,
): string {
  const what = listOf(
    events.map((kind) => words.event(kind)),
    words.or,
  );
  const about = [
    ...(courses.length > 0 ? [named('course', courses)] : []),
    ...subjects.map((subject) => words.course(words.quoted(subject))),
  ];
  const counted = times !== undefined && { times: { atLeast: op === 'at_least', count: times } };
  return words.learned(wanted, what, about.length > 0 ? listOf(about, words.or) : null, {
    time: when ? words.when(when) : '',
    ...counted,
    ...(which && { which }),
  });
}

function comparisonOf(rule: Rule, words: Phrases): Comparison {
  if (!('value' in rule) || rule.value === undefined) {
    return { how: rule.op === 'yes' || rule.op === 'no' ? rule.op : 'filled' };
  }
  const { op, value } = rule as { op: string; value: unknown };
  if (op === 'within') return { how: 'when', value: words.when(value as When) };
  if (op === 'between') {
    const { from, to } = value as { from: number; to: number };
    return { how: 'is', value: words.span(words.number(from), words.number(to)) };
  }
  if (Array.isArray(value)) {
    return {
      how: 'is',
      value: listOf(
        value.map((one) => words.quoted(String(one))),
        words.or,
      ),
    };
  }
  const text = typeof value === 'number' ? words.number(value) : words.quoted(value as string);
  const how = (
    { contains: 'contains', starts_with: 'starts', less_than: 'less', more_than: 'more' } as const
  )[op];
  return { how: how ?? 'is', value: text };
}

/** "a, b or c" */
export function listOf(items: readonly string[], word: string): string {
  if (items.length < 2) return items[0] ?? '';
  return `${items.slice(0, -1).join(', ')} ${word} ${items.at(-1)}`;
}

/** "1 maj 2026", "1 May 2026" */
export function dayIn(locale: string, day: string): string {
  const format = { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' } as const;
  return new Intl.DateTimeFormat(locale, format).format(new Date(`${day}T00:00:00Z`));
}
