import { createCipheriv, createDecipheriv } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Secrets } from '../../platform/config/secrets';

const CIPHER = 'aes-256-ecb';
const CODE = /^[\w-]{22}$/;

/**
 * The word in a link that tells whose message it stands in: the message's id, enciphered as one block. Nothing is stored
 * for it, nothing can be read from it, and of those that anybody makes up none leads to a message.
 */
@Injectable()
export class ClickCodes {
  /** Of each version of LINK_KEYS, newest first: no rotation breaks a link that was sent. */
  private readonly keys: Buffer[];

  constructor(secrets: Secrets) {
    this.keys = secrets.linkKeys.signAll('clicks').map(({ mac }) => mac);
  }

  seal(messageId: string): string {
    const block = Buffer.from(messageId.replaceAll('-', ''), 'hex');
    const cipher = createCipheriv(CIPHER, this.keys[0]!, null).setAutoPadding(false);
    return Buffer.concat([cipher.update(block), cipher.final()]).toString('base64url');
  }

  /** What it may stand for, one id for each key. */
  open(code: string): string[] {
    if (!CODE.test(code)) return [];
    const block = Buffer.from(code, 'base64url');
    return this.keys.map((key) => {
      const cipher = createDecipheriv(CIPHER, key, null).setAutoPadding(false);
      const hex = Buffer.concat([cipher.update(block), cipher.final()]).toString('hex');
      return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    });
  }
}
