import fc from 'fast-check';
import { jsonFault } from './strict-json';

describe('JSON that is taken', () => {
  it.each([
    ['{"a":1,"a":2}', 'repeated_key'],
    ['{"a":1,"\\u0061":2}', 'repeated_key'],
    ['[{"x":{"a":1,"b":[{}],"a":2}}]', 'repeated_key'],
    ['{"a":{"a":1},"b":[{"a":1},{"a":2}],"c":"a","d":"{\\"a\\":1,\\"a\\":2}"}', null],
    ['{"a\\\\":1,"a":"\\"","b":"a,"}', null],
    ['[["a","a"],["a"]]', null],
    ['"a"', null],
    ['', null],
    [`${'['.repeat(32)}${']'.repeat(32)}`, null],
    [`${'['.repeat(33)}${']'.repeat(33)}`, 'nested_too_deep'],
    [`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`, 'nested_too_deep'],
  ])('%# is judged right', (text, fault) => {
    expect(jsonFault(text)).toBe(fault);
  });

  it('is everything that a serialiser writes', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 8 }), (text) => {
        expect(jsonFault(JSON.stringify(JSON.parse(text)))).toBeNull();
      }),
    );
  });

  it('is judged in one pass, however it is made (threats 25, 26)', () => {
    const texts = [
      `["${'\\\\'.repeat(1_000_000)}"]`,
      `[${'{"a":1},'.repeat(250_000)}1]`,
      `{${Array.from({ length: 150_000 }, (_, n) => `"${n}":1`).join(',')}}`,
    ];
    for (const text of texts) {
      expect(jsonFault(text)).toBeNull();
    }
  });
});
