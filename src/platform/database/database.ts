import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { PrismaPg } from '@prisma/adapter-pg';
import { Pool, types, type PoolClient, type QueryResultRow } from 'pg';
import { Unavailable } from '../errors';
import { PrismaClient } from './client/client';

/** What runs SQL: the pool, or one transaction. Parameters are always bound ($1, $2 …). */
export interface Sql {
  query<Row extends QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
}

export interface DatabaseOptions {
  url: string;
  pool: number;
}

export const DATABASE_OPTIONS = Symbol('DATABASE_OPTIONS');

// count(*) and bigserial fit a double here: 2^53 rows is beyond any table of ours.
types.setTypeParser(types.builtins.INT8, Number);

const prepared = new Map<string, string>();

/** Marks SQL that runs for every batch: each connection parses it once, and plans it once it has seen it often. */
export function prepare(name: string, text: string): string {
  prepared.set(text, name);
  return text;
}

const asked = (text: string, values: unknown[]) => ({ name: prepared.get(text), text, values });

export interface TransactionOptions {
  /** Postgres ends the transaction when its process is silent for so long; default 10. */
  idleSeconds?: number;
  /** A statement that waits longer than this for a lock fails; default: as long as it may take. */
  lockMs?: number;
  /** What a statement may hold at a time before it writes to disk, in MB; default: the server's, as a rule 4. */
  workMemMb?: number;
}

/** For questions about everybody: a million people, held once as a hash table, fit into it. */
export const EVERYBODY_MB = 64;

/** Prisma for ordinary one-table work, plain pg for everything that is a transaction or hot. */
@Injectable()
export class Database implements Sql, OnModuleDestroy {
  readonly prisma: PrismaClient;
  readonly pool: Pool;

  constructor(@Inject(DATABASE_OPTIONS) options: DatabaseOptions) {
    const connection = {
      connectionString: options.url,
      connectionTimeoutMillis: 5_000,
      idleTimeoutMillis: 30_000,
      statement_timeout: 60_000,
      // The same asked of ourselves: a server that is cut off without a word never says that the time is up.
      query_timeout: 65_000,
      keepAlive: true,
      // The default is for spinning disks: a look-up of a thousand addresses would read whole tables. And a look-up
      // that few rows need is reckoned for every row: with jit the statement would be compiled for longer than it runs.
      options: '-c random_page_cost=1.1 -c jit=off',
      idle_in_transaction_session_timeout: 10_000,
    };
    this.pool = new Pool({ ...connection, max: options.pool });
    // An idle connection that dies (restart, failover) is replaced on the next query; it must not end the process.
    this.pool.on('error', () => undefined);
    // So may one in use; whoever uses it gets the error from their own query.
    this.pool.on('connect', (client) => client.on('error', () => undefined));
    const half = Math.max(2, Math.ceil(options.pool / 2));
    this.prisma = new PrismaClient({ adapter: new PrismaPg({ ...connection, max: half }) });
  }

  async query<Row extends QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.pool.query<Row>(asked(text, values))).rows;
  }

  /** One READ COMMITTED transaction; rolled back when `work` throws. Never call a provider inside. */
  async tx<T>(work: (tx: Sql) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
    const client = await this.connect();
    let broken: Error | undefined;
    // A connection that dies between two statements says so here; unheard, it would end the process.
    const onError = (error: Error) => (broken = error);
    client.on('error', onError);
    try {
      await client.query(begin(options));
      const result = await work({
        query: async (text, values = []) => (await client.query(asked(text, values))).rows,
      });
      await client.query('COMMIT');
      return result;
    } catch (cause) {
      await client.query('ROLLBACK').catch((error: Error) => (broken = error));
      throw cause;
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
  }

  private async connect(): Promise<PoolClient> {
    try {
      return await this.pool.connect();
    } catch (cause) {
      throw new Unavailable('database_unavailable', {
        detail: (cause as Error).message,
        retryAfterSeconds: 30,
      });
    }
  }

  async onModuleDestroy(): Promise<void> {
    await this.prisma.$disconnect();
    await this.pool.end();
  }
}

function begin({ idleSeconds, lockMs, workMemMb }: TransactionOptions): string {
  const settings = [
    idleSeconds && `idle_in_transaction_session_timeout = ${Math.round(idleSeconds * 1000)}`,
    lockMs && `lock_timeout = ${Math.round(lockMs)}`,
    workMemMb && `work_mem = '${Math.round(workMemMb)}MB'`,
  ].filter(Boolean);
  return ['BEGIN', ...settings.map((setting) => `SET LOCAL ${setting}`)].join('; ');
}
