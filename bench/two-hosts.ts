import { randomBytes } from 'node:crypto';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { applyMigrations } from '../src/platform/database/migrations';
import { EmbeddedPostgres } from '../src/platform/embedded-postgres/embedded-postgres';
import { loopback, openNetwork, type Host, type Network } from './hosts-network';
import type { Account, LedgerOrder } from './hosts-sink';
import { CAMPAIGN } from './mail';
import { Child, freePort, Product, SETTINGS } from './processes';
import { expected, seed, TOPIC } from './seed';

/**
 * One campaign, spread over workers on several hosts: `node -r ./test/provider-stub/register.js bench/two-hosts.ts
 * [--hosts 3] [--people 6000] [--loopback]`. Each host is a Linux network namespace with an address of its own;
 * Postgres, Redis and the provider are on another. The provider takes its time to answer, so that what limits a host is
 * how much it has under way, as over a real distance, and not the cores that all hosts here share.
 */
const ANSWER_MS = 800;
const BATCH_SIZE = 100;
const CONCURRENCY = 2;
const PATIENCE_SECONDS = 120;

const print = (line: string): void => void process.stdout.write(`${line}\n`);

interface Servers {
  network: Network;
  /** The address of a database, as the hosts reach it. */
  databaseUrl(name: string): string;
  onServer(sql: string): Promise<void>;
  redisUrl: string;
  sinkPort: number;
}

interface Spread {
  seconds: number;
  account: Account;
  counts: { audience: number; gap: number; buckets: Record<string, number> };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      hosts: { type: 'string', default: '2' },
      people: { type: 'string', default: '6000' },
      loopback: { type: 'boolean', default: false },
    },
  });
  const people = Number(values.people);
  const network = values.loopback
    ? loopback(Number(values.hosts))
    : openNetwork(Number(values.hosts), print);
  await withServers(network, async (servers) => {
    print(`${network.hosts.length} hosts by ${network.kind}; servers on ${network.server}`);
    await servers.onServer('CREATE DATABASE seeded');
    const url = servers.databaseUrl('seeded');
    await applyMigrations(url);
    await seed(url, { people });
    const ceiling = (CONCURRENCY * BATCH_SIZE * 1000) / ANSWER_MS;
    print(
      `${people} people; the provider answers in ${ANSWER_MS} ms: a host can hand over ${ceiling}/s at most`,
    );
    const one = await spread(servers, network.hosts.slice(0, 1));
    report(one, network, 0, people);
    const all = await spread(servers, network.hosts);
    report(all, network, one.seconds, people);
  });
}

async function withServers(
  network: Network,
  work: (servers: Servers) => Promise<void>,
): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'utskick-hosts-'));
  const postgres = new EmbeddedPostgres();
  const close = async () => {
    Child.killAll();
    await postgres.stop();
    network.close();
    rmSync(directory, { recursive: true, force: true });
  };
  // However it is ended, the network and the servers go with it.
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void close().finally(() => process.exit(130)));
  try {
    const own = new URL(
      await postgres.start(directory, {
        settings: { listen_addresses: [...new Set(['127.0.0.1', network.server])].join(',') },
      }),
    );
    const hba = join(directory, 'postgres', 'pg_hba.conf');
    appendFileSync(hba, `host all all ${network.range} scram-sha-256\n`);
    const onServer = (sql: string) => ask(own.href, sql);
    await onServer('SELECT pg_reload_conf()');
    const password = randomBytes(16).toString('hex');
    const redisPort = await freePort();
    const bound = ['--port', String(redisPort), '--bind', network.server];
    const kept = ['--save', '', '--appendonly', 'no', '--dir', directory];
    const secret = ['--requirepass', password];
    await Child.saying('redis-server', [...bound, ...kept, ...secret]);
    const order: LedgerOrder =
      network.kind === 'namespaces'
        ? { addresses: [network.server], by: 'remote' }
        : { addresses: network.hosts.map(({ address }) => address), by: 'local' };
    const { line } = await Child.script('hosts-sink.ts', JSON.stringify(order));
    await work({
      network,
      onServer,
      databaseUrl: (name) =>
        Object.assign(new URL(own.href), { hostname: network.server, pathname: `/${name}` }).href,
      redisUrl: `redis://:${password}@${network.server}:${redisPort}`,
      sinkPort: Number(line),
    });
  } finally {
    await close();
  }
}

