import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';

/** Any constant; it lives in the `postgres` database, where nothing else of ours takes locks. */
const OWNER_LOCK = 8_170_001;

/**
 * Who owns a running server: the process that holds this advisory lock in it. Unlike a pid file it
 * can neither outlast its holder nor name a stranger with the same process number.
 */
export class Ownership {
  private client: Client | null = null;
  private given = false;

  constructor(private readonly url: string) {}

  /** True when this process now owns the server; false when another one does. */
  async take(): Promise<boolean> {
    const client = new Client({ connectionString: this.url, keepAlive: true });
    client.on('error', () => void this.retake());
    await client.connect();
    const { rows } = await client.query<{ taken: boolean }>(
      'SELECT pg_try_advisory_lock($1) AS taken',
      [OWNER_LOCK],
    );
    if (!rows[0]?.taken) {
      await client.end();
      return false;
    }
    this.client = client;
    return true;
  }

  async createDatabase(name: string): Promise<void> {
    const found = await this.client?.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    if (found?.rowCount === 0) await this.client?.query(`CREATE DATABASE "${name}"`);
  }

  async release(): Promise<void> {
    this.given = true;
    const { client } = this;
    this.client = null;
    await client?.end();
  }

  // When one backend is killed the server drops every connection to recover, and the lock goes with it.
  private async retake(): Promise<void> {
    if (this.client === null) return;
    this.client = null;
    for (let attempt = 0; attempt < 60 && !this.given; attempt += 1) {
      try {
        if (await this.take()) return;
      } catch {
        // still recovering, or gone for good: the loop ends
      }
      await wait(500, undefined, { ref: false });
    }
  }
}
