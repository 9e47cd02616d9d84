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
      // A process frozen inside a transaction must not hold an opt-out back: part of the guarantee's proof.
      idle_in_transaction_session_timeout: 2_000,
    };
    this.pool = new Pool({ ...connection, max: options.pool });
    // An idle connection that dies (restart, failover) is replaced on the next query; it must not end the process.
    this.pool.on('error', () => undefined);
    const half = Math.max(2, Math.ceil(options.pool / 2));
    this.prisma = new PrismaClient({ adapter: new PrismaPg({ ...connection, max: half }) });
  }

  async query<Row extends QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.pool.query<Row>(text, values)).rows;
  }

  /** One READ COMMITTED transaction; rolled back when `work` throws. Never call a provider inside. */
  async tx<T>(work: (tx: Sql) => Promise<T>): Promise<T> {
    const client = await this.connect();
    let broken: Error | undefined;
    try {
      await client.query('BEGIN');
      const result = await work({
        query: async (text, values = []) => (await client.query(text, values)).rows,
      });
      await client.query('COMMIT');
      return result;
    } catch (cause) {
      await client.query('ROLLBACK').catch((error: Error) => (broken = error));
      throw cause;
    } finally {
      client.release(broken);
    }
  }

  private async connect(): Promise<PoolClient> {
    try {
      return await this.pool.connect();
    } catch (cause) {
      throw new Unavailable('database_unavailable', { detail: (cause as Error).message });
    }
  }

  async onModuleDestroy(): Promise<void> {
    await this.prisma.$disconnect();
    await this.pool.end();
  }
}
