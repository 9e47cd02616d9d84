import type { Server } from 'node:http';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { normaliseAddress, type Channel } from '../../../src/domain/address';
import { AddressKeys } from '../../../src/features/contacts/address-keys';
import type { AddressRef, LedgerAct } from '../../../src/features/registry/ledger/ledger-act';
import { LinkTokens, type LinkClass } from '../../../src/features/registry/link-tokens';
import { RegistryModule } from '../../../src/features/registry/registry.module';
import { Registry } from '../../../src/features/registry/registry.service';
import type { Env } from '../../../src/platform/config/env';
import { loadEnv } from '../../../src/platform/config/load-env';
import { Secrets } from '../../../src/platform/config/secrets';
import { Database } from '../../../src/platform/database/database';
import { newId } from '../../../src/platform/ids';
import { createTestApp } from '../../setup/app';
import { createTestDatabase } from '../../setup/database';

export const KEYS = {
  v1: 'v1:dGVzdC1wZXBwZXItb25lLXRlc3QtcGVwcGVyLW9uZQ==',
  v2: 'v2:dGVzdC1wZXBwZXItdHdvLXRlc3QtcGVwcGVyLXR3bw==',
  v3: 'v3:dGVzdC1wZXBwZXItdGhyZWUtdGVzdC1wZXBwZXItMw==',
};

/** A database of its own with the registry on it, and the few things a test puts in. */
export class World {
  private constructor(
    readonly env: Env,
    readonly db: Database,
    private readonly drop: () => Promise<void>,
  ) {}

  static async open(settings: Record<string, string> = {}): Promise<World> {
    const database = await createTestDatabase();
    const env = loadEnv({
      NODE_ENV: 'test',
      DATABASE_URL: database.url,
      PUBLIC_URL: 'https://utskick.example',
      ADDRESS_KEYS: KEYS.v1,
      LINK_KEYS: KEYS.v1,
      SESSION_SECRET: 'a-secret-for-tests-that-is-long-enough',
      ...settings,
    });
    const db = new Database({ url: database.url, pool: 20 });
    return new World(env, db, async () => {
      await db.onModuleDestroy();
      await database.drop();
    });
  }

  close(): Promise<void> {
    return this.drop();
  }

  /** The database goes away under whoever still uses it. */
  vanish(): Promise<void> {
    return this.drop();
  }

  /** Another process on the same database, with other settings. */
  static async beside(
    world: World,
    settings: Record<string, string>,
  ): Promise<{ server: Server; close: () => Promise<void> }> {
    const env = withSettings(world.env, settings);
    const app = await createTestApp(env, env.DATABASE_URL!, [RegistryModule]);
    return { server: app.getHttpServer() as Server, close: () => app.close() };
  }

  readonly registry = new Registry();

  /** The secrets of a process with other settings. */
  secrets(settings: Record<string, string>): Secrets {
    return new Secrets(withSettings(this.env, settings));
  }

  get keys(): AddressKeys {
    return new AddressKeys(this.secrets({}));
  }

  get tokens(): LinkTokens {
    return new LinkTokens(this.secrets({}), this.db);
  }

  app(): Promise<NestExpressApplication> {
    return createTestApp(this.env, this.env.DATABASE_URL!, [RegistryModule]);
  }

  /** The word in the link of a message to `value`. */
  async link(
    value: string,
    about: { contactId?: string; topicId?: string; class?: LinkClass; messageId?: string } = {},
  ): Promise<string> {
    const { messageId = newId(), contactId = null, topicId = null } = about;
    const token = this.tokens.tokenFor(messageId);
    const { channel, key: addressKey } = this.ref(value);
    await this.tokens.store(this.db, [
      {
        hash: this.tokens.hash(token),
        class: about.class ?? 'message',
        channel,
        addressKey,
        contactId,
        messageId,
        topicId,
      },
    ]);
    return token;
  }

  /** A contact who gets `topicId` at `value`, and the link of a message to them. */
  async reader(value: string, topicId: string): Promise<{ contactId: string; token: string }> {
    const contactId = await this.contact(value);
    await this.record(grant(this.ref(value), contactId, topicId));
    return { contactId, token: await this.link(value, { contactId, topicId }) };
  }

  /** A contact with these email addresses (and numbers, if they start with +). */
  async contact(...values: string[]): Promise<string> {
    const id = newId();
    await this.db.query(
      `INSERT INTO contact (id, kinds, first_name, created_at, updated_at)
       VALUES ($1, '{company_contact}', 'Kim', now(), now())`,
      [id],
    );
    for (const value of values) await this.address(id, value);
    return id;
  }

  async address(contactId: string, value: string, source = 'company_contact'): Promise<AddressRef> {
    const ref = this.ref(value);
    await this.db.query(
      `INSERT INTO address (id, contact_id, channel, value, canonical, address_key, key_version, source, collected_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, now())`,
      [
        newId(),
        contactId,
        ref.channel,
        value,
        canonical(ref.channel, value),
        ref.key,
        ref.version,
        source,
      ],
    );
    return ref;
  }

  /** The current key of an address. */
  ref(value: string): AddressRef {
    const channel: Channel = value.startsWith('+') ? 'sms' : 'email';
    return { channel, ...this.keys.keysOf(channel, canonical(channel, value))[0]! };
  }

  async topic(key: string, options: { softOptIn?: boolean } = {}): Promise<string> {
    const id = newId();
    await this.db.query(
      `INSERT INTO topic (id, key, name_sv, name_en, purpose, soft_opt_in, assessed_at, position, created_at)
       VALUES ($1, $2, $3, $4, 'R-05', $5, now(), 0, now())`,
      [id, key, `${key} (sv)`, `${key} (en)`, options.softOptIn ?? false],
    );
    return id;
  }

  record(...acts: LedgerAct[]) {
    return this.db.tx((tx) => this.registry.record(tx, acts));
  }

  async entries(where = 'TRUE', values: unknown[] = []) {
    return this.db.query<Record<string, unknown>>(
      `SELECT * FROM ledger_entry WHERE ${where} ORDER BY seq`,
      values,
    );
  }

  async gate(value: string) {
    const [row] = await this.db.query<Record<string, unknown>>(
      `SELECT * FROM gate WHERE address_key = $1`,
      [this.ref(value).key],
    );
    return row;
  }
}

export function grant(address: AddressRef, contactId: string | null, topicId: string): LedgerAct {
  return {
    kind: 'grant',
    scope: 'topic',
    channel: address.channel,
    address,
    contactId,
    topicId,
    ground: 'CONSENT',
    method: 'import_attested',
    door: 'import',
    actor: { type: 'system', id: null },
  };
}

export function doubleOptIn(
  address: AddressRef,
  contactId: string | null,
  topicId: string,
): LedgerAct {
  return {
    ...grant(address, contactId, topicId),
    method: 'double_opt_in_post',
    door: 'double_opt_in',
  };
}

export function optOut(address: AddressRef | null, contactId: string | null): LedgerAct {
  return {
    kind: 'opt_out',
    scope: 'all',
    channel: null,
    address,
    contactId,
    door: 'link',
    detail: 'form',
    actor: { type: 'recipient', id: null },
  };
}

function withSettings(env: Env, settings: Record<string, string>): Env {
  return Object.assign(Object.create(Object.getPrototypeOf(env) as object) as Env, env, settings);
}

function canonical(channel: Channel, value: string): string {
  const address = normaliseAddress(channel, value);
  if (!address.ok) throw new Error(`${value}: ${address.code}`);
  return address.canonical;
}
