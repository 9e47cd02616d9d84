import type { DeclaredAttribute } from './fields';
import { parseTree } from './parse';

const ID = '0198c0de-0001-7000-8000-000000000001';
const ATTRIBUTES = new Map<string, DeclaredAttribute>(
  [
    { key: 'shoe', type: 'number' as const, purpose: 'R-08', choices: [] },
    { key: 'tier', type: 'choice' as const, purpose: 'R-10', choices: ['gold'] },
    { key: 'odd', type: 'text' as const, purpose: 'R-05', choices: [] },
  ].map((one) => [one.key, { id: ID, nameSv: 'x', nameEn: 'x', ...one }]),
);

const all = (...rules: unknown[]) => ({ match: 'all', rules });
const faults = (tree: unknown) => {
  const parsed = parseTree(tree, ATTRIBUTES);
  return parsed.ok ? [] : parsed.faults.map(({ path, code }) => `${path} ${code}`);
};
const nested = (depth: number): object =>
  depth === 1 ? all({ field: 'has_email', op: 'yes' }) : all(nested(depth - 1));
const many = (count: number) =>
  Array.from({ length: count }, () => ({ field: 'has_email', op: 'yes' }));

const GOOD: object[] = [
  { field: 'city', op: 'is', value: 'Malmö' },
  { field: 'kind', op: 'none_of', value: ['learner'] },
  { field: 'organisation', op: 'one_of', value: [ID] },
  { field: 'organisation', op: 'is_empty' },
  { field: 'agreement', op: 'ends_within', value: 90 },
  { field: 'created', op: 'within', value: { from: '2024-02-29', to: '2024-02-29' } },
  { field: 'topic', op: 'granted', value: [ID], when: { last: 3, unit: 'months' } },
  { field: 'campaign', op: 'never_sent' },
  { field: 'learning', op: 'at_most', events: ['active'], times: 2, when: { on: '2026-01-01' } },
  {
    field: 'learning',
    op: 'did',
    events: ['completed'],
    subjects: ['Spanska'],
    which: 'last',
    when: { before: '2026-01-01' },
  },
  { field: 'attribute:shoe', op: 'between', value: { from: 38, to: 41.5 } },
  { field: 'attribute:tier', op: 'one_of', value: ['gold'] },
  { match: 'none', rules: [{ field: 'segment', op: 'one_of', value: [ID] }] },
];

