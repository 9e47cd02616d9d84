import fc from 'fast-check';
import type { Secrets } from '../../platform/config/secrets';
import { Keyring } from '../../platform/config/keyring';
import { ClickCodes } from './click-codes';

const key = (fill: string) => Buffer.alloc(32, fill).toString('base64');
const codes = (keys: string) => new ClickCodes({ linkKeys: new Keyring(keys) } as Secrets);

describe('the word in a link that tells whose message it stands in', () => {
  const first = codes(`v1:${key('a')}`);
  const both = codes(`v1:${key('a')},v2:${key('b')}`);

  it('leads back to the message, also once there is a newer key', () => {
    fc.assert(
      fc.property(fc.uuid(), (id) => {
        expect(first.open(first.seal(id))).toEqual([id]);
        expect(both.open(first.seal(id))).toContain(id);
        expect(both.open(both.seal(id))[0]).toBe(id);
      }),
    );
  });

  it('has nothing of the message in it, and another key makes another', () => {
    const ids = Array.from(
      { length: 100 },
      (_, n) => `0198c0de-0001-7000-8000-${String(n).padStart(12, '0')}`,
    );
    const words = ids.map((id) => both.seal(id));
    expect(new Set([...words, ...ids.map((id) => first.seal(id))]).size).toBe(200);
    for (const [n, word] of words.entries()) {
      expect(word).toMatch(/^[\w-]{22}$/);
      expect(Buffer.from(word, 'base64url').toString('hex')).not.toContain(ids[n]!.slice(0, 8));
    }
  });

  it('is nothing when it is something else', () => {
    for (const text of [
      '',
      'x',
      'a'.repeat(21),
      'a'.repeat(23),
      '../../../../../../../x',
      'å'.repeat(22),
    ])
      expect(both.open(text)).toEqual([]);
  });
});
