import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { Test, type TestingModule } from '@nestjs/testing';
import type { Type } from '@nestjs/common';
import {
  EMAIL_CHANNEL,
  type EmailChannel,
} from '../../../src/features/channels/email/email-channel';
import { ContactsModule } from '../../../src/features/contacts/contacts.module';
import { insertContentVersion } from '../../../src/features/content/content.queries';
import { DeliveryModule } from '../../../src/features/delivery/delivery.module';
import { HandOverBatch } from '../../../src/features/delivery/hand-over-batch';
import { FeedbackModule } from '../../../src/features/feedback/feedback.module';
import { ImportsModule } from '../../../src/features/imports/imports.module';
import { RegistryModule } from '../../../src/features/registry/registry.module';
import { AuditModule } from '../../../src/platform/audit/audit.module';
import { ConfigModule } from '../../../src/platform/config/config.module';
import { Database } from '../../../src/platform/database/database';
import { DatabaseModule } from '../../../src/platform/database/database.module';
import { newId } from '../../../src/platform/ids';
import { OperationsModule } from '../../../src/platform/operations/operations.module';
import { QueuesModule } from '../../../src/platform/queues/queues.module';
import { World } from '../../integration/registry/world';

/** Who works now: a worker with its own way to the database and to the provider; else the real database. */
interface AtWork {
  database: Pick<Database, 'query' | 'tx'>;
  channel: EmailChannel;
}

/** What a worse product would ask instead. */
type Rewrite = (sql: string) => string;

/**
 * The product as its modules put it together, on a database of its own. No job is taken up: a simulation decides
 * who works, and what each worker meets at each of its awaits.
 */
export class Product {
  readonly db: Database;

  private constructor(
    readonly world: World,
    readonly topicId: string,
    readonly contentVersionId: string,
    private readonly built: TestingModule,
    private readonly working: AsyncLocalStorage<AtWork>,
  ) {
    this.db = world.db;
  }

  static async open(rewrite: Rewrite = (sql) => sql): Promise<Product> {
    const world = await World.open();
    const working = new AsyncLocalStorage<AtWork>();
    const { env } = world;
    const built = await Test.createTestingModule({
      imports: [
        ConfigModule.with(env),
        DatabaseModule.at(env.DATABASE_URL!),
        AuditModule,
        QueuesModule.with(env),
        OperationsModule,
        ContactsModule,
        RegistryModule,
        ImportsModule,
        DeliveryModule,
        FeedbackModule,
      ],
    })
      .overrideProvider(Database)
      .useValue(databaseOf(world.db, working, rewrite))
      .overrideProvider(EMAIL_CHANNEL)
      .useValue(channelOf(working))
      .compile();
    const topicId = await world.topic('nyhetsbrev');
    return new Product(world, topicId, await contentOf(world.db), built, working);
  }

  /** Without closing the app: the database that its parts use is the world's. */
  close(): Promise<void> {
    return this.world.close();
  }

  get<T>(type: Type<T> | (abstract new (...args: never[]) => T)): T {
    return this.built.get(type as Type<T>, { strict: false });
  }

  /** One worker takes a job; everything that it does goes through what it is given. */
  work(batchId: string, worker: AtWork): Promise<void> {
    return this.working.run(worker, () => this.get(HandOverBatch).run(batchId));
  }

  /** Somebody else does something, though a worker waits for it to be done. */
  aside<T>(work: () => Promise<T>): Promise<T> {
    return this.working.exit(work);
  }
}

function databaseOf(
  base: Database,
  working: AsyncLocalStorage<AtWork>,
  rewrite: Rewrite,
): Database {
  const db = Object.create(base) as Database;
  const now = () => working.getStore()?.database ?? base;
  db.query = (text, values) => now().query(rewrite(text), values);
  db.tx = (work, options) =>
    now().tx((tx) => work({ query: (text, values) => tx.query(rewrite(text), values) }), options);
  return db;
}

function channelOf(working: AsyncLocalStorage<AtWork>): EmailChannel {
  const now = (): EmailChannel => working.getStore()!.channel;
  return {
    name: 'sendgrid',
    get maxRecipients() {
      return now().maxRecipients;
    },
    handOver: (request) => now().handOver(request),
  };
}

function contentOf(db: Database): Promise<string> {
  const link = '{{ links.unsubscribe }}';
  return insertContentVersion(db, newId(), {
    hash: randomUUID(),
    channel: 'email',
    language: 'sv',
    subject: 'Hej {{ contact.firstName }}',
    preheader: '',
    html: `<p>Hej {{ contact.firstName }}</p><a href="${link}">Avsluta</a>`,
    text: `Hej. Avsluta: ${link}`,
    nonce: 'n0nce',
    bytes: 100,
  });
}
