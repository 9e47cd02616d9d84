import {
  Database,
  type Sql,
  type TransactionOptions,
} from '../../../src/platform/database/database';

/** Lets a test say when each statement of a transaction runs, and change it. */
export class SteppedDatabase extends Database {
  /** Runs before every statement, and before COMMIT with null. */
  before: (statement: string | null) => Promise<void> = async () => {};
  /** What a worse product would ask instead. */
  rewrite: (statement: string) => string = (statement) => statement;
  /** The backend of the transaction that runs, for pg_locks. */
  backend: number | null = null;

  override tx<T>(work: (tx: Sql) => Promise<T>, options?: TransactionOptions): Promise<T> {
    return super.tx(async (tx) => {
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
    }, options);
  }
}
