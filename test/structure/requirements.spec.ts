import ts from 'typescript';
import { find, isSpec, sourceOf, sourcesBelow, type Source } from './source';

/** `P 1-13 15` → P-01 … P-13, P-15. */
function ids(line: string): string[] {
  const [letter, ...ranges] = line.split(' ');
  return ranges.flatMap((range) => {
    const [from, to = from] = range.split('-').map(Number);
    return Array.from(
      { length: to! - from! + 1 },
      (_, n) => `${letter}-${String(from! + n).padStart(2, '0')}`,
    );
  });
}

/**
 * What the product promises today: P protocols, L law, D the policy's duties, F failures others had. Left out
 * is what belongs to parts that do not exist yet: the rights desk, retention and restore.
 */
const REQUIREMENTS = [
  'P 1-18 20-24 30-53 55-61 70-75',
  'L 1-8 10 12 15-18 20 24 25 30-32 42',
  'D 1-4 12 15',
  'F 1-18 20 21 24-30 34 40-43 46-53 60-66 68-70 80-85 87-89 91-95 97 98',
].flatMap(ids);

/** What a test calls itself: the title given to `it`, `test` or `describe`, or to an `each` of theirs. */
function titlesIn(source: Source): string[] {
  return find(source, ts.isCallExpression).flatMap(({ expression, arguments: [title] }) => {
    const called = ts.isCallExpression(expression) ? expression.expression : expression;
    const isTest = /^(it|test|describe)(\.each)?$/.test(called.getText(source.tree));
    return isTest && title && ts.isStringLiteralLike(title) ? [title.text] : [];
  });
}

const requirementsIn = (source: Source): string[] =>
  titlesIn(source).flatMap((title) => title.match(/\b[PLDF]-\d{2}\b/g) ?? []);

describe('the requirements', () => {
  const named = new Set(sourcesBelow('src', 'test').filter(isSpec).flatMap(requirementsIn));

  it('stand each in the name of a test that proves them', () => {
    expect(REQUIREMENTS.filter((id) => !named.has(id))).toEqual([]);
  });

  it('are read from names alone', () => {
    const text = `
      // P-01
      const P02 = 'P-02';
      describe('the P-03 part', () => {
        it('does (P-04, F-05)', () => expect('P-06').toBe('P-06'));
        it.each([['P-07']])('P-08 does %s', () => {});
        test(\`D-09\`, () => {});
      });`;
    const found = requirementsIn(sourceOf('x.spec.ts', text));
    expect(found).toEqual(['P-03', 'P-04', 'F-05', 'P-08', 'D-09']);
  });
});
