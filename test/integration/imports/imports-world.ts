import type { NestExpressApplication } from '@nestjs/platform-express';
import request from 'supertest';
import { ContactsModule } from '../../../src/features/contacts/contacts.module';
import type { ImportDetail, ImportItem } from '../../../src/features/imports/imports.dto';
import { ImportsModule } from '../../../src/features/imports/imports.module';
import { RunImport } from '../../../src/features/imports/run-import';
import { RegistryModule } from '../../../src/features/registry/registry.module';
import type { LedgerAct } from '../../../src/features/registry/ledger/ledger-act';
import { Registry } from '../../../src/features/registry/registry.service';
import { AddressKeys } from '../../../src/features/contacts/address-keys';
import { normaliseAddress } from '../../../src/domain/address';
import { Clock } from '../../../src/platform/clock';
import { loadEnv } from '../../../src/platform/config/load-env';
import { Database } from '../../../src/platform/database/database';
import { RECIPIENT } from '../../../src/platform/http/actor';
import { newId } from '../../../src/platform/ids';
import { asActor, createTestApp } from '../../setup/app';
import { createTestDatabase } from '../../setup/database';

const SETTINGS = {
  NODE_ENV: 'test',
  LOG_LEVEL: 'silent',
  DEMO: 'false',
  ADDRESS_KEYS: `v1:${Buffer.alloc(32, 1).toString('base64')}`,
  LINK_KEYS: `v1:${Buffer.alloc(32, 2).toString('base64')}`,
  SESSION_SECRET: 'a secret for tests, thirty-two signs',
};

/** The imports room behind HTTP on a database of its own; jobs are run by hand. */
export async function openImports(settings: Record<string, string> = {}) {
  const database = await createTestDatabase();
  const env = loadEnv({ ...SETTINGS, DATABASE_URL: database.url, ...settings });
  const app: NestExpressApplication = await createTestApp(env, database.url, [
    ContactsModule,
    RegistryModule,
    ImportsModule,
  ]);
  const db = app.get(Database);
  const clock = app.get(Clock);
  const actor = asActor('imports:run', 'contacts:read', 'contacts:write');
  const http = () => request(app.getHttpServer());
  const url = (id: string, action = '') => `/api/v1/imports/${id}${action && `/${action}`}`;

  const world = {
    app,
    db,
    http,
    actor,

    /** From now on it is this much later. */
    pass(hours: number): void {
      const real = clock.now.bind(clock);
      jest
        .spyOn(clock, 'now')
        .mockImplementation(() => new Date(real().getTime() + hours * 3_600_000));
    },

    async topic(key: string, nameSv = key): Promise<string> {
      const id = newId();
      await db.query(
        `INSERT INTO topic (id, key, name_sv, name_en, purpose, assessed_at, created_at)
         VALUES ($1, $2, $3, $3, 'R-05', now(), now())`,
        [id, key, nameSv],
      );
      return id;
    },

    upload(file: Buffer | string, fields: Record<string, string> = {}) {
      const post = http().post('/api/v1/imports').set(actor);
      for (const [name, value] of Object.entries({ kind: 'company_contact', ...fields })) {
        void post.field(name, value);
      }
      return post.attach('file', Buffer.from(file), 'personer.csv');
    },

    async uploaded(file: Buffer | string, fields?: Record<string, string>): Promise<ImportDetail> {
      const response = await world.upload(file, fields);
      if (response.status !== 201) throw new Error(JSON.stringify(response.body));
      return response.body as ImportDetail;
    },

    get: async (id: string) =>
      (await http().get(url(id)).set(actor).expect(200)).body as ImportDetail,
    post: (id: string, action: string) => http().post(url(id, action)).set(actor),
    map: (id: string, mapping: object) => http().put(url(id, 'mapping')).set(actor).send(mapping),
    faults: async (id: string) =>
      (await http().get(url(id, 'faults.csv')).set(actor).expect(200)).text,
    run: (id: string) => app.get(RunImport).run(id),

    /** Upload, start and run to the end. */
    async imported(
      file: Buffer | string,
      fields?: Record<string, string>,
      mapping?: object,
    ): Promise<ImportItem> {
      const { id } = await world.uploaded(file, fields);
      if (mapping) {
        const response = await world.map(id, mapping);
        if (response.status !== 200) throw new Error(JSON.stringify(response.body));
      }
      await world.post(id, 'start').expect(202);
      await world.run(id);
      return world.get(id);
    },

    async undone(id: string): Promise<ImportItem> {
      await world.post(id, 'undo').expect(202);
      await world.run(id);
      return world.get(id);
    },

    async verdicts(id: string) {
      const rows = await db.query<{ line: number; verdict: string; code: string | null }>(
        `SELECT line, verdict, code FROM import_row WHERE import_id = $1 ORDER BY line`,
        [id],
      );
      return rows.map(({ line, verdict, code }) => [line, verdict, code]);
    },

    ref(value: string) {
      const channel = value.includes('@') ? ('email' as const) : ('sms' as const);
      const address = normaliseAddress(channel, value);
      if (!address.ok) throw new Error(address.code);
      return { channel, ...app.get(AddressKeys).keysOf(channel, address.canonical)[0]! };
    },

    async gate(value: string) {
      const [row] = await db.query<{
        allowed: string[];
        no_all: boolean;
        no_topics: string[];
        withdrawn: string[];
      }>('SELECT * FROM gate WHERE address_key = $1', [world.ref(value).key]);
      return row;
    },

    record: (...acts: LedgerAct[]) => db.tx((tx) => app.get(Registry).record(tx, acts)),

    /** An opt-out of everything, as the form without a link records it. */
    async optOut(value: string, contactId: string | null = null): Promise<void> {
      await world.record({
        kind: 'opt_out',
        scope: 'all',
        channel: null,
        address: world.ref(value),
        contactId,
        door: 'manual_form',
        actor: RECIPIENT,
      });
    },

    /** The person takes a consent back. */
    async withdraw(value: string, topicId: string): Promise<void> {
      await world.record({
        kind: 'withdraw',
        scope: 'topic',
        channel: 'email',
        address: world.ref(value),
        contactId: null,
        topicId,
        door: 'preference_page',
        actor: RECIPIENT,
      });
    },

    /** What erasure does: the registry first, then the person's data. */
    async erase(value: string, contactId: string): Promise<void> {
      const address = world.ref(value);
      await world.record({
        kind: 'erase',
        scope: 'all',
        channel: null,
        address,
        contactId,
        door: 'privacy_officer',
        actor: RECIPIENT,
      });
      await db.query('DELETE FROM contact WHERE id = $1', [contactId]);
    },

    ledger: () =>
      db.query<{ kind: string; door: string; method: string | null; contact_id: string | null }>(
        'SELECT * FROM ledger_entry ORDER BY seq',
      ),

    async contactOf(email: string): Promise<string | null> {
      const [row] = await db.query<{ id: string }>(
        'SELECT contact_id AS id FROM address WHERE address_key = $1',
        [world.ref(email).key],
      );
      return row?.id ?? null;
    },

    async close(): Promise<void> {
      await app.close();
      await database.drop();
    },
  };
  return world;
}

export type ImportsWorld = Awaited<ReturnType<typeof openImports>>;
