import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';

const ROOT = join(__dirname, '..');
const REGISTER = join(ROOT, 'test', 'provider-stub', 'register.js');
const READY_SECONDS = 60;

/** A process of ours; it ends with this one, however this one ends. */
export class Child {
  private static readonly living = new Set<Child>();

  private constructor(private readonly child: ChildProcess) {
    Child.living.add(this);
    child.once('exit', () => Child.living.delete(this));
  }

  /** The first line that it prints, once it has printed it. */
  static async saying(file: string, args: string[]): Promise<{ child: Child; line: string }> {
    const process = spawn(file, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
    const child = new Child(process);
    for await (const line of createInterface({ input: process.stdout! })) {
      process.stdout!.resume();
      return { child, line };
    }
    throw new Error(`${file} ${args.join(' ')} ended without a word`);
  }

  /** A TypeScript file of ours that prints one line when it is ready, or when it is done. */
  static script(file: string, ...args: string[]): Promise<{ child: Child; line: string }> {
    return Child.saying(process.execPath, ['-r', REGISTER, join(__dirname, file), ...args]);
  }

  /** Output goes to ours; for what is asked by other ways whether it is ready. */
  static silent(file: string, args: string[], env: Record<string, string>): Child {
    const stdio = ['ignore', 'ignore', 'inherit'] as const;
    return new Child(spawn(file, args, { cwd: ROOT, stdio: [...stdio], env }));
  }

  get pid(): number {
    return this.child.pid!;
  }

  get ended(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  signal(name: NodeJS.Signals): void {
    if (!this.ended) this.child.kill(name);
  }

  async stop(name: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (this.ended) return;
    const gone = once(this.child, 'exit');
    this.child.kill('SIGCONT');
    this.child.kill(name);
    await gone;
  }

  static killAll(): void {
    for (const child of Child.living) child.child.kill('SIGKILL');
  }
}

process.once('exit', () => Child.killAll());

/** Settings of every product process; those of an ordinary installation in production. */
export const SETTINGS = {
  NODE_ENV: 'production',
  DEMO: 'false',
  LOG_LEVEL: 'warn',
  PUBLIC_URL: 'https://utskick.larkraft.example',
  SENDGRID_API_KEY: 'SG.bench',
  SENDGRID_SERVICE_API_KEY: 'SG.bench-service',
  ADDRESS_KEYS: 'v1:YmVuY2gtcGVwcGVyLWJlbmNoLXBlcHBlci1iZW5jaC0=',
  LINK_KEYS: 'v1:YmVuY2gtbGluay1rZXktYmVuY2gtbGluay1rZXktYmU=',
  SESSION_SECRET: 'a-secret-for-benches-that-is-long-enough',
  REQUIRE_DOMAIN_CHECK: 'false',
  APPROVAL_ABOVE: '100000000',
  CONFIRM_ABOVE: '100000000',
  LAUNCH_REGRET_SECONDS: '0',
  // Its caller comes by PUBLIC_URL, which is nowhere.
  OPT_OUT_CHECK_MINUTES: '0',
};

export type Settings = Record<string, string>;

export const { ADDRESS_KEYS, LINK_KEYS } = SETTINGS;

/** A process of the product: `node dist/main.js <role>`. */
export class Product {
  private constructor(
    readonly child: Child,
    readonly url: string,
  ) {}

  /** Resolves when it is ready. `preload`: a file that Node loads first. */
  static async start(role: string, settings: Settings, preload?: string): Promise<Product> {
    const port = await freePort();
    const child = Child.silent(
      process.execPath,
      [...(preload ? ['-r', join(__dirname, preload)] : []), 'dist/main.js', ...role.split(' ')],
      { PATH: process.env.PATH ?? '', ...SETTINGS, PORT: String(port), ...settings },
    );
    const product = new Product(child, `http://127.0.0.1:${port}`);
    await product.untilReady(role);
    return product;
  }

  get pid(): number {
    return this.child.pid;
  }

  /** A call of the API, with the bench's own key. */
  async api<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const answer = await fetch(`${this.url}/api/v1/${path}`, {
      method,
      headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Answer;
  }

  async stop(): Promise<void> {
    await this.child.stop();
  }

  private async untilReady(role: string): Promise<void> {
    const end = Date.now() + READY_SECONDS * 1000;
    for (;;) {
      if (this.child.ended) throw new Error(`${role} ended at once`);
      const answer = await fetch(`${this.url}/readyz`).catch(() => null);
      if (answer?.ok) return;
      if (Date.now() > end) throw new Error(`${role} is not ready after ${READY_SECONDS} s`);
      await wait(50);
    }
  }
}

/** Put into the database by the seed. */
export const API_KEY = 'utk_a-key-for-benches';

/** A Redis of the run's own, empty. */
export class Redis {
  private constructor(
    readonly child: Child,
    readonly url: string,
  ) {}

  static async start(): Promise<Redis> {
    const port = await freePort();
    const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', '/tmp'];
    const { child } = await Child.saying('redis-server', [...args, '--appendonly', 'no']);
    while (!(await listens(port))) await wait(20);
    return new Redis(child, `redis://127.0.0.1:${port}`);
  }

  async stop(): Promise<void> {
    await this.child.stop();
  }
}

/** Whether anybody takes connections there. */
export function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
