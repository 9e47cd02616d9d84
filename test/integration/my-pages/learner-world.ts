import { Controller, Get, Put } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import request from 'supertest';
import { AccessGuard } from '../../../src/features/accounts/access.guard';
import { AccountsModule } from '../../../src/features/accounts/accounts.module';
import { OriginGuard } from '../../../src/features/accounts/origin.guard';
import type { UpsertContact } from '../../../src/features/contacts/contact-data';
import { AddressKeys } from '../../../src/features/contacts/address-keys';
import { ContactsModule } from '../../../src/features/contacts/contacts.module';
import { Contacts } from '../../../src/features/contacts/contacts.service';
import { CurrentLearner, type Learner } from '../../../src/features/my-pages/learner';
import { LearnerOnly } from '../../../src/features/my-pages/learner.guard';
import { MyPagesModule } from '../../../src/features/my-pages/my-pages.module';
import { RegistryModule } from '../../../src/features/registry/registry.module';
import { Registry } from '../../../src/features/registry/registry.service';
import { AuditModule } from '../../../src/platform/audit/audit.module';
import { Clock } from '../../../src/platform/clock';
import { ConfigModule } from '../../../src/platform/config/config.module';
import { loadEnv } from '../../../src/platform/config/load-env';
import { Database } from '../../../src/platform/database/database';
import { DatabaseModule } from '../../../src/platform/database/database.module';
import { OPERATOR, SYSTEM } from '../../../src/platform/http/actor';
import { ProblemFilter } from '../../../src/platform/http/problem.filter';
import { validationPipe } from '../../../src/platform/http/validation';
import { OperationsModule } from '../../../src/platform/operations/operations.module';
import { QueuesModule } from '../../../src/platform/queues/queues.module';
import { cookieOf } from '../../setup/cookies';
import { createTestDatabase } from '../../setup/database';

export const PUBLIC_URL = 'https://utskick.example';
export const COOKIE = '__Host-utskick-mina-sidor';

class SetClock extends Clock {
  private ahead = 0;

  override now(): Date {
    return new Date(Date.now() + this.ahead);
  }

  pass({ seconds = 0, minutes = 0 }: { seconds?: number; minutes?: number }): void {
    this.ahead += (minutes * 60 + seconds) * 1000;
  }
}

const SOURCES = {
  learner: 'employer_import',
  company_contact: 'company_contact',
  newsletter_subscriber: 'newsletter_form',
  support_contact: 'support',
} as const;

/** Tells who asks, as every route for learners can. */
@Controller('api/v1/who')
class WhoController {
  @Get()
  @LearnerOnly()
  get(@CurrentLearner() learner: Learner) {
    return told(learner);
  }

  @Put()
  @LearnerOnly()
  put(@CurrentLearner() learner: Learner) {
    return told(learner);
  }
}

const told = ({ mailboxKey, ...learner }: Learner) => ({
  ...learner,
  mailbox: mailboxKey?.toString('hex') ?? null,
});

