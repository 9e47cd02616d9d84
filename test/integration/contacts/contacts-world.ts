import { AddressKeys } from '../../../src/features/contacts/address-keys';
import type {
  UpsertContact,
  UpsertContext,
  UpsertResult,
} from '../../../src/features/contacts/contact-data';
import { Contacts } from '../../../src/features/contacts/contacts.service';
import { UpsertContacts } from '../../../src/features/contacts/upsert-contacts';
import { Audit } from '../../../src/platform/audit/audit';
import { loadEnv } from '../../../src/platform/config/load-env';
import { Secrets } from '../../../src/platform/config/secrets';
import { Database } from '../../../src/platform/database/database';
import { OPERATOR } from '../../../src/platform/http/actor';
import { createTestDatabase } from '../../setup/database';

const key = (version: number) => `v${version}:${Buffer.alloc(32, version).toString('base64')}`;

export const CONTEXT: UpsertContext = {
  source: 'company_contact',
  sourceRef: 'test',
  actor: OPERATOR,
  now: new Date('2026-03-02T09:00:00Z'),
};

/** The contacts room on a database of its own. */
export async function openContacts() {
  const database = await createTestDatabase();
  const db = new Database({ url: database.url, pool: 10 });

  const withKeys = (...versions: number[]) => {
    const env = loadEnv({
      NODE_ENV: 'test',
      DATABASE_URL: database.url,
      ADDRESS_KEYS: versions.map(key).join(','),
      LINK_KEYS: key(1),
      SESSION_SECRET: 'a secret for tests, thirty-two signs',
    });
    const keys = new AddressKeys(new Secrets(env));
    const contacts = new Contacts(db, keys, new UpsertContacts(keys), new Audit());
    return {
      keys,
      contacts,
      upsert: (
        data: Partial<UpsertContact> | Partial<UpsertContact>[],
        context: Partial<UpsertContext> = {},
      ): Promise<UpsertResult[]> =>
        db.tx((tx) =>
          contacts.upsert(
            tx,
            [data].flat().map((one) => ({ kind: 'company_contact' as const, ...one })),
            { ...CONTEXT, ...context },
          ),
        ),
    };
  };

  return {
    db,
    withKeys,
    ...withKeys(1),
    async close() {
      await db.onModuleDestroy();
      await database.drop();
    },
  };
}

export type ContactsWorld = Awaited<ReturnType<typeof openContacts>>;
