import type { AddressInfo } from 'node:net';
import type { Type } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AddressKeys } from '../../src/features/contacts/address-keys';
import { Contacts } from '../../src/features/contacts/contacts.service';
import type { UpsertContact } from '../../src/features/contacts/contact-data';
import { Registry } from '../../src/features/registry/registry.service';
import { Campaigns } from '../../src/features/campaigns/campaigns.service';
import { LaunchCampaign } from '../../src/features/campaigns/launch-campaign';
import { Dispatches } from '../../src/features/delivery/dispatches';
import { Reports, type Counts } from '../../src/features/delivery/reports';
import type { Env } from '../../src/platform/config/env';
import { loadEnv } from '../../src/platform/config/load-env';
import { Database } from '../../src/platform/database/database';
import { OPERATOR } from '../../src/platform/http/actor';
import { newId } from '../../src/platform/ids';
import { dutiesOf, type Role } from '../../src/processes/roles';
import { createApp, start, stop } from '../../src/processes/run';
import { createTestDatabase, type TestDatabase } from './database';
import { createTestRedis } from './redis';
import { until } from './until';

export { until };

/** The same suites run with jobs in the process and with Bull on Redis (jest.config.js). */
declare const JOBS: 'in-process' | 'bull';

export const TEST_SETTINGS = {
  NODE_ENV: 'test',
  PORT: '0',
  PUBLIC_URL: 'http://localhost:3000',
  LOG_LEVEL: 'silent',
  DEMO: 'false',
  ADDRESS_KEYS: 'v1:dGVzdC1wZXBwZXItb25lLXRlc3QtcGVwcGVyLW9uZQ==',
  LINK_KEYS: 'v1:dGVzdC1saW5rLWtleS10ZXN0LWxpbmsta2V5LXRlc3Q=',
  SESSION_SECRET: 'a-secret-for-tests-that-is-long-enough',
  APPROVAL_ABOVE: '1000000',
  CONFIRM_ABOVE: '1000000',
  LAUNCH_REGRET_SECONDS: '0',
  OPT_OUT_CHECK_MINUTES: '0',
};

export interface Person {
  email: string;
  phone?: string;
  firstName?: string;
  externalId?: string;
  /** Default true: has agreed to the topic. */
  agreed?: boolean;
}

/** The product as it runs, on a database of its own: the code of `main.ts`, a free port, real parts. */
export class Service {
  private constructor(
    readonly app: NestExpressApplication,
    readonly env: Env,
    readonly database: TestDatabase,
    private readonly owner: boolean,
  ) {}

  /** `on` joins another service's database, as a second process would. */
  static async open(
    settings: Record<string, string> = {},
    role: Role = 'all',
    on?: TestDatabase,
  ): Promise<Service> {
    const database = on ?? (await createTestDatabase());
    const env = loadEnv({
      ...TEST_SETTINGS,
      DATABASE_URL: database.url,
      ...(JOBS === 'bull' && !on ? { REDIS_URL: await createTestRedis() } : {}),
      ...settings,
    });
    const app = await createApp(env, database.url);
    await start(app, env, dutiesOf(role, env));
    return new Service(app, env, database, on === undefined);
  }

  async close(): Promise<void> {
    await stop(this.app);
    if (this.owner) await this.database.drop();
  }

  get<T>(type: Type<T> | (abstract new (...args: never[]) => T)): T {
    return this.app.get(type as Type<T>);
  }

  get db(): Database {
    return this.get(Database);
  }

