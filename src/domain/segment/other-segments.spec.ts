import { isProfiling, type SavedSegment, segmentFaults, segmentsIn } from './other-segments';
import type { Group, Rule } from './tree';

const naming = (...value: string[]): Group => ({
  match: 'all',
  rules: [{ field: 'segment', op: 'one_of', value }],
});
const dynamic = (tree: Group): SavedSegment => ({ kind: 'dynamic', tree });
const EMAIL: Rule = { field: 'has_email', op: 'yes' };
const leaf = (count = 1): Group => ({
  match: 'all',
  rules: Array.from({ length: count }, () => EMAIL),
});

describe('segments that name segments', () => {
  it('refuses a circle, with the way round', () => {
    const segments = new Map([
      ['a', dynamic(naming('b'))],
      ['b', dynamic(naming('c'))],
      ['c', dynamic(leaf())],
    ]);
    expect(segmentFaults(naming('a'), 'c', segments)).toEqual([
      { path: 'rules.0', code: 'segment_cycle', via: ['c', 'a', 'b', 'c'] },
    ]);
    expect(segmentFaults(naming('a'), 'd', segments)).toEqual([]);
    expect(segmentFaults(naming('a'), null, segments)).toEqual([]);
  });

  it('refuses to name itself, and a circle of others', () => {
    const segments = new Map([
      ['a', dynamic(naming('b'))],
      ['b', dynamic(naming('a'))],
    ]);
    expect(segmentFaults(naming('a'), 'a', segments)[0]?.via).toEqual(['a', 'a']);
    expect(segmentFaults(naming('b'), null, segments)[0]?.via).toEqual(['b', 'a', 'b']);
  });

  it('names one and the same twice without calling it a circle', () => {
    const segments = new Map([
      ['a', dynamic(naming('c'))],
      ['b', dynamic(naming('c'))],
      ['c', dynamic(leaf())],
    ]);
    expect(segmentFaults(naming('a', 'b'), 'd', segments)).toEqual([]);
  });

  it('does not ask again what a frozen one was made from', () => {
    const frozen: SavedSegment = { kind: 'static', frozenAt: new Date(0), tree: naming('d') };
    expect(segmentFaults(naming('a'), 'd', new Map([['a', frozen]]))).toEqual([]);
  });

  it('refuses unknown ones, and more rules in all than may be asked at once', () => {
    expect(segmentFaults(naming('x'), null, new Map())).toEqual([
      { path: 'rules.0', code: 'unknown_segment' },
    ]);
    const wide = new Map([
      ['a', dynamic(leaf(60))],
      ['b', dynamic(leaf(60))],
    ]);
    expect(segmentFaults(naming('a'), null, wide)).toEqual([]);
    expect(segmentFaults(naming('a', 'b'), null, wide)).toEqual([
      { path: 'rules', code: 'too_wide' },
    ]);
  });

  it('lists what a tree names, in all its groups', () => {
    const tree: Group = { match: 'none', rules: [naming('a', 'b'), EMAIL, naming('b')] };
    expect(segmentsIn(tree)).toEqual(['a', 'b']);
  });

  it('takes for profiling what it does not know', () => {
    const known = { attributes: new Map(), segments: new Map() };
    expect(isProfiling(leaf(), known)).toBe(false);
    expect(isProfiling(naming('gone'), known)).toBe(true);
    expect(
      isProfiling({ match: 'all', rules: [{ field: 'attribute:gone', op: 'yes' }] }, known),
    ).toBe(true);
  });
});
