import { Injectable, Logger } from '@nestjs/common';
import { Audit } from '../../platform/audit/audit';
import { Database, type Sql } from '../../platform/database/database';
import { SYSTEM } from '../../platform/http/actor';

/** Any constant: two processes that start on one empty database load the demo one after the other. */
const DEMO_LOCK = 8_170_002;
const BEGUN = 'demo.begun';
const STEP = 'demo.step';
const FINISHED = 'demo.finished';
const TRIES = 3;

/**
 * How far the demo has come. Kept in the audit trail, in the commit of the step itself where the step is one
 * transaction: a crash leaves a demo that the next start goes on with, never one that looks whole.
 */
@Injectable()
export class DemoProgress {
  private readonly log = new Logger('demo');

  constructor(
    private readonly db: Database,
    private readonly audit: Audit,
  ) {}

  async isFinished(): Promise<boolean> {
    return this.has(FINISHED, 'all');
  }

  /** True when the demo may be loaded: it has begun here, or nobody has put anything in yet. */
  async begin(): Promise<boolean> {
    if (await this.has(BEGUN, 'all')) return true;
    const [used] = await this.db.query<{ used: boolean }>(
      `SELECT EXISTS (SELECT FROM staff) OR EXISTS (SELECT FROM contact) OR EXISTS (SELECT FROM topic) AS used`,
    );
    if (used!.used) return false;
    await this.mark(this.db, BEGUN, 'all');
    return true;
  }

  finish(): Promise<void> {
    return this.mark(this.db, FINISHED, 'all');
  }

  /** Runs a step that is not done yet, and marks it in the same commit. */
  async inTransaction(step: string, work: (tx: Sql) => Promise<void>): Promise<void> {
    await this.once(step, () =>
      this.db.tx(async (tx) => {
        await work(tx);
        await this.mark(tx, STEP, step);
      }),
    );
  }

  /** The same for a step of several commits: `work` must be safe to call again. */
  async repeatable(step: string, work: () => Promise<void>): Promise<void> {
    await this.once(step, async () => {
      await work();
      await this.mark(this.db, STEP, step);
    });
  }

  /** Lets one process at a time in. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    const client = await this.db.pool.connect();
    try {
      await client.query('SELECT pg_advisory_lock($1)', [DEMO_LOCK]);
      return await work();
    } finally {
      // The connection is thrown away, and the lock with it, also when unlocking could not be asked for.
      client.release(true);
    }
  }

  /** A computer that is busy with a first start may let a transaction time out: once more, then. */
  private async once(step: string, work: () => Promise<void>): Promise<void> {
    for (let attempt = 1; !(await this.has(STEP, step)); attempt += 1) {
      try {
        await work();
      } catch (error) {
        if (attempt >= TRIES) throw error;
        this.log.warn(`${step}: ${(error as Error).message}; trying again`);
      }
    }
  }

  private async has(action: string, step: string): Promise<boolean> {
    const [row] = await this.db.query<{ there: boolean }>(
      `SELECT EXISTS (SELECT FROM audit_entry
         WHERE subject_type = 'demo' AND subject_id = $2 AND action = $1) AS there`,
      [action, step],
    );
    return row!.there;
  }

  private mark(sql: Sql, action: string, step: string): Promise<void> {
    return this.audit.record(sql, SYSTEM, action, { type: 'demo', id: step });
  }
}
