import type { Type } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import request from 'supertest';
import { AccessGuard } from '../../../src/features/accounts/access.guard';
import { AccountsModule } from '../../../src/features/accounts/accounts.module';
import { OriginGuard } from '../../../src/features/accounts/origin.guard';
import { StaffAccounts } from '../../../src/features/accounts/staff.service';
import { AuditModule } from '../../../src/platform/audit/audit.module';
import { Clock } from '../../../src/platform/clock';
import { ConfigModule } from '../../../src/platform/config/config.module';
import { loadEnv } from '../../../src/platform/config/load-env';
import { Database } from '../../../src/platform/database/database';
import { DatabaseModule } from '../../../src/platform/database/database.module';
import type { Role } from '../../../src/platform/http/permissions';
import { ProblemFilter } from '../../../src/platform/http/problem.filter';
import { validationPipe } from '../../../src/platform/http/validation';
import { cookieOf } from '../../setup/cookies';
import { createTestDatabase } from '../../setup/database';

export const PUBLIC_URL = 'https://utskick.example';
export const COOKIE = '__Host-utskick';
export const PASSWORD = 'korrekt häst batteri';

class SetClock extends Clock {
  private time = new Date('2026-03-02T09:00:00Z').getTime();

  override now(): Date {
    return new Date(this.time);
  }

  pass(duration: { seconds?: number; minutes?: number; hours?: number }): void {
    const { seconds = 0, minutes = 0, hours = 0 } = duration;
    this.time += ((hours * 60 + minutes) * 60 + seconds) * 1000;
  }
}

/** The room behind HTTP as the web process runs it, on a database of its own, with a clock that is set by hand. */
export async function startAccountsApp(controllers: Type[] = []) {
  const database = await createTestDatabase();
  const env = loadEnv({
    NODE_ENV: 'test',
    DATABASE_URL: database.url,
    PUBLIC_URL,
    ADDRESS_KEYS: `v1:${Buffer.alloc(32, 1).toString('base64')}`,
    LINK_KEYS: `v1:${Buffer.alloc(32, 2).toString('base64')}`,
    SESSION_SECRET: 'a secret for tests, thirty-two signs',
  });
  const clock = new SetClock();
  const module = await Test.createTestingModule({
    imports: [ConfigModule.with(env), DatabaseModule.at(database.url), AuditModule, AccountsModule],
    controllers,
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
  await app.listen(0, '127.0.0.1');
  const db = app.get(Database);
  const http = request(app.getHttpServer());

  return {
    app,
    clock,
    db,
    http,

    async addStaff(email: string, roles: Role[]): Promise<string> {
      const person = { email, name: 'Förnamn Efternamn', roles, password: PASSWORD };
      await app.get(StaffAccounts).ensureDemoStaff([person]);
      const [row] = await db.query<{ id: string }>('SELECT id FROM staff WHERE email = $1', [
        email,
      ]);
      return row!.id;
    },

    logIn(email: string, options: { password?: string; ip?: string; cookie?: string } = {}) {
      const { password = PASSWORD, ip = '192.0.2.1', cookie = '' } = options;
      return http
        .post('/api/v1/session')
        .set({ 'X-Forwarded-For': ip, Cookie: cookie })
        .send({ email, password });
    },

    /** The Cookie header of a new session. */
    async cookieOf(email: string, ip?: string): Promise<string> {
      return cookieOf(await this.logIn(email, { ip }).expect(200));
    },

    /** A request that a page of ours makes. */
    as(cookie: string) {
      const headers = { Cookie: cookie, 'Sec-Fetch-Site': 'same-origin' };
      return {
        get: (path: string) => http.get(path).set(headers),
        post: (path: string, body?: object) => http.post(path).set(headers).send(body),
        put: (path: string, body?: object) => http.put(path).set(headers).send(body),
        patch: (path: string, body?: object) => http.patch(path).set(headers).send(body),
        delete: (path: string) => http.delete(path).set(headers),
      };
    },

    /** Nothing written yet; the append-only triggers are off just for this. */
    async reset(): Promise<void> {
      await db.tx(async (tx) => {
        await tx.query('SET LOCAL session_replication_role = replica');
        await tx.query('TRUNCATE staff, session, login_failure, api_key, audit_entry');
      });
    },

    async auditOf(action: string) {
      return db.query<{ actorType: string; actorId: string; subjectId: string; details: object }>(
        `SELECT actor_type AS "actorType", actor_id AS "actorId", subject_id AS "subjectId", details
         FROM audit_entry WHERE action = $1 ORDER BY id`,
        [action],
      );
    },

    async close(): Promise<void> {
      await app.close();
      await database.drop();
    },
  };
}

export type AccountsApp = Awaited<ReturnType<typeof startAccountsApp>>;
