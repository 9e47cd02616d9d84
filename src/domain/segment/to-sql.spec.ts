import { type DeclaredAttribute, FIELDS, findField } from './fields';
import type { SavedSegment } from './other-segments';
import { parseTree } from './parse';
import { type Question, toSql } from './to-sql';
import type { Group, TreeNode } from './tree';

const ID = '0198c0de-0001-7000-8000-000000000001';
const OTHER = '0198c0de-0001-7000-8000-000000000002';

const declared = (key: string, type: DeclaredAttribute['type'], purpose: string) =>
  [key, { id: ID, key, type, purpose, choices: ['gold'], nameSv: key, nameEn: key }] as const;
const attributes = new Map<string, DeclaredAttribute>([
  declared('text', 'text', 'R-10'),
  declared('number', 'number', 'R-08'),
  declared('date', 'date', 'R-09'),
  declared('flag', 'flag', 'R-08'),
  declared('choice', 'choice', 'R-08'),
]);
const question: Question = {
  now: new Date('2026-06-01T10:00:00Z'),
  timeZone: 'Europe/Stockholm',
  attributes,
  segments: new Map(),
  firstParameter: 1,
};

const all = (...rules: TreeNode[]): Group => ({ match: 'all', rules });
const none = (...rules: TreeNode[]): Group => ({ match: 'none', rules });
const CITY: TreeNode = { field: 'city', op: 'is', value: 'Malmö' };
const LEARNT: TreeNode = { field: 'learning', op: 'did', events: ['completed'] };

const EVIL = [
  `'; DROP TABLE contact; --`,
  `' OR '1'='1`,
  `$1`,
  `$$; SELECT 1; $$`,
  `\\'; --`,
  `%_*`,
  `1) OR (1=1`,
  `\u02bc OR 1=1`,
  `{"sql": "1=1"}`,
  `{a,b}`,
  `/* */`,
];

const FIELD_KEYS = [
  ...FIELDS.map(({ key }) => key),
  ...[...attributes.keys()].map((key) => `attribute:${key}`),
];

/** Every place of a rule where somebody can say something, with the same thing said in it. */
function saidEverywhere(field: string, op: string, evil: unknown): object[] {
  const base = { field, op };
  return [
    { ...base, value: evil },
    { ...base, value: [evil] },
    { ...base, value: { from: evil, to: evil } },
    { ...base, value: { on: evil } },
    { ...base, value: { last: evil, unit: 'days' } },
    { ...base, value: { last: 1, unit: evil } },
    { ...base, value: [ID], when: { before: evil } },
    { ...base, value: [ID], when: { next: 1, unit: evil } },
    { ...base, events: [evil] },
    { ...base, events: ['active'], subjects: [evil] },
    { ...base, events: ['active'], subjects: [evil], times: 1 },
    { ...base, events: ['active'], courses: [evil] },
    { ...base, events: ['active'], times: evil },
    { ...base, events: ['active'], times: 1, when: { from: evil, to: evil } },
    { ...base, events: ['active'], which: evil, when: { on: '2026-01-01' } },
    { ...base, op: evil, value: evil },
    { ...base, field: evil, value: evil },
    { ...base, field: `attribute:${String(evil)}`, value: evil },
    { ...base, [String(evil)]: evil },
  ];
}

