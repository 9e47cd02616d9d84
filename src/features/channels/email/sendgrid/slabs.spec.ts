import { commaSeparated, Slabs } from './slabs';

const joined = (chunks: Uint8Array[]) => Buffer.concat(chunks).toString();

describe('slabs', () => {
  const texts = Array.from({ length: 3_000 }, (_, n) => `"${'å€😀x'.repeat(n % 40)}${n}"`);

  it('give back what was written, with commas, in a few chunks', () => {
    const slabs = new Slabs();
    const chunks = commaSeparated(texts.map((text) => slabs.append(text)));
    expect(joined(chunks)).toBe(texts.join(','));
    expect(chunks.length).toBeLessThan(20);
  });

  it('give back any part in any order', () => {
    const slabs = new Slabs();
    const pieces = texts.map((text) => slabs.append(text));
    const some = texts.map((_, index) => index).filter((index) => index % 7 !== 3);
    expect(joined(commaSeparated(some.map((index) => pieces[index]!)))).toBe(
      some.map((index) => texts[index]!).join(','),
    );
    expect(joined(commaSeparated([pieces[2]!, pieces[1]!]))).toBe(`${texts[2]},${texts[1]}`);
    expect(commaSeparated([])).toEqual([]);
  });

  it('take a text that is larger than a slab', () => {
    const slabs = new Slabs();
    const large = 'ö'.repeat(100_000);
    const pieces = ['a', large, 'b'].map((text) => slabs.append(text));
    expect(joined(commaSeparated(pieces))).toBe(`a,${large},b`);
  });
});
