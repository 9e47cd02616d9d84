import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, type QueryResultRow } from 'pg';
import { applyMigrations, pendingMigrations } from '../../../src/platform/database/migrations';
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '../../setup/database';

const WITH_FUNCTION = `
  CREATE TABLE entry (id integer);
  CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    RAISE EXCEPTION 'entry is append-only; nothing is changed';
  END;
  $$;
  CREATE TRIGGER append_only BEFORE UPDATE ON entry FOR EACH ROW EXECUTE FUNCTION refuse();
`;

describe('migrations', () => {
  let directory: string;
  let database: TestDatabase;
  let client: Client;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'utskick-migrations-'));
    database = await createEmptyDatabase();
    client = new Client({ connectionString: database.url });
    await client.connect();
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

  async function rows(sql: string): Promise<QueryResultRow[]> {
    return (await client.query(sql)).rows;
  }

  it('are applied in the order of their names, each once', async () => {
    write('20260102000000_second', 'ALTER TABLE entry ADD COLUMN at timestamptz;');
    write('20260101000000_first', WITH_FUNCTION);
    const names = ['20260101000000_first', '20260102000000_second'];
    expect(await pendingMigrations(database.url, directory)).toEqual(names);
    expect(await applyMigrations(database.url, directory)).toEqual(names);
    expect(await pendingMigrations(database.url, directory)).toEqual([]);
    expect(await applyMigrations(database.url, directory)).toEqual([]);
  });

  it('keep function bodies whole, with the semicolons in them', async () => {
    write('1_function', WITH_FUNCTION);
    await applyMigrations(database.url, directory);
    await client.query('INSERT INTO entry VALUES (1)');
    await expect(client.query('UPDATE entry SET id = 2')).rejects.toThrow('append-only');
  });

  it("are recorded as Prisma's own tool records them", async () => {
    write('1_function', WITH_FUNCTION);
    await applyMigrations(database.url, directory);
    const [row] = await rows('SELECT * FROM _prisma_migrations');
    expect(row).toMatchObject({
      migration_name: '1_function',
      checksum: createHash('sha256').update(WITH_FUNCTION).digest('hex'),
      finished_at: expect.any(Date) as Date,
      rolled_back_at: null,
      logs: null,
      applied_steps_count: 1,
    });
  });

  it('leave nothing behind when one fails half-way, and keep those before it', async () => {
    write('1_good', 'CREATE TABLE good (id integer);');
    write('2_bad', 'CREATE TABLE bad (id integer); SELECT 1 / 0;');
    await expect(applyMigrations(database.url, directory)).rejects.toThrow(
      'Migration 2_bad failed and was undone: division by zero',
    );
    expect(
      await rows(`SELECT to_regclass('good')::text AS good, to_regclass('bad') AS bad`),
    ).toEqual([{ good: 'good', bad: null }]);
    write('2_bad', 'CREATE TABLE bad (id integer);');
    expect(await applyMigrations(database.url, directory)).toEqual(['2_bad']);
  });

  it('are refused when a file was changed after it was applied', async () => {
    write('1_good', 'CREATE TABLE good (id integer);');
    await applyMigrations(database.url, directory);
    write('1_good', 'CREATE TABLE good (id bigint);');
    write('2_next', 'CREATE TABLE next (id integer);');
    await expect(applyMigrations(database.url, directory)).rejects.toThrow('1_good was changed');
    await expect(pendingMigrations(database.url, directory)).rejects.toThrow('1_good was changed');
    expect(await rows(`SELECT to_regclass('next') AS next`)).toEqual([{ next: null }]);
  });

  it('are refused when the database knows one that is not here', async () => {
    write('1_good', 'CREATE TABLE good (id integer);');
    await applyMigrations(database.url, directory);
    rmSync(join(directory, '1_good'), { recursive: true });
    await expect(applyMigrations(database.url, directory)).rejects.toThrow(
      'The database knows migration 1_good',
    );
  });

  it("are refused while a failed attempt of Prisma's own tool is unresolved", async () => {
    write('1_good', 'CREATE TABLE good (id integer);');
    await applyMigrations(database.url, directory);
    await client.query('UPDATE _prisma_migrations SET finished_at = NULL');
    await expect(applyMigrations(database.url, directory)).rejects.toThrow('failed half-way');
    await client.query('UPDATE _prisma_migrations SET rolled_back_at = now()');
    await client.query('DROP TABLE good');
    expect(await applyMigrations(database.url, directory)).toEqual(['1_good']);
  });

  it('are applied once when several processes start together', async () => {
    write('1_slow', 'CREATE TABLE slow (id integer); SELECT pg_sleep(0.2);');
    const runs = await Promise.all([1, 2, 3].map(() => applyMigrations(database.url, directory)));
    expect(runs.flat()).toEqual(['1_slow']);
    expect(await rows('SELECT count(*)::int AS n FROM _prisma_migrations')).toEqual([{ n: 1 }]);
  });
});

describe('the test template', () => {
  it('has every migration of the project', async () => {
    const database = await createTestDatabase();
    expect(await pendingMigrations(database.url)).toEqual([]);
    await database.drop();
  });
});
