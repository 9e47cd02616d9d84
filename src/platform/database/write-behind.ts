import type { Sql } from './database';

/**
 * Does the work of a transaction with writes that are sent without waiting for them: while the database does one,
 * the next is got ready. One statement at a time is under way, so whatever is asked afterwards sees what was written.
 * A write that fails makes the next call fail with its cause, and at the latest the whole.
 */
export async function writingBehind<Result>(
  sql: Sql,
  work: (behind: Sql) => Promise<Result>,
): Promise<Result> {
  const behind = new WriteBehind(sql);
  try {
    const result = await work(behind);
    await behind.done();
    return result;
  } finally {
    // Nothing is under way when the caller rolls back.
    await behind.quiet();
  }
}

/** A write of which nothing comes back: behind, where the caller's transaction allows it. */
export async function send(sql: Sql, text: string, values: unknown[]): Promise<void> {
  if (sql instanceof WriteBehind) await sql.send(text, values);
  else await sql.query(text, values);
}

class WriteBehind implements Sql {
  private last: Promise<unknown> = Promise.resolve();
  private failure: { cause: unknown } | null = null;

  constructor(private readonly sql: Sql) {}

  async query<Row extends object>(text: string, values?: unknown[]): Promise<Row[]> {
    await this.done();
    return this.sql.query<Row>(text, values);
  }

  /** Resolves when it is sent. */
  async send(text: string, values: unknown[]): Promise<void> {
    await this.done();
    this.last = this.sql.query(text, values).catch((cause: unknown) => {
      this.failure ??= { cause };
    });
  }

  async done(): Promise<void> {
    await this.last;
    if (this.failure) throw this.failure.cause;
  }

  /** Never rejects. */
  async quiet(): Promise<void> {
    await this.last;
  }
}