/** One campaign to everybody by workers on these hosts, on a copy of the database. */
async function spread(servers: Servers, hosts: Host[]): Promise<Spread> {
  await servers.onServer('DROP DATABASE IF EXISTS spread WITH (FORCE)');
  await servers.onServer('CREATE DATABASE spread TEMPLATE seeded');
  const url = servers.databaseUrl('spread');
  const settings = {
    DATABASE_URL: url,
    REDIS_URL: servers.redisUrl,
    EMAIL_CHANNEL: 'sendgrid',
    BATCH_SIZE: String(BATCH_SIZE),
    SEND_CONCURRENCY: String(CONCURRENCY),
  };
  const provider = ({ address }: Host): string =>
    servers.network.kind === 'namespaces' ? servers.network.server : address;
  const sink = (host: Host, path = '') => `http://${provider(host)}:${servers.sinkPort}${path}`;
  await fetch(sink(hosts[0]!, '/reset'), {
    method: 'POST',
    body: JSON.stringify({ delayMs: ANSWER_MS }),
  });
  const children: Child[] = [];
  const products: Product[] = [];
  try {
    const web = await Product.start('web', settings);
    products.push(web, await Product.start('scheduler', settings));
    for (const host of hosts) {
      const own = { ...settings, SENDGRID_API_URL: sink(host) };
      children.push(await worker(host, own, servers.network));
    }
    const draft = { ...CAMPAIGN, name: 'Höstens kurser', topicId: TOPIC, audience: {} };
    const { id } = await web.api<{ id: string }>('POST', 'campaigns', draft);
    await web.api('POST', `campaigns/${id}/launch`, {});
    const seconds = await finished(url, id);
    const { counts } = await web.api<Pick<Spread, 'counts'>>('GET', `campaigns/${id}/report`);
    const account = (await (await fetch(sink(hosts[0]!, '/account'))).json()) as Account;
    return { seconds, counts, account };
  } finally {
    await Promise.all([...children, ...products].map((each) => each.stop()));
  }
}

async function worker(
  host: Host,
  settings: Record<string, string>,
  { kind }: Network,
): Promise<Child> {
  const port = String(await freePort());
  const command = [...host.command, process.execPath, 'dist/main.js', 'worker'];
  const child = Child.silent(command[0]!, command.slice(1), {
    PATH: process.env.PATH ?? '',
    ...SETTINGS,
    ...settings,
    PORT: port,
  });
  const at = kind === 'namespaces' ? host.address : '127.0.0.1';
  const end = Date.now() + PATIENCE_SECONDS * 1000;
  while (!(await fetch(`http://${at}:${port}/readyz`).catch(() => null))?.ok) {
    if (child.ended || Date.now() > end) throw new Error(`the worker on ${host.name} is not ready`);
    await wait(50);
  }
  return child;
}

/** Seconds from the first hand-over that was possible to the last message's end, by the database's clock. */
async function finished(url: string, campaignId: string): Promise<number> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    for (let waited = 0; waited < PATIENCE_SECONDS * 1000; waited += 100) {
      const { rows } = await client.query<{ seconds: number | null }>(
        `SELECT extract(epoch FROM finished_at - materialised_at)::float8 AS seconds
         FROM dispatch WHERE campaign_id = $1`,
        [campaignId],
      );
      const seconds = rows[0]?.seconds ?? null;
      if (seconds !== null) return seconds;
      await wait(100);
    }
    throw new Error('the campaign does not end');
  } finally {
    await client.end();
  }
}

/** Prints how it went, and fails when anybody was left out or written to twice. */
function report(result: Spread, network: Network, alone: number, people: number): void {
  const { account, counts, seconds } = result;
  const shares = network.hosts
    .filter(({ address }) => account.byHost[address])
    .map(({ name, address }) => `${name} (${address}) ${account.byHost[address]}`);
  const rate = Math.round(account.messages / seconds);
  const against = alone > 0 ? `, ${(alone / seconds).toFixed(2)} × one host` : '';
  print(`\n${shares.length} host${shares.length > 1 ? 's' : ''}: ${rate} recipients/s${against}`);
  print(`  handed over by ${shares.join(' · ')}`);
  const lost = expected({ people }) - account.messages;
  const { accepted, withheld } = counts.buckets as { accepted: number; withheld: number };
  print(
    `  lost ${lost}, twice ${account.doubled}; report: ${counts.audience} = ${accepted} accepted + ${withheld} withheld`,
  );
  const whole = accepted === account.messages && accepted + withheld === counts.audience;
  if (lost !== 0 || account.doubled !== 0 || !whole) {
    print(`  NOT WHOLE: ${JSON.stringify(counts)}`);
    process.exitCode = 1;
  }
}

async function ask(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  },
);
