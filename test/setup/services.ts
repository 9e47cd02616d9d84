import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { applyMigrations } from '../../src/platform/database/migrations';
import { EmbeddedPostgres } from '../../src/platform/embedded-postgres/embedded-postgres';
import { databaseUrl, TEMPLATE } from './database';

/** What a test run stands on: one PostgreSQL with a migrated template database, and one Redis. */
export class Services {
  private readonly directory = mkdtempSync(join(tmpdir(), 'utskick-test-'));
  private readonly postgres = new EmbeddedPostgres();
  private redis: ChildProcess | null = null;

  /** Starts them; the worker processes find them by the environment. */
  async start(): Promise<void> {
    process.env.TEST_POSTGRES_URL = await this.startPostgres();
    process.env.TEST_REDIS_URL = await this.startRedis();
  }

  async stop(): Promise<void> {
    await this.postgres.stop();
    if (this.redis && this.redis.exitCode === null) {
      const ended = once(this.redis, 'exit');
      this.redis.kill('SIGTERM');
      await ended;
    }
    rmSync(this.directory, { recursive: true, force: true });
  }

  private async startPostgres(): Promise<string> {
    const url = await this.postgres.start(this.directory, {
      // A test may lose its database; it may not lose a race, so nothing that orders commits is changed.
      settings: { fsync: 'off', full_page_writes: 'off', max_connections: 200 },
    });
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query(`CREATE DATABASE ${TEMPLATE}`);
    await client.end();
    await applyMigrations(databaseUrl(url, TEMPLATE));
    return url;
  }

  // Without redis-server the suites that need none can still be run one by one; `npm test` installs it first.
  private async startRedis(): Promise<string> {
    if (spawnSync('redis-server', ['--version']).error) return '';
    const port = await freePort();
    this.redis = spawn(
      'redis-server',
      ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', this.directory],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    for await (const line of this.redis.stdout!) {
      if (String(line).includes('Ready to accept connections')) return `redis://127.0.0.1:${port}`;
    }
    throw new Error('redis-server ended at once.');
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
