import { describeTree } from './describe';
import type { Names } from './phrases';
import type { Group, Rule, TreeNode } from './tree';

const NAMES: Names = {
  attributes: new Map([
    [
      'shoe',
      {
        id: 'x',
        key: 'shoe',
        type: 'number',
        purpose: 'R-08',
        choices: [],
        nameSv: 'Skostorlek',
        nameEn: 'Shoe size',
      },
    ],
  ]),
  of: (kind, id) => (id === 'gone' ? undefined : `${kind} ${id}`),
};
const say = (tree: Group) => [describeTree(tree, NAMES, 'sv'), describeTree(tree, NAMES, 'en')];
const all = (...rules: TreeNode[]): Group => ({ match: 'all', rules });

const A: Rule = { field: 'city', op: 'is', value: 'Malmö' };
const B: Rule = { field: 'has_email', op: 'yes' };
const C: Rule = { field: 'kind', op: 'one_of', value: ['learner', 'company_contact'] };

const RULES: [Rule, string, string][] = [
  [A, 'har orten ”Malmö”', 'have the city “Malmö”'],
  [
    { field: 'title', op: 'not_contains', value: 'chef' },
    'inte har en titel som innehåller ”chef”',
    'do not have a title containing “chef”',
  ],
  [
    { field: 'kind', op: 'none_of', value: ['learner'] },
    'inte är kursdeltagare',
    'are not learners',
  ],
  [{ field: 'language', op: 'one_of', value: ['en'] }, 'läser på engelska', 'read English'],
  [{ field: 'has_phone', op: 'no' }, 'saknar mobilnummer', 'do not have a mobile number'],
  [
    { field: 'organisation', op: 'one_of', value: ['1', 'gone'] },
    'hör till ”organisation 1” eller något som inte finns kvar',
    'belong to “organisation 1” or something that is gone',
  ],
  [
    { field: 'organisation', op: 'is_empty' },
    'inte hör till något företag',
    'do not belong to any company',
  ],
  [
    { field: 'agreement', op: 'ends_within', value: 30 },
    'har ett företag vars avtal upphör inom 30 dagar',
    'have a company whose agreement ends within 30 days',
  ],
  [
    { field: 'agreement', op: 'no_agreement' },
    'inte har ett företag med avtal',
    'do not have a company with an agreement',
  ],
  [
    { field: 'created', op: 'within', value: { last: 1, unit: 'years' } },
    'kom till oss det senaste året',
    'came to us in the last year',
  ],
  [
    { field: 'topic', op: 'granted', value: ['1'], when: { after: '2026-05-01' } },
    'har sagt ja till ”topic 1” efter den 1 maj 2026',
    'have said yes to “topic 1” after 1 May 2026',
  ],
  [
    { field: 'topic', op: 'refused', value: ['1'] },
    'har avslutat ”topic 1”',
    'have ended “topic 1”',
  ],
  [
    { field: 'campaign', op: 'never_sent' },
    'inte har fått något utskick',
    'have not been sent any mailing',
  ],
  [
    {
      field: 'learning',
      op: 'did',
      events: ['completed'],
      courses: ['1'],
      when: { last: 12, unit: 'months' },
    },
    'har gått klart ”course 1” de senaste 12 månaderna',
    'have completed “course 1” in the last 12 months',
  ],
  [
    {
      field: 'learning',
      op: 'at_least',
      events: ['started', 'active'],
      subjects: ['Spanska'],
      times: 2,
    },
    'har påbörjat eller varit aktiva i någon kurs i ämnet ”Spanska” minst 2 gånger',
    'have started or been active in any course in the subject “Spanska” at least 2 times',
  ],
  [
    { field: 'learning', op: 'never', events: ['enrolled'] },
    'inte har anmält sig till någon kurs',
    'have not enrolled in any course',
  ],
  [
    { field: 'segment', op: 'none_of', value: ['1'] },
    'inte är med i ”segment 1”',
    'are not in “segment 1”',
  ],
  [
    { field: 'attribute:shoe', op: 'between', value: { from: 38, to: 41.5 } },
    'har mellan 38 och 41,5 under ”Skostorlek”',
    'have between 38 and 41.5 as “Shoe size”',
  ],
  [
    { field: 'attribute:shoe', op: 'is_not_empty' },
    'har något under ”Skostorlek”',
    'have something as “Shoe size”',
  ],
];

describe('a segment in words', () => {
  it.each(RULES)('says %j', (rule, sv, en) => {
    expect(say(all(rule))).toEqual([`Personer som ${sv}`, `People who ${en}`]);
  });

  it('joins with and, or and brackets', () => {
    expect(say(all(C, { match: 'any', rules: [A, B] }))).toEqual([
      'Personer som är kursdeltagare eller företagskontakter och (har orten ”Malmö” eller har e-postadress)',
      'People who are learners or company contacts and (have the city “Malmö” or have an email address)',
    ]);
  });

  it('says none as a no to each, also of what is turned around already', () => {
    const none: Group = { match: 'none', rules: [A, { field: 'has_email', op: 'no' }] };
    expect(say(none)).toEqual([
      'Personer som inte har orten ”Malmö” och har e-postadress',
      'People who do not have the city “Malmö” and have an email address',
    ]);
    expect(say({ match: 'none', rules: [all(A, B)] })[0]).toBe(
      'Personer som (inte har orten ”Malmö” eller saknar e-postadress)',
    );
  });
});
