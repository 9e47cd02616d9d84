import { createHash } from 'node:crypto';
import {
  Database,
  type DatabaseOptions,
  type Sql,
  type TransactionOptions,
} from '../../../src/platform/database/database';

/** Lets a test say when each statement of a transaction runs, and change it. */
export class SteppedDatabase extends Database {
  /** Runs before every statement, and before COMMIT with null. */
  before: (statement: string | null) => Promise<void> = async () => {};
  /** What a worse product would ask instead. */
  rewrite: (statement: string) => string = (statement) => statement;
  /** How long a transaction may wait for its next step, s; else what its own options say. */
  patience?: number;
  /** The backend of the transaction that runs, for pg_locks. */
  backend: number | null = null;

  constructor(options: DatabaseOptions) {
    super(options);
    // The same statements thousands of times: planned once a connection, or planning is most of the run.
    this.pool.on('connect', (client) => {
      const query = client.query.bind(client) as (...given: unknown[]) => unknown;
      const named = (first: unknown, ...rest: unknown[]) =>
        query(isPlain(first) ? { ...first, name: nameOf(first.text) } : first, ...rest);
      Object.assign(client, { query: named });
    });
  }

  override tx<T>(work: (tx: Sql) => Promise<T>, options?: TransactionOptions): Promise<T> {
    return super.tx(
      async (tx) => {
        const [self] = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
        this.backend = self!.pid;
        const result = await work({
          query: async (text, values) => {
            await this.before(text);
            return tx.query(this.rewrite(text), values);
          },
        });
        await this.before(null);
        return result;
      },
      this.patience ? { ...options, idleSeconds: this.patience } : options,
    );
  }
}

const isPlain = (first: unknown): first is { text: string; name?: string } =>
  typeof first === 'object' &&
  first !== null &&
  'text' in first &&
  !('name' in first && first.name);

const names = new Map<string, string>();

function nameOf(text: string): string {
  const name = names.get(text) ?? createHash('md5').update(text).digest('hex');
  names.set(text, name);
  return name;
}
