/**
 * A question about people, as JSON: `{match: 'all', rules: [{field: 'city', op: 'is', value: 'Malmö'}]}`. A group
 * may hold groups. `none` means that not one of its rules holds. Every rule is true or false of everybody (but
 * ClicksRule): whoever has no city is not in Malmö, and is among those whose city is not Malmö.
 */
export interface Group {
  match: Match;
  rules: TreeNode[];
}

export type Match = (typeof MATCHES)[number];
export type TreeNode = Group | Rule;

export const MATCHES = ['all', 'any', 'none'] as const;
export const DEEPEST = 5;
export const MOST_RULES = 100;

/** `field` is a key of the registry (fields.ts), or `attribute:` and the key of a declared attribute. */
export type Rule =
  | { field: string; op: TextOperator; value: string }
  | { field: string; op: NumberOperator; value: number }
  | { field: string; op: 'between'; value: { from: number; to: number } }
  | { field: string; op: 'one_of' | 'none_of'; value: string[] }
  | { field: string; op: 'within' | 'not_within'; value: When }
  | { field: string; op: 'yes' | 'no' | 'is_empty' | 'is_not_empty' }
  | { field: 'agreement'; op: 'active' | 'ended' | 'no_agreement' }
  | { field: 'agreement'; op: 'ends_within'; value: number }
  | TopicRule
  | CampaignRule
  | ClicksRule
  | LearningRule;

export type Operator = Rule['op'];
export type TextOperator = 'is' | 'is_not' | 'contains' | 'not_contains' | 'starts_with';
export type NumberOperator = 'equals' | 'not_equals' | 'less_than' | 'more_than';

/** Any of these topics, at any of the person's addresses. `when` is when they said yes. */
export interface TopicRule {
  field: 'topic';
  op: 'granted' | 'not_granted' | 'refused';
  value: string[];
  when?: When;
}

/** `value` are ids of campaigns; without it, any campaign. */
export interface CampaignRule {
  field: 'campaign';
  op: 'sent' | 'never_sent';
  value?: string[];
  when?: When;
}

/**
 * A link in one of these campaigns; without them, in any. It is known only of those who agreed to that: of everybody else
 * both the rule and its opposite are false.
 */
export interface ClicksRule {
  field: 'clicks';
  op: 'clicked' | 'never_clicked';
  value?: string[];
  when?: When;
}

/** What learners did: one of these events, in one of these courses or subjects; without either, in any. */
export interface LearningRule {
  field: 'learning';
  op: 'did' | 'never' | 'at_least' | 'at_most';
  events: LearningKind[];
  courses?: string[];
  subjects?: string[];
  /** With `at_least` and `at_most`. */
  times?: number;
  when?: When;
  /** With `did` and `when`: the first, or the last, of all such events lies there. */
  which?: 'first' | 'last';
}

export const LEARNING_KINDS = [
  'enrolled',
  'started',
  'completed',
  'certificate',
  'active',
] as const;
export type LearningKind = (typeof LEARNING_KINDS)[number];

/** Days are `YYYY-MM-DD` in the time zone of whoever asks; both ends belong to it. `next` only of days to come. */
export type When =
  | { last: number; unit: Unit }
  | { next: number; unit: Unit }
  | { on: string }
  | { before: string }
  | { after: string }
  | { from: string; to: string };

export const UNITS = ['days', 'months', 'years'] as const;
export type Unit = (typeof UNITS)[number];

export function isGroup(node: TreeNode): node is Group {
  return 'match' in node;
}

/** All rules, in the order in which they are read. */
export function rulesOf(node: TreeNode): Rule[] {
  return isGroup(node) ? node.rules.flatMap(rulesOf) : [node];
}
