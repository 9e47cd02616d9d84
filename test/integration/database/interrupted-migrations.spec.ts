import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { applyMigrations, pendingMigrations } from '../../../src/platform/database/migrations';
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '../../setup/database';
import { until } from '../../setup/until';

describe('migrations that are disturbed', () => {
  let directory: string;
  let database: TestDatabase;
  let client: Client;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'utskick-migrations-'));
    database = await createEmptyDatabase();
    client = new Client({ connectionString: database.url });
    await client.connect();
    write(
      '1_entry',
      'CREATE TABLE entry (id integer); INSERT INTO entry SELECT generate_series(1, 1000);',
    );
    await applyMigrations(database.url, directory);
  });
  afterEach(async () => {
    await client.end();
    await database.drop();
    rmSync(directory, { recursive: true });
  });

  function write(name: string, sql: string): void {
    mkdirSync(join(directory, name), { recursive: true });
    writeFileSync(join(directory, name, 'migration.sql'), sql);
  }

  const columns = async () =>
    (
      await client.query<{ name: string }>(
        `SELECT column_name AS name FROM information_schema.columns WHERE table_name = 'entry' ORDER BY 1`,
      )
    ).rows.map(({ name }) => name);

  it('fault 29: killed half-way, a migration has left nothing, and the next start applies it whole', async () => {
    write(
      '2_slow',
      'ALTER TABLE entry ADD COLUMN at timestamptz; SELECT pg_sleep(20); ALTER TABLE entry ADD COLUMN late int;',
    );
    const begun = applyMigrations(database.url, directory);
    const failed = expect(begun).rejects.toThrow(/2_slow failed and was undone/);
    const migrating = `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%pg_sleep(20)%'
      AND pid <> pg_backend_pid()`;
    await until(async () => (await client.query(migrating)).rowCount === 1, 10, 'the migration');
    await client.query(`SELECT pg_terminate_backend(pid) FROM (${migrating}) migrating`);
    await failed;
    expect(await columns()).toEqual(['id']);
    expect(await pendingMigrations(database.url, directory)).toEqual(['2_slow']);
    write(
      '2_slow',
      'ALTER TABLE entry ADD COLUMN at timestamptz; ALTER TABLE entry ADD COLUMN late int;',
    );
    expect(await applyMigrations(database.url, directory)).toEqual(['2_slow']);
    expect(await applyMigrations(database.url, directory)).toEqual([]);
    expect(await columns()).toEqual(['at', 'id', 'late']);
  });

  it('fault 29: behind a long transaction it gives up after two seconds instead of blocking everybody behind it', async () => {
    write('2_column', 'ALTER TABLE entry ADD COLUMN at timestamptz;');
    await client.query('BEGIN');
    await client.query('SELECT count(*) FROM entry');
    const begun = performance.now();
    await expect(applyMigrations(database.url, directory)).rejects.toThrow(/lock/);
    expect(performance.now() - begun).toBeLessThan(4_000);
    await client.query('COMMIT');
    expect(await applyMigrations(database.url, directory)).toEqual(['2_column']);
  });
});

describe('the migrations of the product', () => {
  it('fault 29: are no work the second time, also for five that start together', async () => {
    const database = await createTestDatabase();
    const runs = await Promise.all(Array.from({ length: 5 }, () => applyMigrations(database.url)));
    expect(runs.flat()).toEqual([]);
    await database.drop();
  });
});
