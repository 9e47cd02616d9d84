import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, type QueryResultRow } from 'pg';
import {
  EmbeddedPostgres,
  runningUrl,
} from '../../../src/platform/embedded-postgres/embedded-postgres';
import { findPostmaster, hasEnded } from '../../../src/platform/embedded-postgres/postmaster';

describe('the embedded PostgreSQL', () => {
  let parent: string;
  let dataDir: string;
  const servers: EmbeddedPostgres[] = [];

  beforeAll(() => {
    // mkdtemp makes it 0700: when root runs the tests, the server's own account cannot enter by itself.
    parent = mkdtempSync(join(tmpdir(), 'utskick-embedded-'));
    dataDir = join(parent, 'data');
  });

  afterEach(async () => {
    for (const server of servers.splice(0)) await server.stop();
  });

  afterAll(() => rmSync(parent, { recursive: true }));

  async function start(): Promise<string> {
    const server = new EmbeddedPostgres();
    const url = await server.start(dataDir);
    servers.push(server);
    return url;
  }

  function cluster(): string {
    return join(dataDir, 'postgres');
  }

  async function query<Row extends QueryResultRow>(url: string, sql: string): Promise<Row> {
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query<Row>(sql)).rows[0]!;
    } finally {
      await client.end();
    }
  }

  it('starts empty, in UTF-8, where å is the small letter of Å', async () => {
    const url = await start();
    expect(await query(url, `SELECT lower('ÅÄÖ É') AS small, current_database() AS name`)).toEqual({
      small: 'åäö é',
      name: 'utskick',
    });
  });

  it('writes every commit to disk and listens on the loopback address only', async () => {
    const url = await start();
    const shown = await query(
      url,
      `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit,
              current_setting('full_page_writes') AS pages, current_setting('listen_addresses') AS listens`,
    );
    expect(shown).toEqual({ fsync: 'on', commit: 'on', pages: 'on', listens: '127.0.0.1' });
  });

  it('keeps its password from other users, and asks for it', async () => {
    const url = await start();
    for (const name of ['postgres.password', 'postgres.json', 'postgres.log']) {
      expect(statSync(join(dataDir, name)).mode & 0o077).toBe(0);
    }
    const wrong = new URL(url);
    wrong.password = 'guess';
    await expect(query(wrong.href, 'SELECT 1')).rejects.toThrow('password authentication failed');
  });

  it('keeps what people told us out of its log when a statement fails', async () => {
    const url = await start();
    await query(url, 'CREATE TABLE once (email text PRIMARY KEY)');
    const insert = `INSERT INTO once VALUES ($1)`;
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query(insert, ['anna@example.com']);
    await expect(client.query(insert, ['anna@example.com'])).rejects.toThrow('duplicate key');
    await client.end();
    const log = readFileSync(join(dataDir, 'postgres.log'), 'utf8');
    expect(log).toContain('duplicate key');
    expect(log).not.toContain('anna@example.com');
  });

  it('keeps its data over a restart', async () => {
    await query(await start(), 'CREATE TABLE kept (id integer)');
    await servers.pop()!.stop();
    expect(await query(await start(), `SELECT to_regclass('kept')::text AS kept`)).toEqual({
      kept: 'kept',
    });
  });

  it('tells a second process where it is, for as long as it runs', async () => {
    expect(await runningUrl(dataDir)).toBeNull();
    const url = await start();
    expect(await runningUrl(dataDir)).toBe(url);
    await servers.pop()!.stop();
    expect(await runningUrl(dataDir)).toBeNull();
    expect(existsSync(join(dataDir, 'postgres.json'))).toBe(false);
  });

  it('refuses a second owner in one sentence and goes on serving the first', async () => {
    const url = await start();
    await expect(new EmbeddedPostgres().start(dataDir)).rejects.toThrow(
      `Utskick is already running on ${dataDir}: stop that one first, or give this one a DATA_DIR of its own.`,
    );
    expect(await query(url, 'SELECT 1 AS one')).toEqual({ one: 1 });
  });

  it('still has its owner after one of its backends was killed', async () => {
    const url = await start();
    const { pid } = await query<{ pid: number }>(
      url,
      `SELECT pid FROM pg_stat_activity WHERE datname = 'postgres' AND state = 'idle'`,
    );
    process.kill(pid, 'SIGKILL');
    await expect(new EmbeddedPostgres().start(dataDir)).rejects.toThrow('already running');
  });

  it('is taken over from an owner that is gone', async () => {
    await start();
    // The owner's connection ends as it would with its process; the server does not notice anything else.
    const [owner] = servers.splice(0) as unknown as { ownership: { release(): Promise<void> } }[];
    await owner!.ownership.release();
    await expect(start()).resolves.toContain('postgresql://');
  });

  it('starts again after it was killed', async () => {
    await query(await start(), 'CREATE TABLE survivor (id integer)');
    const { pid } = findPostmaster(cluster())!;
    process.kill(pid, 'SIGKILL');
    await hasEnded(pid, 5_000);
    // Its owner would be gone with it; here it must be told to stop looking for its server.
    const [owner] = servers.splice(0) as unknown as { ownership: { release(): Promise<void> } }[];
    await owner!.ownership.release();
    expect(await query(await start(), `SELECT to_regclass('survivor')::text AS name`)).toEqual({
      name: 'survivor',
    });
  });

  it('starts again when the process number in a dead lock file now belongs to a stranger', async () => {
    await start();
    await servers.pop()!.stop();
    const stranger = spawn('sleep', ['60']);
    writeFileSync(join(cluster(), 'postmaster.pid'), `${stranger.pid}\n${cluster()}\n1\n`);
    await expect(start()).resolves.toContain('postgresql://');
    stranger.kill();
    await once(stranger, 'exit');
  });
});