describe('a segment as SQL', () => {
  it('holds nothing that a caller said, whatever the field, operator and place', () => {
    let bound = 0;
    for (const key of FIELD_KEYS) {
      for (const op of findField(key, attributes)!.operators) {
        for (const evil of EVIL) {
          for (const rule of saidEverywhere(key, op, evil)) {
            const parsed = parseTree({ match: 'none', rules: [rule] }, attributes);
            if (!parsed.ok) continue;
            const { text, values } = toSql(parsed.tree, question);
            expect([rule, evil !== '$1' && text.includes(evil)]).toEqual([rule, false]);
            expect(JSON.stringify(values)).toContain(JSON.stringify(evil).slice(1, -1));
            // Only our own words, and as many parameters as values.
            expect(text).toMatch(/^[\w\s().,:=<>&$'*+[\]-]+$/);
            const highest = Math.max(...[...text.matchAll(/\$(\d+)/g)].map(([, n]) => Number(n)));
            expect(highest).toBe(values.length);
            bound += 1;
          }
        }
      }
    }
    // Texts there are, so some of it must have been taken, and bound.
    expect(bound).toBeGreaterThan(300);
  });

  it('numbers its parameters from where it is told to', () => {
    const { text, values } = toSql(all(CITY, LEARNT), { ...question, firstParameter: 5 });
    const numbers = [...text.matchAll(/\$(\d+)/g)].map(([, n]) => Number(n));
    expect(Math.min(...numbers)).toBe(5);
    expect(Math.max(...numbers)).toBe(4 + values.length);
  });

  it('reads other tables as sets wherever they stand, and never once for each person', () => {
    const textOf = (tree: Group) => toSql(tree, question).text.replace(/^.*?AND /, '');
    expect(textOf({ match: 'any', rules: [CITY, CITY] })).toContain(' OR ');
    const some = textOf({ match: 'any', rules: [CITY, LEARNT, all(LEARNT, CITY)] });
    expect(some.match(/ UNION /g)).toHaveLength(2);
    // Not everybody who never learnt anything, but those who did, and are not in the city.
    const others = textOf({ match: 'any', rules: [CITY, none(LEARNT)] });
    expect(others).toMatch(
      /^NOT EXISTS \(SELECT FROM \(SELECT r.contact_id FROM reach r WHERE NOT/,
    );
    for (const text of [some, others]) expect(text).not.toContain(' OR EXISTS');
  });

  it('throws rather than guessing, on a field or a segment that is not known', () => {
    const named: Group = all({ field: 'segment', op: 'none_of', value: [ID] });
    const unknown = all({ field: 'attribute:gone', op: 'yes' });
    expect(() => toSql(named, question)).toThrow(RangeError);
    expect(() => toSql(unknown, question)).toThrow(RangeError);
  });
});

describe('the law of segments', () => {
  const startsProfiled = (tree: Group, segments = new Map<string, SavedSegment>()) =>
    toSql(tree, { ...question, segments }).text.startsWith('(r.profiled AND ');

  it('L-10: asks of everybody whether they may be profiled, once any rule profiles, also by never and none', () => {
    expect(startsProfiled(all(CITY))).toBe(false);
    expect(startsProfiled({ match: 'any', rules: [CITY, LEARNT] })).toBe(true);
    expect(startsProfiled(all(CITY, { match: 'any', rules: [none(LEARNT)] }))).toBe(true);
    expect(startsProfiled(all({ field: 'campaign', op: 'never_sent' }))).toBe(true);
    expect(startsProfiled(none({ field: 'attribute:text', op: 'is_empty' }))).toBe(true);
    expect(startsProfiled(all({ field: 'attribute:number', op: 'equals', value: 1 }))).toBe(false);
  });

  it('L-10: asks it too when only a segment profiles that another segment names', () => {
    const segments = new Map<string, SavedSegment>([
      [ID, { kind: 'dynamic', tree: all({ field: 'segment', op: 'none_of', value: [OTHER] }) }],
      [OTHER, { kind: 'static', frozenAt: question.now, tree: all(LEARNT) }],
    ]);
    expect(startsProfiled(none({ field: 'segment', op: 'one_of', value: [ID] }), segments)).toBe(
      true,
    );
  });

  it.each([
    ['R-10', { field: 'attribute:text', op: 'is_empty' }, '2023-06-01T10:00:00Z'],
    ['R-10', LEARNT, '2023-06-01T10:00:00Z'],
    ['R-10', { field: 'campaign', op: 'never_sent' }, '2023-06-01T10:00:00Z'],
    ['R-08', { field: 'attribute:number', op: 'equals', value: 1 }, '2023-06-01T10:00:00Z'],
    ['R-09', { field: 'attribute:date', op: 'is_empty' }, '2025-06-01T10:00:00Z'],
  ] as [string, TreeNode, string][])(
    '%s: reads nothing older than the policy allows of %j',
    (_, rule, limit) => {
      const { text, values } = toSql(all(rule), question);
      expect(values).toContain(limit);
      const number = values.indexOf(limit) + 1;
      expect(text).toMatch(
        new RegExp(`\\.(received_at|collected_at|permit_at) > \\$${number}::timestamptz`),
      );
    },
  );

  it('L-22: leaves out whoever is restricted or erased, whatever is asked', () => {
    for (const tree of [all(CITY), none(CITY)]) {
      expect(toSql(tree, question).text).toMatch(/^\(NOT r\.held AND /);
    }
    // Whoever is, is not profiled: reach is written so.
    expect(startsProfiled(all(LEARNT))).toBe(true);
  });
});
