import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Env } from './env';
import { Keyring } from './keyring';

/** The secrets in use. With the embedded Postgres, what is not set is made once and kept in DATA_DIR (mode 600). */
export class Secrets {
  readonly addressKeys: Keyring;
  readonly linkKeys: Keyring;
  readonly session: string;

  constructor(env: Env) {
    const made = env.embedded ? madeSecrets(env.DATA_DIR) : {};
    this.addressKeys = new Keyring(env.ADDRESS_KEYS ?? required(made, 'ADDRESS_KEYS'));
    this.linkKeys = new Keyring(env.LINK_KEYS ?? required(made, 'LINK_KEYS'));
    this.session = env.SESSION_SECRET ?? required(made, 'SESSION_SECRET');
  }
}

type Made = Partial<Record<'ADDRESS_KEYS' | 'LINK_KEYS' | 'SESSION_SECRET', string>>;

function madeSecrets(dataDir: string): Made {
  const file = join(dataDir, 'secrets.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Made;
  const made: Made = {
    ADDRESS_KEYS: `v1:${randomBytes(32).toString('base64')}`,
    LINK_KEYS: `v1:${randomBytes(32).toString('base64')}`,
    SESSION_SECRET: randomBytes(32).toString('hex'),
  };
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(file, JSON.stringify(made, null, 2), { mode: 0o600 });
  return made;
}

function required(made: Made, name: keyof Made): string {
  const value = made[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}
