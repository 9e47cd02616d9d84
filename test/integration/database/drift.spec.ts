import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '../../setup/database';

const DIFF = resolve(__dirname, '../../../prisma/diff.mjs');

describe('the migrations and schema.prisma', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
  });

  afterAll(() => database.drop());

  function check(): { status: number | null; output: string } {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [DIFF, '--check', '--url', database.url],
      { encoding: 'utf8' },
    );
    return { status, output: stdout + stderr };
  }

  it('describe the same database', () => {
    expect(check()).toEqual({
      status: 0,
      output: 'Nothing to do: the migrations lead to schema.prisma.\n',
    });
  });

  it('are told apart when a column is missing', async () => {
    const client = new Client({ connectionString: database.url });
    await client.connect();
    await client.query('ALTER TABLE staff DROP COLUMN language');
    await client.end();
    const { status, output } = check();
    expect(status).toBe(1);
    expect(output).toContain('ADD COLUMN     "language" TEXT');
  });
});
