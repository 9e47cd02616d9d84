import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

/** The migrated database that every test database is a copy of. */
export const TEMPLATE = 'utskick_template';

export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** A fresh database with all migrations, for one spec file; `drop` it in afterAll. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const database = await createDatabase(`TEMPLATE ${TEMPLATE}`);
  return {
    ...database,
    drop: async () => {
      const faults = await onServer(database.url, REACH_FAULTS);
      await database.drop();
      if (faults.length > 0)
        throw new Error(`reach is not what it would be written anew: ${JSON.stringify(faults)}`);
    },
  };
}

/** A fresh database with nothing in it. */
export async function createEmptyDatabase(): Promise<TestDatabase> {
  return createDatabase('');
}

/** Rows of reach that are missing, too many, or not what they would be written anew: whatever is written, there are none. */
export const REACH_FAULTS = `
WITH anew AS (SELECT * FROM reach_now(ARRAY(SELECT id FROM contact)))
SELECT 'kept' AS which, kept.* FROM (SELECT * FROM reach EXCEPT SELECT * FROM anew) AS kept
UNION ALL
SELECT 'anew', lacking.* FROM (SELECT * FROM anew EXCEPT SELECT * FROM reach) AS lacking LIMIT 4`;

async function createDatabase(options: string): Promise<TestDatabase> {
  const server = process.env.TEST_POSTGRES_URL;
  if (!server)
    throw new Error('Only suites under test/integration, test/e2e and test/web have it.');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await onServer(server, `CREATE DATABASE ${name} ${options}`);
  return {
    url: databaseUrl(server, name),
    drop: async () => {
      await onServer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}

/** The URL of another database on the same server. */
export function databaseUrl(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}

async function onServer(url: string, sql: string): Promise<object[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<object>(sql)).rows;
  } finally {
    await client.end();
  }
}