const BAD: [string, unknown, string[]][] = [
  ['nothing', null, [' not_a_group']],
  ['a text', 'SELECT 1', [' not_a_group']],
  ['a list', [], [' not_a_group']],
  ['a group without rules', all(), ['rules empty']],
  ['a group of another kind', { match: 'some', rules: many(1) }, ['match unknown_match']],
  ['more in a group than we know', { ...all(...many(1)), sql: '1=1' }, [' unknown_key']],
  ['a rule that is none', all(7), ['rules.0 not_a_rule']],
  [
    'an unknown field',
    all({ field: 'salary', op: 'is', value: '1' }),
    ['rules.0.field unknown_field'],
  ],
  [
    'an inherited name',
    all({ field: 'constructor', op: 'is', value: '1' }),
    ['rules.0.field unknown_field'],
  ],
  ['a column of ours', all({ field: 'r.profiled', op: 'yes' }), ['rules.0.field unknown_field']],
  [
    'an undeclared attribute',
    all({ field: 'attribute:x', op: 'is', value: '1' }),
    ['rules.0.field unknown_field'],
  ],
  [
    'an attribute for another purpose',
    all({ field: 'attribute:odd', op: 'is', value: '1' }),
    ['rules.0.field unknown_field'],
  ],
  [
    'an operator of another type',
    all({ field: 'city', op: 'more_than', value: 1 }),
    ['rules.0.op unknown_operator'],
  ],
  [
    'an inherited operator',
    all({ field: 'city', op: 'toString', value: 1 }),
    ['rules.0.op unknown_operator'],
  ],
  ['a number for a text', all({ field: 'city', op: 'is', value: 5 }), ['rules.0.value wrong_type']],
  ['an empty text', all({ field: 'city', op: 'contains', value: '  ' }), ['rules.0.value empty']],
  [
    'a long text',
    all({ field: 'city', op: 'is', value: 'a'.repeat(201) }),
    ['rules.0.value too_long'],
  ],
  [
    'half a sign',
    all({ field: 'city', op: 'is', value: 'a\ud800' }),
    ['rules.0.value unstorable_text'],
  ],
  ['NUL', all({ field: 'city', op: 'is', value: 'a\0' }), ['rules.0.value unstorable_text']],
  [
    'a value where none belongs',
    all({ field: 'has_email', op: 'yes', value: 1 }),
    ['rules.0 unknown_key'],
  ],
  [
    'an id that is none',
    all({ field: 'organisation', op: 'one_of', value: ['1 OR 1=1'] }),
    ['rules.0.value wrong_type'],
  ],
  [
    'an unknown kind',
    all({ field: 'kind', op: 'one_of', value: ['boss'] }),
    ['rules.0.value unknown_choice'],
  ],
  [
    'an unknown choice',
    all({ field: 'attribute:tier', op: 'one_of', value: ['tin'] }),
    ['rules.0.value unknown_choice'],
  ],
  ['no ids', all({ field: 'topic', op: 'granted', value: [] }), ['rules.0.value empty']],
  [
    'a day that is none',
    all({ field: 'created', op: 'within', value: { on: '2026-02-29' } }),
    ['rules.0.value wrong_type'],
  ],
  [
    'an end before its beginning',
    all({ field: 'created', op: 'within', value: { from: '2026-02-02', to: '2026-02-01' } }),
    ['rules.0.value ends_before_it_begins'],
  ],
  [
    'two times at once',
    all({ field: 'created', op: 'within', value: { on: '2026-02-01', last: 3 } }),
    ['rules.0.value unknown_choice'],
  ],
  [
    'days to come of what has been',
    all({ field: 'created', op: 'within', value: { next: 3, unit: 'days' } }),
    ['rules.0.value unknown_choice'],
  ],
  [
    'a hundred years',
    all({ field: 'created', op: 'within', value: { last: 100, unit: 'years' } }),
    ['rules.0.value out_of_range'],
  ],
  [
    'no number',
    all({ field: 'attribute:shoe', op: 'equals', value: Number.NaN }),
    ['rules.0.value out_of_range'],
  ],
  ['learning without events', all({ field: 'learning', op: 'did' }), ['rules.0.events not_a_list']],
  [
    'a first without a time',
    all({ field: 'learning', op: 'did', events: ['active'], which: 'first' }),
    ['rules.0.when missing'],
  ],
  [
    'a count of none',
    all({ field: 'learning', op: 'at_least', events: ['active'], times: 0 }),
    ['rules.0.times out_of_range'],
  ],
  ['six groups in each other', nested(6), ['rules.0.rules.0.rules.0.rules.0.rules.0 too_deep']],
  ['101 rules', all(...many(101)), ['rules too_wide']],
  ['101 rules in two groups', all(all(...many(60)), all(...many(60))), ['rules.1.rules too_wide']],
];

describe('parsing a segment', () => {
  it('takes every form a rule may have, in five groups and a hundred rules', () => {
    expect(faults(all(...GOOD))).toEqual([]);
    expect(faults(nested(5))).toEqual([]);
    expect(faults(all(...many(100)))).toEqual([]);
  });

  it('gives back what it was given', () => {
    const parsed = parseTree(all(...GOOD), ATTRIBUTES);
    expect(parsed).toEqual({ ok: true, tree: all(...GOOD) });
    expect(JSON.parse(JSON.stringify(parsed))).toEqual(parsed);
  });

  it.each(BAD)('refuses %s', (_, tree, expected) => {
    expect(faults(tree)).toEqual(expected);
  });

  it('tells every fault at once', () => {
    const tree = all({ field: 'x' }, { field: 'city', op: 'is', value: 1, also: 1 });
    expect(faults(tree)).toEqual([
      'rules.0.field unknown_field',
      'rules.1.value wrong_type',
      'rules.1 unknown_key',
    ]);
  });

  it('writes texts as names are stored, ids in small letters and nothing twice', () => {
    const parsed = parseTree(
      all(
        { field: 'city', op: 'is', value: ' A\u030are ' },
        { field: 'topic', op: 'refused', value: [ID.toUpperCase(), ID] },
      ),
    );
    expect(parsed).toEqual({
      ok: true,
      tree: all(
        { field: 'city', op: 'is', value: 'Åre' },
        { field: 'topic', op: 'refused', value: [ID] },
      ),
    });
  });
});
