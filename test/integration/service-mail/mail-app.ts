import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import {
  Global,
  Injectable,
  Module,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import request from 'supertest';
import { AccountsModule } from '../../../src/features/accounts/accounts.module';
import { OriginGuard } from '../../../src/features/accounts/origin.guard';
import {
  EMAIL_CHANNEL,
  type EmailChannel,
  type EmailRequest,
} from '../../../src/features/channels/email/email-channel';
import type { Outcome, Verdict } from '../../../src/features/channels/hand-over';
import { SendServiceMail } from '../../../src/features/service-mail/send-service-mail';
import { SettleSignup } from '../../../src/features/signups/settle-signup';
import { SignupsModule } from '../../../src/features/signups/signups.module';
import { AuditModule } from '../../../src/platform/audit/audit.module';
import { ConfigModule } from '../../../src/platform/config/config.module';
import { loadEnv } from '../../../src/platform/config/load-env';
import { Database } from '../../../src/platform/database/database';
import { DatabaseModule } from '../../../src/platform/database/database.module';
import { OPERATOR, type AuthenticatedRequest } from '../../../src/platform/http/actor';
import { ProblemFilter } from '../../../src/platform/http/problem.filter';
import { validationPipe } from '../../../src/platform/http/validation';
import { newId } from '../../../src/platform/ids';
import { OperationsModule } from '../../../src/platform/operations/operations.module';
import { JobQueue } from '../../../src/platform/queues/job-queue';
import type { JobKind } from '../../../src/platform/queues/jobs';
import { createTestDatabase } from '../../setup/database';

export const PUBLIC_URL = 'https://utskick.example';

export interface SentMail {
  messageId: string;
  to: string;
  subject: string;
  html: string;
  text: string;
  content: EmailRequest['content'];
}

/** A provider that keeps what it is handed and answers as it is told. */
export class FakeProvider implements EmailChannel {
  readonly name = 'mailbox';
  readonly maxRecipients = 100;
  readonly calls: SentMail[] = [];
  answer: (mail: SentMail) => Verdict | Promise<Verdict> = () => ({ kind: 'accepted' });

  async handOver({ content, recipients }: EmailRequest): Promise<Outcome[]> {
    return Promise.all(
      recipients.map(async ({ messageId, to, subject }) => {
        const html = content.htmlPieces.join('');
        const mail = { messageId, to, subject, html, text: content.textPieces.join(''), content };
        this.calls.push(mail);
        return { messageId, ...(await this.answer(mail)) };
      }),
    );
  }

  to(address: string): SentMail[] {
    return this.calls.filter((mail) => mail.to === address);
  }

  reset(): void {
    this.calls.length = 0;
    this.answer = () => ({ kind: 'accepted' });
  }
}

/** Bells that ring when the test says so. */
class HeldQueue extends JobQueue {
  readonly rung: { kind: JobKind; id: string }[] = [];

  override async enqueue(kind: JobKind, ids: readonly string[]): Promise<void> {
    this.rung.push(...ids.map((id) => ({ kind, id })));
  }
  override async work(): Promise<void> {}
  override async stop(): Promise<void> {}
  override async counts(): Promise<[]> {
    return [];
  }
  override async healthy(): Promise<boolean> {
    return true;
  }
}

@Global()
@Module({ providers: [{ provide: JobQueue, useClass: HeldQueue }], exports: [JobQueue] })
class HeldQueueModule {}

@Injectable()
class EveryoneIsOperator implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    context.switchToHttp().getRequest<AuthenticatedRequest>().actor = OPERATOR;
    return true;
  }
}

/** Sign-ups and service mail behind HTTP, on a database of their own, with a provider in the test's hand. */
export async function startMailApp(settings: Record<string, string> = {}) {
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
  const provider = new FakeProvider();
  const module = await Test.createTestingModule({
    imports: [
      ConfigModule.with(env),
      DatabaseModule.at(database.url),
      AuditModule,
      OperationsModule,
      HeldQueueModule,
      AccountsModule,
      SignupsModule,
    ],
    providers: [
      { provide: APP_GUARD, useExisting: OriginGuard },
      { provide: APP_GUARD, useClass: EveryoneIsOperator },
      { provide: APP_PIPE, useFactory: validationPipe },
      { provide: APP_FILTER, useClass: ProblemFilter },
    ],
  })
    .overrideProvider(EMAIL_CHANNEL)
    .useValue(provider)
    .compile();
  const app = module.createNestApplication<NestExpressApplication>({ logger: false });
  app.set('trust proxy', 1);
  app.useBodyParser('urlencoded', { limit: '64kb', extended: false });
  await app.listen(0, '127.0.0.1');
  const db = app.get(Database);
  const queue = app.get<HeldQueue>(JobQueue);

  return {
    app,
    env,
    db,
    queue,
    provider,
    http: request(app.getHttpServer()),

    /** Lets every bell ring, and those that ring because of them. */
    async settle(): Promise<void> {
      for (let job = queue.rung.shift(); job; job = queue.rung.shift()) {
        if (job.kind === 'signups.settle') await app.get(SettleSignup).run(job.id);
        if (job.kind === 'service-mail.send') await app.get(SendServiceMail).run(job.id);
      }
    },

    async addTopic(key: string, names: { sv: string; en: string }, position = 0): Promise<string> {
      const id = newId();
      await db.query(
        `INSERT INTO topic (id, key, name_sv, name_en, description_sv, description_en, purpose, position, assessed_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, 'R-05', $7, now(), now())`,
        [id, key, names.sv, names.en, `Om ${names.sv}`, `About ${names.en}`, position],
      );
      return id;
    },

    async close(): Promise<void> {
      await app.close();
      await database.drop();
    },
  };
}

export type MailApp = Awaited<ReturnType<typeof startMailApp>>;
