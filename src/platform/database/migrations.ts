import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Client } from 'pg';
import { StartRefused } from '../start-refused';

interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

interface Recorded {
  readonly name: string;
  readonly checksum: string;
  readonly finished: boolean;
}

/** The one Prisma's own CLI takes, so that the two never migrate at the same time. */
const PRISMA_LOCK = 72_707_369;

/** prisma/migrations at the top of the package, seen from src/ and from dist/ alike. */
export const MIGRATIONS = resolve(__dirname, '..', '..', '..', 'prisma', 'migrations');

/**
 * Brings a database up to date and returns the names of the migrations it applied. Each file is one
 * transaction together with its row in Prisma's own table, so `prisma migrate deploy` sees the same
 * history. Throws, changing nothing, when a file was changed after it was applied or when the database
 * knows a migration that is not here.
 */
export async function applyMigrations(url: string, directory = MIGRATIONS): Promise<string[]> {
  return withClient(url, async (client) => {
    // Another process may be migrating; more than a minute means that something is wrong.
    await client.query(`SET lock_timeout = '60s'`);
    await client.query('SELECT pg_advisory_lock($1)', [PRISMA_LOCK]);
    await client.query('RESET lock_timeout');
    await client.query(HISTORY_TABLE);
    const pending = compare(readMigrations(directory), await readHistory(client));
    for (const migration of pending) await apply(client, migration);
    return pending.map(({ name }) => name);
  });
}

/** The names of the migrations this database still lacks; the same refusals as applyMigrations. */
export async function pendingMigrations(url: string, directory = MIGRATIONS): Promise<string[]> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ known: boolean }>(
      `SELECT to_regclass('_prisma_migrations') IS NOT NULL AS known`,
    );
    const history = rows[0]?.known ? await readHistory(client) : [];
    return compare(readMigrations(directory), history).map(({ name }) => name);
  });
}

function readMigrations(directory: string): Migration[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({ name, file: join(directory, name, 'migration.sql') }))
    .filter(({ file }) => existsSync(file))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, file }) => {
      const sql = readFileSync(file, 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    });
}

async function readHistory(client: Client): Promise<Recorded[]> {
  const { rows } = await client.query<Recorded>(
    `SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished
     FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY migration_name`,
  );
  return rows;
}

function compare(migrations: Migration[], history: Recorded[]): Migration[] {
  const here = new Map(migrations.map((migration) => [migration.name, migration]));
  for (const { name, checksum, finished } of history) {
    const migration = here.get(name);
    if (!migration) {
      throw new StartRefused(
        `The database knows migration ${name}, which this version does not have: a newer version has run here.`,
      );
    }
    if (!finished) {
      throw new StartRefused(
        `Migration ${name} failed half-way in an earlier attempt with Prisma's own tool: resolve it there (prisma migrate resolve).`,
      );
    }
    if (migration.checksum !== checksum) {
      throw new StartRefused(
        `Migration ${name} was changed after it was applied: restore the file, and put the change in a new migration.`,
      );
    }
  }
  const applied = new Set(history.map(({ name }) => name));
  return migrations.filter(({ name }) => !applied.has(name));
}

async function apply(client: Client, { name, sql, checksum }: Migration): Promise<void> {
  try {
    await client.query('BEGIN');
    // Whoever waits for a table's lock makes everybody behind it wait too: better to start again in a moment.
    await client.query(`SET LOCAL lock_timeout = '2s'`);
    // No parameters: the whole file goes as one simple-protocol batch, so bodies between $$ stay whole.
    await client.query(sql);
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, now(), clock_timestamp(), 1)`,
      [randomUUID(), checksum, name],
    );
    await client.query('COMMIT');
  } catch (cause) {
    // The connection ends with this error, and with it the transaction.
    throw new StartRefused(`Migration ${name} failed and was undone: ${(cause as Error).message}`, {
      cause,
    });
  }
}

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

// As Prisma makes it.
const HISTORY_TABLE = `
  CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id                  varchar(36) PRIMARY KEY NOT NULL,
    checksum            varchar(64) NOT NULL,
    finished_at         timestamptz,
    migration_name      varchar(255) NOT NULL,
    logs                text,
    rolled_back_at      timestamptz,
    started_at          timestamptz NOT NULL DEFAULT now(),
    applied_steps_count integer NOT NULL DEFAULT 0
  )`;
