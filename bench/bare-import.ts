import { hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { parse } from 'csv-parse';
import { Client } from 'pg';
import { newId } from '../src/platform/ids';
import { EMAIL, FIRST_NAME, LAST_NAME } from './people-file';

const AT_A_TIME = 1_000;

/**
 * node … bare-import.ts <database url> <file>: what any import has to do. Parses the file and writes each row's name
 * and address, a thousand rows a statement, into the two tables as the product has them, with their indexes.
 */
async function main(): Promise<void> {
  const [url, file] = process.argv.slice(2) as [string, string];
  const client = new Client({ connectionString: url });
  await client.connect();
  const began = performance.now();
  const before = process.cpuUsage();
  let waiting: string[][] = [];
  let rows = 0;
  for await (const record of createReadStream(file).pipe(
    parse({ delimiter: ';', from_line: 2 }),
  ) as AsyncIterable<string[]>) {
    waiting.push(record);
    if (waiting.length < AT_A_TIME) continue;
    rows += await write(client, waiting);
    waiting = [];
  }
  rows += await write(client, waiting);
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(before);
  await client.end();
  process.stdout.write(`${JSON.stringify({ rows, seconds, cpu: (user + system) / 1e6 })}\n`);
}

async function write(client: Client, records: string[][]): Promise<number> {
  const ids = records.map(() => newId());
  await client.query('BEGIN');
  await client.query(
    `INSERT INTO contact (id, kinds, first_name, last_name, created_at, updated_at)
     SELECT id, '{company_contact}', first_name, last_name, now(), now()
     FROM unnest($1::uuid[], $2::text[], $3::text[]) AS r (id, first_name, last_name)`,
    [ids, records.map((record) => record[FIRST_NAME]), records.map((record) => record[LAST_NAME])],
  );
  await client.query(
    `INSERT INTO address (id, contact_id, channel, value, canonical, address_key, key_version, source, collected_at)
     SELECT id, contact_id, 'email', email, email, key, 1, 'company_contact', now()
     FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::bytea[]) AS r (id, contact_id, email, key)`,
    [
      records.map(() => newId()),
      ids,
      records.map((record) => record[EMAIL]),
      // Keys as spread as the product's: where they fall decides what an index costs.
      records.map((record) => hash('sha256', record[EMAIL]!, 'buffer')),
    ],
  );
  await client.query('COMMIT');
  return records.length;
}

void main();
