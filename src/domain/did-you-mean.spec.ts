import fc from 'fast-check';
import { closest, editDistance, foldName } from './did-you-mean';

const FIELDS = ['contact.first_name', 'contact.last_name', 'contact.email', 'organisation.name'];
const TOPICS = ['Nyhetsbrev', 'Kurstips', 'Erbjudanden'];

describe('did you mean', () => {
  it.each([
    ['contact.fist_name', FIELDS, 'contact.first_name'],
    ['contact.firstName', FIELDS, 'contact.first_name'],
    ['contact.emial', FIELDS, 'contact.email'],
    ['nyhetbrev', TOPICS, 'Nyhetsbrev'],
    ['NYHETS BREV', TOPICS, 'Nyhetsbrev'],
    ['kurstpis', TOPICS, 'Kurstips'],
    ['erbjudande', TOPICS, 'Erbjudanden'],
    ['fornamn', ['förnamn', 'efternamn'], 'förnamn'],
    ['skostorlek', TOPICS, null],
    ['x', ['y'], 'y'],
    ['', TOPICS, null],
    ['  ', TOPICS, null],
    ['nyhetsbrev', [], null],
    ['a'.repeat(65), ['a'.repeat(65)], null],
  ])('for %j among %j: %j', (word, candidates, meant) => {
    expect(closest(word, candidates)).toBe(meant);
  });

  it('takes the first of equally near ones', () => {
    expect(closest('topic1', ['topic2', 'topic3'])).toBe('topic2');
  });

  it('suggests a name for itself', () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-zåäö]{1,20}$/), { selector: foldName });
    fc.assert(
      fc.property(names, fc.nat(), (candidates, n) => {
        const word = candidates[n % Math.max(1, candidates.length)];
        if (word !== undefined) expect(closest(word, candidates)).toBe(word);
      }),
    );
  });
});

describe('the distance between words', () => {
  it.each([
    ['', '', 0],
    ['a', '', 1],
    ['', 'ab', 2],
    ['kurs', 'kurs', 0],
    ['kurs', 'kurser', 2],
    ['tips', 'tpis', 1],
    ['sitting', 'kitten', 3],
    ['😀a', '😁a', 1],
  ])('from %j to %j is %i', (a, b, edits) => {
    expect(editDistance(a, b)).toBe(edits);
  });

  it('is the same both ways, 0 only for equals, and at most the longer length', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'ö', '😀'), maxLength: 8 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        const edits = editDistance(a, b);
        expect(edits).toBe(editDistance(b, a));
        expect(edits === 0).toBe(a === b);
        const [one, two] = [a, b].map((text) => Array.from(text).length) as [number, number];
        expect(edits).toBeLessThanOrEqual(Math.max(one, two));
        expect(edits).toBeGreaterThanOrEqual(Math.abs(one - two));
      }),
    );
  });
});
