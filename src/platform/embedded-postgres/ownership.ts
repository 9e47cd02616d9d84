import { setTimeout as wait } from 'node:timers/promises';
import { Client, type DatabaseError } from 'pg';

/** Any constant; it lives in the `postgres` database, where nothing else of ours takes locks. */
const OWNER_LOCK = 8_170_001;
const RETRY = 100; // ms
const ATTEMPTS = 300;

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
    const client = await this.connect();
    const { rows } = await client.query<{ taken: boolean }>(
      'SELECT pg_try_advisory_lock($1) AS taken',
      [OWNER_LOCK],
    );
    const taken = rows[0]?.taken === true && !this.given;
    if (taken) this.client = client;
    else await client.end();
    return taken;
  }

  /** The same for a server somebody else started, whose owner may just be reconnecting after a crash. */
  async takeOver(): Promise<boolean> {
    const first = new Ownership(this.url);
    if (!(await first.take())) return false;
    await first.release();
    await wait(10 * RETRY);
    return this.take();
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

  private async connect(): Promise<Client> {
    for (let attempt = 1; ; attempt += 1) {
      const client = new Client({ connectionString: this.url, keepAlive: true });
      client.on('error', () => void this.retake(client));
      try {
        await client.connect();
        return client;
      } catch (error) {
        // 28: wrong password. Anything else passes when the server is up, or has come back.
        const refused = (error as DatabaseError).code?.startsWith('28') ?? false;
        if (refused || this.given || attempt === ATTEMPTS) throw error;
        await wait(RETRY);
      }
    }
  }

  // When one backend is killed the server drops every connection to recover, and the lock goes with it.
  private async retake(lost: Client): Promise<void> {
    if (this.client !== lost) return;
    this.client = null;
    for (let attempt = 0; attempt < ATTEMPTS && !this.given; attempt += 1) {
      try {
        if (await this.take()) return;
      } catch {
        // not up yet, or gone for good: the loop ends
      }
      await wait(RETRY, undefined, { ref: false });
    }
  }
}
