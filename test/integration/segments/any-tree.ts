import fc from 'fast-check';
import { FIELDS, findField, type Field } from '../../../src/domain/segment/fields';
import {
  type Group,
  LEARNING_KINDS,
  MATCHES,
  type Operator,
  type Rule,
  type TreeNode,
  type When,
} from '../../../src/domain/segment/tree';
import {
  ATTRIBUTES,
  CAMPAIGNS,
  COURSES,
  DAYS,
  id,
  ORGANISATIONS,
  SUBJECTS,
  TOPICS,
  WORDS,
} from './population';

export const DECLARED = new Map(ATTRIBUTES.map((one) => [one.key, one]));
export const SEGMENTS = [1, 2, 3, 4, 5, 6].map((n) => id(6, n));
export const ALL_FIELDS: Field[] = [
  ...FIELDS,
  ...ATTRIBUTES.map(({ key }) => findField(`attribute:${key}`, DECLARED)!),
];

const some = (items: readonly string[]) => fc.subarray([...items], { minLength: 1 });
const day = fc.constantFrom(...DAYS);

const lengths = fc.constantFrom(
  { amount: 1, unit: 'days' },
  { amount: 7, unit: 'days' },
  { amount: 30, unit: 'days' },
  { amount: 1, unit: 'months' },
  { amount: 12, unit: 'months' },
  { amount: 1, unit: 'years' },
  { amount: 3, unit: 'years' },
);
const pastOrFixed: fc.Arbitrary<When>[] = [
  lengths.map(({ amount, unit }) => ({ last: amount, unit }) as When),
  day.map((on) => ({ on })),
  day.map((before) => ({ before })),
  day.map((after) => ({ after })),
  fc.tuple(day, day).map((days) => {
    const [from, to] = days.sort() as [string, string];
    return { from, to };
  }),
];
export const when = fc.oneof(...pastOrFixed);
const whenAhead = fc.oneof(
  ...pastOrFixed,
  lengths.map(({ amount, unit }) => ({ next: amount, unit }) as When),
);

const IDS: Record<string, readonly string[]> = { organisation: ORGANISATIONS, segment: SEGMENTS };

/** Any rule that the field can be asked by this operator, as JSON before it is parsed. */
export function anyRule(field: Field, op: Operator): fc.Arbitrary<Rule> {
  const rule = (more: Record<string, fc.Arbitrary<unknown>>) =>
    fc
      .record(
        { field: fc.constant(field.key), op: fc.constant(op), ...more },
        {
          requiredKeys: ['field', 'op', 'value', 'events', 'times'].filter(
            (key) => key in more || key === 'field' || key === 'op',
          ) as never,
        },
      )
      .map((made) => made as unknown as Rule);
  if (field.key === 'learning') return learning(op);
  if (field.key === 'campaign' || field.key === 'clicks') {
    return fc
      .record({
        value: fc.option(some(CAMPAIGNS), { nil: undefined }),
        when: fc.option(when, { nil: undefined }),
      })
      .map((made) => defined({ field: field.key, op, ...made }));
  }
  if (field.key === 'topic') {
    const said = op === 'granted' ? fc.option(when, { nil: undefined }) : fc.constant(undefined);
    return fc
      .record({ value: some(TOPICS), when: said })
      .map((made) => defined({ field: field.key, op, ...made }));
  }
  switch (op) {
    case 'is':
    case 'is_not':
    case 'contains':
    case 'not_contains':
    case 'starts_with':
      return rule({ value: fc.constantFrom(...WORDS, 'a', 'm', 'iz', 'St', 'utc', 'Eur') });
    case 'equals':
    case 'not_equals':
    case 'less_than':
    case 'more_than':
      return rule({ value: fc.constantFrom(-1, 0, 0.1, 1, 2, 1e9) });
    case 'between':
      return rule({ value: fc.constantFrom({ from: 0, to: 1 }, { from: -5, to: 0.1 }) });
    case 'one_of':
    case 'none_of':
      return rule({ value: some(field.choices ?? IDS[field.key]!) });
    case 'within':
    case 'not_within':
      return rule({ value: field.type === 'date' ? whenAhead : when });
    case 'ends_within':
      return rule({ value: fc.constantFrom(0, 1, 30, 365) });
    case 'active':
    case 'at_least':
    case 'at_most':
    case 'clicked':
    case 'did':
    case 'ended':
    case 'granted':
    case 'is_empty':
    case 'is_not_empty':
    case 'never':
    case 'never_clicked':
    case 'never_sent':
    case 'no':
    case 'no_agreement':
    case 'not_granted':
    case 'refused':
    case 'sent':
    case 'yes':
      return rule({});
  }
}

function learning(op: Operator): fc.Arbitrary<Rule> {
  const counted = op === 'at_least' || op === 'at_most';
  return fc
    .record({
      events: some(LEARNING_KINDS),
      courses: fc.option(some(COURSES.map((course) => course.id)), { nil: undefined, freq: 2 }),
      subjects: fc.option(some(SUBJECTS.filter(Boolean)), { nil: undefined, freq: 2 }),
      times: counted ? fc.integer({ min: 1, max: 4 }) : fc.constant(undefined),
      when: fc.option(when, { nil: undefined }),
      which: fc.constantFrom('first', 'last', undefined),
    })
    .map(({ which, ...made }) => {
      const edge = op === 'did' && made.when ? which : undefined;
      return defined({ field: 'learning', op, ...made, which: edge });
    });
}

const defined = (rule: object): Rule =>
  Object.fromEntries(Object.entries(rule).filter(([, value]) => value !== undefined)) as Rule;

const rules = ALL_FIELDS.flatMap((field) => field.operators.map((op) => anyRule(field, op)));
const leaf = fc.oneof(...rules);

/** Groups in groups, of up to three levels. */
export const anyTree: fc.Arbitrary<Group> = groupOf(
  fc.oneof(
    { weight: 3, arbitrary: leaf },
    {
      weight: 1,
      arbitrary: groupOf(
        fc.oneof({ weight: 4, arbitrary: leaf }, { weight: 1, arbitrary: groupOf(leaf) }),
      ),
    },
  ),
);

function groupOf(node: fc.Arbitrary<TreeNode>): fc.Arbitrary<Group> {
  return fc.record({
    match: fc.constantFrom(...MATCHES),
    rules: fc.array(node, { minLength: 1, maxLength: 3 }),
  });
}
