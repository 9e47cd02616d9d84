import { createHash, hash } from 'node:crypto';

const BLOCK = 64;
const SHORT = 1024;

/**
 * HMAC-SHA-256 (RFC 2104) from two one-shot hashes: createHmac makes an object outside the heap for each value,
 * three times as dear by itself and more to collect, and every address of an import goes through here.
 */
export class Hmac {
  private readonly inner = Buffer.alloc(BLOCK + SHORT);
  private readonly outer = Buffer.alloc(BLOCK + 32);

  constructor(secret: Buffer) {
    const key = Buffer.alloc(BLOCK);
    (secret.length > BLOCK ? createHash('sha256').update(secret).digest() : secret).copy(key);
    for (let i = 0; i < BLOCK; i++) {
      this.inner[i] = key[i]! ^ 0x36;
      this.outer[i] = key[i]! ^ 0x5c;
    }
  }

  sign(text: string): Buffer {
    const inner = this.withText(text);
    this.outer.write(hash('sha256', inner, 'hex'), BLOCK, 'hex');
    return Buffer.from(hash('sha256', this.outer, 'hex'), 'hex');
  }

  private withText(text: string): Buffer {
    // A UTF-16 unit is at most three bytes of UTF-8.
    if (text.length * 3 > SHORT) {
      return Buffer.concat([this.inner.subarray(0, BLOCK), Buffer.from(text)]);
    }
    return this.inner.subarray(0, BLOCK + this.inner.write(text, BLOCK));
  }
}
