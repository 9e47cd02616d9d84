import { createPublicKey, verify } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool } from 'pg';

/**
 * The bare work of taking events: a signature, JSON, and one INSERT of all rows of a post into a table without an
 * index. Nothing is deduplicated, nothing is applied. `bare-webhook.ts DATABASE_URL PUBLIC_KEY`
 */
const [databaseUrl, publicKey] = process.argv.slice(2) as [string, string];
const key = createPublicKey({
  key: Buffer.from(publicKey, 'base64'),
  format: 'der',
  type: 'spki',
});
const pool = new Pool({ connectionString: databaseUrl, max: 10 });

const TABLE = `
CREATE TABLE bare_event (provider text, provider_event_id text, type text, subtype text, code text,
  occurred_at timestamptz, received_at timestamptz, message_id uuid)`;

const INSERT = `
INSERT INTO bare_event SELECT 'sendgrid', e.id, e.type, NULL, e.code, to_timestamp(e.at), now(), e.message_id
FROM unnest($1::text[], $2::text[], $3::text[], $4::float8[], $5::uuid[]) AS e(id, type, code, at, message_id)`;

interface Event {
  sg_event_id: string;
  event: string;
  status?: string;
  timestamp: number;
  message_id?: string;
}

async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const header = (name: string) =>
    request.headers[`x-twilio-email-event-webhook-${name}`] as string;
  const signed = Buffer.concat([Buffer.from(header('timestamp')), body]);
  if (!verify('sha256', signed, key, Buffer.from(header('signature'), 'base64'))) {
    response.writeHead(403).end();
    return;
  }
  const events = JSON.parse(body.toString('utf8')) as Event[];
  await pool.query(INSERT, [
    events.map((event) => event.sg_event_id),
    events.map(({ event }) => event),
    events.map(({ status }) => status ?? null),
    events.map(({ timestamp }) => timestamp),
    events.map((event) => event.message_id ?? null),
  ]);
  response.writeHead(204).end();
}

async function serve(): Promise<void> {
  await pool.query(TABLE);
  const server = createServer((request, response) => {
    take(request, response).catch(() => response.writeHead(500).end());
  });
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo;
    process.stdout.write(`http://127.0.0.1:${port}\n`);
  });
}

void serve();