/** The log-ins of Mina sidor behind HTTP, with one route to try them on and a clock that is set by hand. */
export async function openLearnerWorld(settings: Record<string, string> = {}) {
  const database = await createTestDatabase();
  const env = loadEnv({
    NODE_ENV: 'test',
    DATABASE_URL: database.url,
    PUBLIC_URL,
    ADDRESS_KEYS: `v1:${Buffer.alloc(32, 1).toString('base64')}`,
    LINK_KEYS: `v1:${Buffer.alloc(32, 2).toString('base64')}`,
    SESSION_SECRET: 'a secret for tests, thirty-two signs',
    ...settings,
  });
  const clock = new SetClock();
  const module = await Test.createTestingModule({
    imports: [
      ConfigModule.with(env),
      DatabaseModule.at(database.url),
      QueuesModule.with(env),
      AuditModule,
      OperationsModule,
      AccountsModule,
      ContactsModule,
      RegistryModule,
      MyPagesModule,
    ],
    controllers: [WhoController],
    providers: [
      { provide: APP_GUARD, useExisting: OriginGuard },
      { provide: APP_GUARD, useExisting: AccessGuard },
      { provide: APP_PIPE, useFactory: validationPipe },
      { provide: APP_FILTER, useClass: ProblemFilter },
    ],
  })
    .overrideProvider(Clock)
    .useValue(clock)
    .compile();
  const app = module.createNestApplication<NestExpressApplication>({ logger: false });
  app.set('trust proxy', 1);
  app.useBodyParser('urlencoded', { limit: '64kb', extended: false });
  await app.listen(0, '127.0.0.1');
  const db = app.get(Database);
  const http = request(app.getHttpServer());
  const contacts = app.get(Contacts);
  let visitor = 0;

  return {
    app,
    env,
    db,
    clock,
    http,

    async add(person: Partial<UpsertContact> & { email: string }): Promise<string> {
      const kind = person.kind ?? 'learner';
      const [saved] = await db.tx(async (tx) => {
        const results = await contacts.upsert(tx, [{ ...person, kind }], {
          source: SOURCES[kind],
          sourceRef: 'test',
          actor: OPERATOR,
          now: clock.now(),
        });
        const ids = results.flatMap(({ contactId }) => contactId ?? []);
        await app.get(Registry).refresh(tx, ids);
        return results;
      });
      if (!saved?.contactId) throw new Error(JSON.stringify(saved?.faults));
      return saved.contactId;
    },

    /** As the privacy officer does. */
    act(kind: 'restrict' | 'unrestrict' | 'erase', contactId: string): Promise<unknown> {
      return db.tx((tx) =>
        app.get(Registry).record(tx, [
          {
            kind,
            scope: 'all',
            channel: null,
            address: null,
            contactId,
            door: 'privacy_officer',
            actor: SYSTEM,
          },
        ]),
      );
    },

    merge: (keepId: string, dropId: string) =>
      db.tx((tx) => contacts.merge(tx, keepId, dropId, clock.now())),

    withToken: (token: string) => http.get('/api/v1/who').set('Authorization', `Bearer ${token}`),
    withCookie: (cookie: string) => http.get('/api/v1/who').set('Cookie', cookie),

    /** Asks for a mailed link, each time from another network. */
    askForLink: (email: string, ip = `198.51.100.${(visitor = (visitor + 1) % 250)}`) =>
      http.post('/mina-sidor/link').set('X-Forwarded-For', ip).type('form').send({ email }),

    /** The links in the mails that wait to be sent to this address, oldest first. */
    async linksTo(email: string): Promise<string[]> {
      const rows = await db.query<{ url: string }>(
        `SELECT data->>'loginUrl' AS url FROM service_message
         WHERE to_address = $1 AND template = 'login-link' ORDER BY id`,
        [email],
      );
      return rows.map(({ url }) => url.replace(PUBLIC_URL, ''));
    },

    /** Logs in by a mailed link and returns the cookie. */
    async logIn(email: string, earlier = ''): Promise<string> {
      await this.askForLink(email).expect(200);
      const link = (await this.linksTo(email)).at(-1)!;
      return cookieOf(await http.post(link).set('Cookie', earlier).expect(303));
    },

    /** How the mailbox is told of that somebody has shown to read. */
    mailbox: (email: string) => app.get(AddressKeys).keysOf('email', email)[0]!.key.toString('hex'),

    async count(table: 'learner_session' | 'login_link' | 'spent_token'): Promise<number> {
      const [row] = await db.query<{ count: number }>(`SELECT count(*) FROM ${table}`);
      return row!.count;
    },

    async close(): Promise<void> {
      await app.close();
      await database.drop();
    },
  };
}

export type LearnerWorld = Awaited<ReturnType<typeof openLearnerWorld>>;
