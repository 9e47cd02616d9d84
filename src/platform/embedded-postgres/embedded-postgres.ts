import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { totalmem } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import { StartRefused } from '../start-refused';
import { locateBinaries } from './binaries';
import { createCluster } from './cluster';
import { endOfLog, filesIn, keptPassword, openLog, type Files } from './files';
import { Ownership } from './ownership';
import { disownLock, findPostmaster, hasEnded, isAlive, settledPostmaster } from './postmaster';
import { runnerFor, type Runner } from './unprivileged';

export interface EmbeddedPostgresOptions {
  /** Default: a free one, new at each start. */
  port?: number;
  /** Server settings on top of ours, as in postgresql.conf. */
  settings?: Record<string, string | number>;
}

const USER = 'utskick';
const DATABASE = 'utskick';

interface Server {
  readonly pid: number;
  readonly port: number;
}

/** A PostgreSQL of our own below a data directory, on the loopback address only. One owner at a time. */
export class EmbeddedPostgres {
  private files: Files | null = null;
  private server: Server | null = null;
  private ownership: Ownership | null = null;

  /**
   * Starts the server (making it first when it is new) and returns its connection URL. Takes over a
   * server whose owner was killed; throws one clear sentence when another process owns it.
   */
  async start(dataDir: string, options: EmbeddedPostgresOptions = {}): Promise<string> {
    const files = filesIn(dataDir);
    mkdirSync(files.directory, { recursive: true });
    const { directory, initdb, postgres } = locateBinaries();
    const runner = runnerFor([directory, files.directory], files.cluster);
    const password = keptPassword(files);
    if (!existsSync(files.cluster)) {
      await createCluster(files, { user: USER, password, initdb, runner });
    }
    const found = await settledPostmaster(files.cluster);
    const server = found ?? (await launch(runner, postgres, files, options));
    const address = `postgresql://${USER}:${password}@127.0.0.1:${server.port}`;
    const ownership = new Ownership(`${address}/postgres`);
    if (!(await (found ? ownership.takeOver() : ownership.take())))
      throw new StartRefused(alreadyRunning(files));
    this.files = files;
    this.server = server;
    this.ownership = ownership;
    await ownership.createDatabase(DATABASE);
    const url = `${address}/${DATABASE}`;
    writeFileSync(files.info, `${JSON.stringify({ url, pid: server.pid })}\n`, { mode: 0o600 });
    return url;
  }

  /** Ends the server cleanly and resolves when it is gone. */
  async stop(): Promise<void> {
    const { files, server, ownership } = this;
    this.server = null;
    if (!files || !server) return;
    rmSync(files.info, { force: true });
    await ownership?.release();
    // SIGINT is PostgreSQL's fast shutdown: open transactions are rolled back, all else is on disk.
    signal(server.pid, 'SIGINT');
    if (await hasEnded(server.pid, 8_000)) return;
    // Asked while it recovers from a killed backend, it may never come to it (18.4). SIGQUIT is safe: the
    // next start recovers from the write-ahead log.
    signal(server.pid, 'SIGQUIT');
    await hasEnded(server.pid, 5_000);
  }
}

/** The connection URL of the server that runs on this data directory now, or null. For a second process. */
export async function runningUrl(dataDir: string): Promise<string | null> {
  const { info } = filesIn(dataDir);
  if (!existsSync(info)) return null;
  const { url } = JSON.parse(readFileSync(info, 'utf8')) as { url: string };
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  try {
    await client.connect();
    await client.end();
    return url;
  } catch {
    return null; // the file was left behind by a killed process
  }
}

async function launch(
  runner: Runner,
  postgres: string,
  files: Files,
  options: EmbeddedPostgresOptions,
): Promise<Server> {
  disownLock(files.cluster);
  const port = options.port ?? (await freePort());
  const { file, args } = runner.command(postgres, [
    '-D',
    files.cluster,
    '-p',
    String(port),
    ...settings(options.settings ?? {}),
  ]);
  const log = openLog(files);
  // Detached: Ctrl-C in the terminal must reach only us, so that work in hand still has a database.
  const child = spawn(file, args, { stdio: ['ignore', log, log], detached: true, cwd: '/' });
  closeSync(log);
  const failure = new Promise<never>((_, reject) => child.once('error', reject));
  await Promise.race([failure, untilReady(child, files)]);
  return { pid: child.pid!, port };
}

async function untilReady(child: ChildProcess, files: Files): Promise<void> {
  while (child.exitCode === null && child.signalCode === null) {
    const server = findPostmaster(files.cluster);
    if (server?.ready && server.pid === child.pid) return;
    await wait(15);
  }
  if (findPostmaster(files.cluster)) throw new StartRefused(alreadyRunning(files));
  throw new StartRefused(`The embedded PostgreSQL did not start:\n${endOfLog(files)}`);
}

function settings(extra: Record<string, string | number>): string[] {
  const all: Record<string, string | number> = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '', // their path may be at most 107 bytes
    timezone: 'UTC',
    log_timezone: 'UTC',
    // Without it the log repeats the offending values of a failed statement: people's addresses.
    log_error_verbosity: 'terse',
    shared_buffers: `${sharedMegabytes()}MB`,
    ...extra,
  };
  return Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** An eighth of the memory, taken only as it is used; PostgreSQL's own 128 MB hold no list of a million people. */
function sharedMegabytes(): number {
  const memory = Math.min(totalmem(), process.constrainedMemory() || Infinity);
  return Math.min(4096, Math.max(128, Math.floor(memory / 8 / 2 ** 20)));
}

function alreadyRunning(files: Files): string {
  return `Utskick is already running on ${files.directory}: stop that one first, or give this one a DATA_DIR of its own.`;
}

function signal(pid: number, name: NodeJS.Signals): void {
  if (isAlive(pid)) process.kill(pid, name);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
