import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Client, Pool, type QueryResultRow } from 'pg';
import { applyMigrations } from '../../../src/platform/database/migrations';
import { EmbeddedPostgres } from '../../../src/platform/embedded-postgres/embedded-postgres';
import { hasEnded } from '../../../src/platform/embedded-postgres/postmaster';
import { pause } from './product-process';

const TEMPLATE = 'chaos_template';
const PATIENCE_MS = 90_000;
// A kill of Postgres loses nothing that the operating system holds, so nothing needs the disk.
const SETTINGS = {
  fsync: 'off',
  full_page_writes: 'off',
  max_connections: 200,
  track_commit_timestamp: 'on',
};

/** A PostgreSQL of the run's own: it is shut down without a word and comes back on the same port. */
export class RunPostgres {
  private server = new EmbeddedPostgres();

  private constructor(
    private readonly directory: string,
    readonly port: number,
    private url: string,
  ) {}

  static async start(directory: string): Promise<RunPostgres> {
    const port = await freePort();
    const postgres = new RunPostgres(directory, port, '');
    await postgres.up();
    await postgres.onServer(`CREATE DATABASE ${TEMPLATE}`);
    await applyMigrations(postgres.urlOf(TEMPLATE));
    return postgres;
  }

  async createDatabase(name: string): Promise<string> {
    await this.onServer(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`);
    return this.urlOf(name);
  }

  /** The address of a database, by another port where a wire lies between. */
  urlOf(database: string, port = this.port): string {
    const url = new URL(this.url);
    url.pathname = `/${database}`;
    url.port = String(port);
    return url.href;
  }

  /** As `pg_ctl stop -m immediate`: no checkpoint, no goodbye. Back after `awayMs`. */
  async restartAtOnce(awayMs: number): Promise<void> {
    const { pid } = JSON.parse(readFileSync(join(this.directory, 'postgres.json'), 'utf8')) as {
      pid: number;
    };
    process.kill(pid, 'SIGQUIT');
    await hasEnded(pid, 10_000);
    await this.server.stop();
    await pause(awayMs);
    await this.up();
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  private async up(): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      this.server = new EmbeddedPostgres();
      try {
        this.url = await this.server.start(this.directory, { port: this.port, settings: SETTINGS });
        return;
      } catch (error) {
        // Its owner of before, also in this process, may hold the lock for as long as it takes to let go.
        if (tries === 5) throw error;
        await pause(500);
      }
    }
  }

  private async onServer(sql: string): Promise<void> {
    const client = new Client({ connectionString: this.url });
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  }
}

/** The rig's own way to the database: it waits while there is none. */
export class RunSql {
  readonly pool: Pool;

  constructor(url: string) {
    this.pool = new Pool({ connectionString: url, max: 8, connectionTimeoutMillis: 5_000 });
    this.pool.on('error', () => undefined);
    this.pool.on('connect', (client) => client.on('error', () => undefined));
  }

  async query<Row extends QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    const end = Date.now() + PATIENCE_MS;
    for (;;) {
      try {
        return (await this.pool.query<Row>(text, values)).rows;
      } catch (error) {
        if (!isAway(error) || Date.now() > end) throw error;
        await pause(200);
      }
    }
  }

  end(): Promise<void> {
    return this.pool.end();
  }
}

/** The server is away, going, or coming: 57P01 to 57P03, class 08, or the socket's own error. */
function isAway(error: unknown): boolean {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  return /^(57P0|08|ECONN|EPIPE)/.test(code) || /terminated|timeout|ended/i.test(message);
}

/** A Redis of the run's own: it forgets everything when it is killed, and comes back on the same port. */
export class RunRedis {
  private child: ChildProcess | null = null;

  private constructor(
    private readonly directory: string,
    readonly port: number,
  ) {}

  static async start(directory: string): Promise<RunRedis> {
    const redis = new RunRedis(directory, await freePort());
    await redis.up();
    process.on('exit', () => redis.child?.kill('SIGKILL'));
    return redis;
  }

  async kill(awayMs: number): Promise<void> {
    await this.stop();
    await pause(awayMs);
    await this.up();
  }

  async stop(): Promise<void> {
    const { child } = this;
    this.child = null;
    if (!child) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  private async up(): Promise<void> {
    const args = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', ''];
    const child = spawn('redis-server', [...args, '--dir', this.directory], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.child = child;
    for await (const line of child.stdout) {
      if (String(line).includes('Ready to accept connections')) break;
    }
  }
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
