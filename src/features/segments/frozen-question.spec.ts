import type { SavedSegment } from '../../domain/segment/other-segments';
import { toSql } from '../../domain/segment/to-sql';
import type { Group } from '../../domain/segment/tree';
import { freeze, thaw } from './frozen-question';
import type { Known } from './segment-questions';

const [OUTER, INNER, THEN, OTHER] = [1, 2, 3, 4].map(
  (n) => `018f0000-0000-7000-8000-00000000000${n}`,
) as [string, string, string, string];

const tree = (...rules: Group['rules']): Group => ({ match: 'all', rules });
const naming = (...value: string[]) => tree({ field: 'segment', op: 'one_of', value });
const declared = (key: string) => ({
  id: `018f0000-0000-7000-8000-0000000000${key}`,
  key,
  type: 'text' as const,
  purpose: 'R-10',
  choices: [],
  nameSv: key,
  nameEn: key,
});

const known: Known = {
  now: new Date('2026-11-23T09:00:00Z'),
  attributes: new Map([
    ['aa', declared('aa')],
    ['bb', declared('bb')],
  ]),
  segments: new Map<string, SavedSegment>([
    [OUTER, { kind: 'dynamic', tree: naming(INNER, THEN) }],
    [INNER, { kind: 'dynamic', tree: tree({ field: 'attribute:aa', op: 'is', value: 'Malmö' }) }],
    [THEN, { kind: 'static', tree: naming(INNER), frozenAt: new Date('2026-01-01T00:00:00Z') }],
    [OTHER, { kind: 'dynamic', tree: tree({ field: 'attribute:bb', op: 'is', value: 'Lund' }) }],
  ]),
};

describe('a frozen question', () => {
  const frozen = freeze(naming(OUTER), known);

  it('holds all that it rests on, and nothing else', () => {
    expect(frozen.segments.map(({ id }) => id).sort()).toEqual([OUTER, INNER, THEN].sort());
    expect(frozen.attributes.map(({ key }) => key)).toEqual(['aa']);
  });

  it('is the same question when it has been through a column of JSON', () => {
    const thawed = thaw(JSON.parse(JSON.stringify(frozen)) as typeof frozen);
    const sql = (asked: Known) =>
      toSql(naming(OUTER), { ...asked, timeZone: 'Europe/Stockholm', firstParameter: 1 });
    expect(sql(thawed)).toEqual(sql(known));
  });
});
