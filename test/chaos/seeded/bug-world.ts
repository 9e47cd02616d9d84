import { createHash, createHmac } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Bull from 'bull';
import { Client } from 'pg';
import { check, type Verdict } from '../checker/check';
import type { Fault } from '../checker/history';
import { Doors } from '../rig/doors';
import { seed, type Crowd, type Person } from '../rig/people';
import { pause, ProductProcess, ROOT } from '../rig/product-process';
import { Provider } from '../rig/provider';
import { readHistory } from '../rig/read-history';
import { settings } from '../rig/settings';
import { freePort, RunPostgres, RunRedis, RunSql } from '../rig/servers';

const PEOPLE = 6;
const PATIENCE_MS = 90_000;

/** What all small runs stand on. */
export interface Servers {
  directory: string;
  postgres: RunPostgres;
  redis: RunRedis;
}

type Parts = Pick<BugWorld, 'sql' | 'provider' | 'doors' | 'product' | 'crowd'> & {
  redisUrl: string;
  url: string;
  linkKey: Buffer;
};

/** One small run: the whole product in one process on a database of its own, with a bug or without. */
export class BugWorld {
  readonly sql: RunSql;
  readonly provider: Provider;
  readonly doors: Doors;
  readonly product: ProductProcess;
  readonly crowd: Crowd;
  private readonly redisUrl: string;
  private readonly url: string;
  private readonly linkKey: Buffer;
  readonly faults: Fault[] = [];
  readonly campaigns: string[] = [];

  private constructor(parts: Parts) {
    Object.assign(this, parts);
  }

  static async start(servers: Servers, name: string, bug: string | null, database: number) {
    const directory = join(servers.directory, `${name}-${database}`);
    mkdirSync(directory, { recursive: true });
    const provider = await Provider.inProcess(directory);
    const url = await servers.postgres.createDatabase(`bug_${database}`);
    const redisUrl = `redis://127.0.0.1:${servers.redis.port}/${database % 16}`;
    const port = await freePort();
    const env: Record<string, string> = {
      ...settings(provider, port),
      DATABASE_URL: url,
      // Jobs by Bull only where a job must come twice; else in the process, which is quicker.
      ...(name === 'read-without-claim' && { REDIS_URL: redisUrl }),
      PORT: String(port),
    };
    const preload = bug ? [join(ROOT, `test/chaos/bugs/${bug}.js`)] : [];
    const product = new ProductProcess('all', ['all'], env, preload, directory);
    product.start();
    const sql = new RunSql(url);
    const crowd = await seed(sql, PEOPLE);
    const doors = new Doors(`http://127.0.0.1:${port}`);
    const linkKey = Buffer.from(env.LINK_KEYS!.slice('v1:'.length), 'base64');
    return new BugWorld({ sql, provider, doors, product, crowd, redisUrl, linkKey, url });
  }

  async ready(): Promise<void> {
    await this.until(() => this.doors.isReady(), 'a start');
  }

  async stop(): Promise<void> {
    this.doors.giveUp();
    await this.product.end('SIGKILL');
    await this.provider.stop();
    await this.sql.end();
  }

  get person(): Person {
    return this.crowd.people[0]!;
  }

  async launch(): Promise<void> {
    const id = await this.doors.create(this.crowd, 'Utskick');
    this.campaigns.push(id);
    await this.doors.launch(id);
  }

  /** A second of that moment when everything is planned and nothing may go. */
  async launchHeld(): Promise<void> {
    await this.hold();
    await this.launch();
    await this.until(
      async () => (await this.count('message')) === this.crowd.people.length,
      'rows',
    );
  }

  async hold(): Promise<void> {
    await this.sql.query(
      `INSERT INTO channel_state (channel, refilled_at, held_because) VALUES ('email', now(), 'rig')
       ON CONFLICT (channel) DO UPDATE SET held_because = 'rig'`,
    );
  }

  async release(): Promise<void> {
    await this.sql.query(`UPDATE channel_state SET held_because = NULL`);
    await this.sql.query(`UPDATE batch SET retry_at = NULL`);
  }

  async taken(): Promise<void> {
    await this.until(async () => this.provider.untold().length > 0, 'a request');
  }

