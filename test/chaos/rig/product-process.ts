import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(__dirname, '../../..');
const MAIN = join(ROOT, 'dist/main.js');
/** What any supervisor waits before it starts a dead process again. */
const RESTART_MS = 400;

const running = new Set<ChildProcess>();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** One process of the product, as `node dist/main.js <role>` runs it, under a supervisor that brings it back. */
export class ProductProcess {
  private child: ChildProcess | null = null;
  private wanted = false;
  private readonly log: number;
  private extra: Record<string, string> = {};
  /** Ends that nobody here asked for. */
  readonly crashes: { code: number | null; at: number }[] = [];
  private asked = false;

  constructor(
    readonly name: string,
    private readonly role: string[],
    private readonly env: Record<string, string>,
    private readonly preloads: string[],
    directory: string,
  ) {
    this.log = openSync(join(directory, `${name}.log`), 'a');
  }

  get alive(): boolean {
    return this.child !== null;
  }

  /** `extra` holds until the next start. */
  start(extra: Record<string, string> = {}): void {
    this.wanted = true;
    this.extra = extra;
    if (!this.child) this.launch();
  }

  signal(name: NodeJS.Signals): void {
    this.child?.kill(name);
  }

  /** Killed at once, and started again after `downMs`. */
  async kill(downMs: number, extra: Record<string, string> = {}): Promise<void> {
    await this.end('SIGKILL');
    await pause(downMs);
    this.start(extra);
  }

  /** Asked to stop; resolves with what its end took. */
  async restart(): Promise<number> {
    const begun = performance.now();
    await this.end('SIGTERM');
    const took = performance.now() - begun;
    this.start();
    return took;
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    this.wanted = false;
    const { child } = this;
    if (!child) return;
    this.asked = true;
    const ended = once(child, 'exit');
    child.kill(signal);
    // A stopped process takes no SIGTERM before it goes on.
    if (signal !== 'SIGKILL') child.kill('SIGCONT');
    await ended;
  }

  private launch(): void {
    const args = [...this.preloads.flatMap((file) => ['--require', file]), MAIN, ...this.role];
    const child = spawn(process.execPath, args, {
      cwd: ROOT,
      env: { PATH: process.env.PATH, ...this.env, ...this.extra },
      stdio: ['ignore', this.log, this.log],
    });
    this.child = child;
    this.asked = false;
    running.add(child);
    child.once('exit', (code) => {
      running.delete(child);
      this.child = null;
      if (!this.asked) this.crashes.push({ code, at: Date.now() });
      if (this.wanted) setTimeout(() => this.wanted && !this.child && this.launch(), RESTART_MS);
    });
  }
}

export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));
