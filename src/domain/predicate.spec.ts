import { factsIn, holds, type Predicate, predicates, predicateToSql } from './predicate';

interface Facts {
  flag: boolean | null;
  word: string | null;
  list: string[] | null;
  time: Date | null;
  now: Date | null;
}

const { and, or, not, isTrue, isNull, isOneOf, contains, onlyAmong, isAfter } = predicates<Facts>();

const NOON = new Date('2026-06-01T10:00:00Z');
const facts: Facts = { flag: true, word: 'a', list: ['a', 'b'], time: NOON, now: NOON };
const nothing: Facts = { flag: null, word: null, list: null, time: null, now: null };
const columns = { flag: 'f', word: 'w', list: 'l', time: 't', now: 'n' };

const LEAVES: [string, Predicate<Facts>, boolean, string][] = [
  ['isTrue', isTrue('flag'), true, '((f) IS TRUE)'],
  ['isNull', isNull('flag'), false, '((f) IS NULL)'],
  ['isOneOf', isOneOf('word', 'a', "o'b"), true, "COALESCE((w) IN ('a', 'o''b'), FALSE)"],
  ['contains', contains('list', 'word'), true, 'COALESCE((w) = ANY ((l)), FALSE)'],
  ['onlyAmong', onlyAmong('list', 'a'), false, `COALESCE((l) <@ '{"a"}', FALSE)`],
  ['isAfter', isAfter('time', 'now'), false, 'COALESCE((t) > (n), FALSE)'],
];

describe('the predicate language', () => {
  it.each(LEAVES)('reads and writes %s', (_, leaf, answer, sql) => {
    expect(holds(leaf, facts)).toBe(answer);
    expect(predicateToSql(leaf, columns)).toBe(sql);
  });

  it.each(LEAVES.filter(([op]) => op !== 'isNull'))('answers no to %s of nothing', (_, leaf) => {
    expect(holds(leaf, nothing)).toBe(false);
    expect(holds(leaf, {} as Facts)).toBe(false);
  });

  it('knows a missing fact from one that is there', () => {
    expect(holds(isNull('flag'), nothing)).toBe(true);
    expect(holds(isNull('flag'), {} as Facts)).toBe(true);
  });

  it('joins with and, or and not', () => {
    const question = and(or(isTrue('flag'), isNull('word')), not(onlyAmong('list', 'a')));
    expect(holds(question, facts)).toBe(true);
    expect(holds(question, { ...facts, list: ['a'] })).toBe(false);
    expect(predicateToSql(question, columns)).toBe(
      `((((f) IS TRUE) OR ((w) IS NULL)) AND (NOT COALESCE((l) <@ '{"a"}', FALSE)))`,
    );
    expect(factsIn(question)).toEqual(['flag', 'word', 'list']);
  });

  it('finds only what is later, to the millisecond', () => {
    const later = new Date(NOON.getTime() + 1);
    expect(holds(isAfter('time', 'now'), { ...facts, time: later })).toBe(true);
    expect(holds(isAfter('time', 'now'), { ...facts, now: later })).toBe(false);
  });

  it.each([
    ['a text for a flag', isTrue('flag'), { flag: 't' }],
    ['a number for a word', isOneOf('word', 'a'), { word: 1 }],
    ['a text for a list', contains('list', 'word'), { list: '{a,b}' }],
    ['a list with a hole', contains('list', 'word'), { list: ['a', null] }],
    ['a text for a time', isAfter('time', 'now'), { time: '2026-06-01' }],
    ['no time at all', isAfter('time', 'now'), { time: new Date('x') }],
  ])('threat 35: throws on %s rather than taking it for a no', (_, leaf, wrong) => {
    const read = (): boolean => holds(leaf, { ...facts, ...wrong } as unknown as Facts);
    expect(read).toThrow(TypeError);
  });
});