  /** Killed with whatever it holds; brought back when `meanwhile` is done, and time has passed for its leases. */
  async killAndRevive(meanwhile: () => Promise<void> = async () => undefined): Promise<void> {
    const fault = { kind: 'kill_worker', target: 'all', from: Date.now(), to: Infinity };
    this.faults.push(fault);
    await this.product.end('SIGKILL');
    fault.to = Date.now();
    await meanwhile();
    await this.sql.query(
      `UPDATE batch SET lease_until = now() - interval '1 s', settle_by = now() - interval '1 s'`,
    );
    this.product.start();
    await this.ready();
  }

  /** Holds what a statement locks or writes, until it is let go. */
  async locking(text: string, values: unknown[]): Promise<() => Promise<void>> {
    const client = new Client({ connectionString: this.url });
    await client.connect();
    await client.query('BEGIN');
    await client.query(text, values);
    return async () => {
      await client.query('ROLLBACK');
      await client.end();
    };
  }

  lockGate(key: string): Promise<() => Promise<void>> {
    return this.locking(`SELECT 1 FROM gate WHERE address_key = decode($1, 'hex') FOR UPDATE`, [
      key,
    ]);
  }

  /** The link of this person's message is being written by somebody else: the permit stops when it comes to it. */
  async lockLink({ key }: Person): Promise<() => Promise<void>> {
    const [row] = await this.sql.query<{ id: string }>(
      `SELECT id FROM message WHERE address_key = decode($1, 'hex')`,
      [key],
    );
    const mac = createHmac('sha256', this.linkKey).update(`link:${row!.id}`).digest();
    const token = mac.subarray(0, 16).toString('base64url');
    return this.locking(
      `INSERT INTO link_token (hash, class, channel, address_key, created_at)
       VALUES ($1, 'message', 'email', decode($2, 'hex'), now())`,
      [createHash('sha256').update(token).digest(), key],
    );
  }

  /** So many statements of the product wait for a lock. */
  async waiting(many: number): Promise<void> {
    await this.until(async () => (await this.waiters()) >= many, `${many} waiting`);
  }

  /** A permit waits, or its run has already been ended without it, as a bug may have it. */
  async waitingOrOver(): Promise<void> {
    const over = async () => (await this.count("dispatch WHERE state = 'finished'")) > 0;
    await this.until(async () => (await this.waiters()) > 0 || over(), 'a permit or the end');
  }

  /** The same batches again, though nobody rang. */
  async ringAgain(times: number): Promise<void> {
    const batches = await this.sql.query<{ id: string }>('SELECT id FROM batch');
    const queue = new Bull('sending', this.redisUrl, { prefix: 'utskick' });
    for (let n = 0; n < times; n += 1)
      for (const { id } of batches)
        await queue.add('delivery.hand-over', { id }, { jobId: `${id}-${n}` });
    await queue.close();
  }

  /** Waits for the end of all runs, tells all events, and compares the accounts. */
  async verdict(): Promise<Verdict> {
    const ended = `SELECT 1 FROM campaign c LEFT JOIN dispatch d ON d.campaign_id = c.id
      WHERE c.state <> 'draft' AND d.state IS DISTINCT FROM 'finished'`;
    await this.until(async () => {
      await this.sql.query(`UPDATE batch SET retry_at = NULL, message_retry_at = now()`);
      return (await this.sql.query(ended)).length === 0;
    }, 'the end');
    await this.provider.tell(this.doors.url, this.provider.untold());
    await this.applied();
    return check(await readHistory(this, this.crowd));
  }

  async applied(): Promise<void> {
    await this.until(async () => (await this.count('event_slice')) === 0, 'events');
  }

  async until(fact: () => Promise<boolean>, name: string): Promise<void> {
    const end = Date.now() + PATIENCE_MS;
    while (!(await fact())) {
      if (Date.now() > end) throw new Error(`${name} did not come`);
      await pause(60);
    }
  }

  private waiters(): Promise<number> {
    return this.count(
      "pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
    );
  }

  private async count(from: string): Promise<number> {
    const [row] = await this.sql.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${from}`);
    return row!.n;
  }
}