  /** Where it really listens. */
  get url(): string {
    const { port } = this.app.getHttpServer().address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  /** A link as printed in a mail, at the port this test listens on. */
  local(link: string): string {
    return link.replace(this.env.PUBLIC_URL, this.url);
  }

  async topic(key: string): Promise<string> {
    const id = newId();
    await this.db.query(
      `INSERT INTO topic (id, key, name_sv, name_en, purpose, assessed_at, created_at)
       VALUES ($1, $2, $3, $3, 'R-05', now(), now())`,
      [id, key, key[0]!.toUpperCase() + key.slice(1)],
    );
    return id;
  }

  /** Newsletter subscribers who have agreed to the topic, set by set. */
  async people(topicId: string, people: Person[]): Promise<string[]> {
    const ids: string[] = [];
    for (let from = 0; from < people.length; from += 1000) {
      ids.push(...(await this.thousand(topicId, people.slice(from, from + 1000))));
    }
    return ids;
  }

  private async thousand(topicId: string, people: Person[]): Promise<string[]> {
    const contacts: UpsertContact[] = people.map(({ email, phone, firstName, externalId }) => ({
      kind: 'company_contact',
      email,
      phone,
      externalId,
      firstName: firstName ?? 'Kim',
    }));
    const now = new Date();
    return this.db.tx(async (tx) => {
      const results = await this.get(Contacts).upsert(tx, contacts, {
        source: 'company_contact',
        sourceRef: 'test',
        actor: OPERATOR,
        now,
        notice: { version: '2018-04-05', at: now },
      });
      const refused = results.find(({ outcome }) => outcome === 'refused');
      if (refused) throw new Error(JSON.stringify(refused.faults));
      await this.get(Registry).record(
        tx,
        results.flatMap(({ contactId, addresses }, n) =>
          people[n]!.agreed === false
            ? []
            : addresses.map(({ channel, key, keyVersion }) => ({
                kind: 'grant' as const,
                scope: 'topic' as const,
                channel,
                address: { channel, key, version: keyVersion },
                contactId,
                topicId,
                ground: 'CONSENT' as const,
                method: 'import_attested',
                door: 'import' as const,
                actor: OPERATOR,
              })),
        ),
      );
      return results.map(({ contactId }) => contactId!);
    });
  }

  key(email: string): Buffer {
    return this.get(AddressKeys).keysOf('email', email)[0]!.key;
  }

  /** A campaign from a bundled template, launched. */
  async launch(topicId: string, edits: Record<string, unknown> = {}): Promise<string> {
    const campaign = await this.get(Campaigns).create(
      { name: 'Höstens kurser', topicId, templateKey: 'nyhetsbrev', ...edits },
      OPERATOR,
    );
    await this.get(LaunchCampaign).start(campaign.id, OPERATOR);
    return campaign.id;
  }

  async counts(campaignId: string): Promise<Counts> {
    const dispatch = await this.get(Dispatches).findByCampaign(campaignId);
    if (!dispatch) throw new Error('not launched yet');
    return this.get(Reports).counts(dispatch.id);
  }

  /** Waits until the run has one of these states (the sweeper ends a run that has nothing left). */
  async settled(campaignId: string, states = ['finished'], seconds = 25): Promise<Counts> {
    await until(
      async () => {
        const dispatch = await this.get(Dispatches).findByCampaign(campaignId);
        return dispatch !== undefined && states.includes(dispatch.state);
      },
      seconds,
      `campaign ${states.join('/')}`,
    );
    return this.counts(campaignId);
  }

  async mailbox(to?: string): Promise<MailboxRow[]> {
    const rows = await this.db.query<MailboxRow & Record<string, unknown>>(
      `SELECT message_id AS "messageId", to_address AS "to", subject, headers, text, html, copies,
         campaign_id AS "campaignId" FROM mailbox_message WHERE $1::text IS NULL OR to_address = $1 ORDER BY at`,
      [to ?? null],
    );
    // Kept as a list, since a header may stand twice; none of ours does.
    return rows.map((row) => ({ ...row, headers: Object.fromEntries(row.headers as never) }));
  }
}

export interface MailboxRow {
  messageId: string;
  to: string;
  subject: string;
  headers: Record<string, string>;
  text: string;
  html: string;
  copies: number;
  campaignId: string | null;
}
