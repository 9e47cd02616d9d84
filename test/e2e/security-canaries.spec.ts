import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import Redis from 'ioredis';
import { INBOUND_SECRET } from '../provider-stub/inbound-parse';
import { SendGridStub } from '../provider-stub/sendgrid-stub';
import { apiKey, type Caller } from '../setup/callers';
import { Service, TEST_SETTINGS } from '../setup/service';
import { until } from '../setup/until';
import { canary, CANARIES, CanaryStory, PERMISSIONS } from './canary-story';

declare const JOBS: 'in-process' | 'bull';

const MAIN = join(__dirname, '../../dist/main.js');
/** Where data about people belongs; every other table has ids, keys, codes and times only. */
const PERSONAL_TABLES = [
  'contact',
  'address',
  'organisation',
  // Made from contact at every commit, and gone with it.
  'reach',
  'import',
  'import_chunk',
  'import_row',
  'signup',
  'staff',
  'service_message',
  'service_case',
  'reply',
];

describe('personal data (threat 29)', () => {
  let stub: SendGridStub;
  let service: Service;
  let child: ChildProcess;
  let url: string;
  let key: Caller;
  let story: CanaryStory;
  let metrics = '';
  let output = '';
  const inRedis: string[] = [];

  beforeAll(async () => {
    stub = await SendGridStub.start();
    // This one only looks; what is watched is a process of its own, with all that it prints.
    service = await Service.open({}, 'web');
    key = await apiKey(service, ...PERMISSIONS);
    if (service.env.REDIS_URL) await watch(service.env.REDIS_URL);
    await startChild();
    story = new CanaryStory(url, service, stub, key);
    await story.tell();
    metrics = await (await fetch(`${url}/metrics`)).text();
    await end();
  }, 120_000);
  afterAll(async () => {
    await end();
    monitor?.disconnect();
    await service.close();
    await stub.stop();
  });

  let monitor: Redis | undefined;
  async function watch(redis: string): Promise<void> {
    const connection = new Redis(redis);
    // A connection of its own, so that this one has done its work.
    monitor = await connection.monitor();
    connection.disconnect();
    monitor.on('monitor', (_, args: string[]) => inRedis.push(args.join(' ')));
  }

  async function startChild(): Promise<void> {
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    child = spawn(process.execPath, [MAIN, 'all'], {
      env: {
        PATH: process.env.PATH,
        ...TEST_SETTINGS,
        PORT: String(port),
        LOG_LEVEL: 'trace',
        TRUST_PROXY: '1',
        EMAIL_CHANNEL: 'sendgrid',
        SENDGRID_API_KEY: `SG.${canary(1)}`,
        SENDGRID_API_URL: stub.url,
        SENDGRID_WEBHOOK_PUBLIC_KEY: stub.events.publicKey,
        INBOUND_MAIL_SECRET: INBOUND_SECRET,
        DATABASE_URL: service.database.url,
        ...(service.env.REDIS_URL ? { REDIS_URL: service.env.REDIS_URL } : {}),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
    await until(async () => output.includes('Utskick is ready'), 40, 'the process');
  }

  async function end(): Promise<void> {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  }

  const hits = (text: string, words: readonly string[] = [...CANARIES, ...story.tokens]) => {
    const lower = text.toLowerCase();
    return words.filter((word) => lower.includes(word.toLowerCase()));
  };

  it('was really there: the story went through everything that holds it', async () => {
    expect(hits(JSON.stringify(stub.requests))).toEqual(
      expect.arrayContaining([canary(13), canary(11), ...story.tokens]),
    );
    const people = await service.db.query(
      `SELECT c.*, a.value FROM contact c JOIN address a ON a.contact_id = c.id`,
    );
    expect(hits(JSON.stringify(people))).toEqual(
      expect.arrayContaining([canary(11), canary(13), canary(20), canary(31)]),
    );
    const told = await service.db.query(
      `SELECT (SELECT json_agg(c) FROM service_case c) AS cases, (SELECT json_agg(r) FROM reply r) AS replies`,
    );
    expect(hits(JSON.stringify(told))).toEqual([canary(49), canary(53), canary(54), canary(55)]);
    expect(story.answers.length).toBeGreaterThan(30);
    expect(output).toContain('"level":50');
    expect(output).toContain('"route":"/u/:token"');
  });

  it('is in no line of the log, at the most talkative level', () => {
    const lines = output
      .split('\n')
      .filter((line) => hits(line, [...CANARIES, ...story.tokens, ...secrets()]).length > 0);
    expect(lines).toEqual([]);
  });

  it('is in no metric', () => {
    expect(metrics).toContain('utskick_opt_outs_total');
    expect(hits(metrics)).toEqual([]);
  });

  it('is not in Redis', () => {
    if (JOBS === 'bull') expect(inRedis.length).toBeGreaterThan(10);
    expect(inRedis.filter((line) => hits(line).length > 0)).toEqual([]);
  });

  it('is in the tables that are made for it and in no other: not in audit, ledger, gate, messages or events', async () => {
    const tables = await service.db.query<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_name <> ALL ($1)`,
      [PERSONAL_TABLES],
    );
    for (const { name } of tables) {
      const rows = await service.db.query<{ row: string }>(
        `SELECT row_to_json(t)::text AS row FROM ${name} t`,
      );
      expect([name, rows.flatMap(({ row }) => hits(row))]).toEqual([name, []]);
    }
    for (const name of ['audit_entry', 'ledger_entry', 'provider_event', 'message', 'link_token']) {
      expect(tables.map((table) => table.name)).toContain(name);
    }
  });

  it('is no token, anywhere in the database', async () => {
    for (const name of PERSONAL_TABLES) {
      const rows = await service.db.query<{ row: string }>(
        `SELECT row_to_json(t)::text AS row FROM ${name} t`,
      );
      expect([name, rows.flatMap(({ row }) => hits(row, story.tokens))]).toEqual([name, []]);
    }
  });

  it('is not asked of the provider to keep: its arguments and categories are ids of ours (d.3)', () => {
    for (const { mail, headers } of stub.requests) {
      const kept = JSON.stringify([
        mail.custom_args,
        mail.categories,
        mail.personalizations.map(({ custom_args }) => custom_args),
      ]);
      expect(hits(kept)).toEqual([]);
      expect(kept).not.toMatch(/@/);
      expect(hits(JSON.stringify({ ...headers, authorization: '' }))).toEqual([]);
    }
  });

  const secrets = () => [
    key.headers.authorization!.replace('Bearer ', ''),
    TEST_SETTINGS.SESSION_SECRET,
    TEST_SETTINGS.ADDRESS_KEYS.slice(3),
    TEST_SETTINGS.LINK_KEYS.slice(3),
    new URL(service.database.url).password || 'no password',
  ];
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
