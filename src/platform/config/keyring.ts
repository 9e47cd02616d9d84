import { Hmac } from './hmac';

/** Versioned secrets: the last makes new values, all of them are tried in look-ups. */
export class Keyring {
  private readonly keys: { version: number; hmac: Hmac }[];

  /** `v1:base64,v2:base64` */
  constructor(setting: string) {
    this.keys = setting.split(',').map((part) => {
      const [version, key] = part.split(':') as [string, string];
      return { version: Number(version.slice(1)), hmac: new Hmac(Buffer.from(key, 'base64')) };
    });
  }

  get size(): number {
    return this.keys.length;
  }

  get currentVersion(): number {
    return this.keys.at(-1)!.version;
  }

  /** HMAC-SHA-256 under the current version. */
  sign(text: string): Buffer {
    return this.keys.at(-1)!.hmac.sign(text);
  }

  /** HMAC-SHA-256 under every version, newest first. */
  signAll(text: string): { version: number; mac: Buffer }[] {
    return this.keys.map(({ version, hmac }) => ({ version, mac: hmac.sign(text) })).reverse();
  }
}
