import { createHmac } from 'node:crypto';

/** Versioned secrets: the last makes new values, all of them are tried in look-ups. */
export class Keyring {
  private readonly keys: { version: number; key: Buffer }[];

  /** `v1:base64,v2:base64` */
  constructor(setting: string) {
    this.keys = setting.split(',').map((part) => {
      const [version, key] = part.split(':') as [string, string];
      return { version: Number(version.slice(1)), key: Buffer.from(key, 'base64') };
    });
  }

  get currentVersion(): number {
    return this.keys.at(-1)!.version;
  }

  /** HMAC-SHA-256 under the current version. */
  sign(text: string): Buffer {
    return createHmac('sha256', this.keys.at(-1)!.key).update(text).digest();
  }

  /** HMAC-SHA-256 under every version, newest first. */
  signAll(text: string): { version: number; mac: Buffer }[] {
    return this.keys
      .map(({ version, key }) => ({
        version,
        mac: createHmac('sha256', key).update(text).digest(),
      }))
      .reverse();
  }
}
