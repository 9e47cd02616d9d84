import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { Hmac } from './hmac';

describe('the HMAC of addresses and links', () => {
  it('is the one of node:crypto, for every key and text, in any order', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ minLength: 300, maxLength: 1500 }),
    );
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 100 }),
        fc.array(texts, { minLength: 1 }),
        (key, all) => {
          const hmac = new Hmac(Buffer.from(key));
          for (const text of all) {
            expect(hmac.sign(text)).toEqual(createHmac('sha256', key).update(text).digest());
          }
        },
      ),
    );
  });
});
