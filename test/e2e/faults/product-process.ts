import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { TEST_SETTINGS, until, type Service } from '../../setup/service';

const MAIN = join(__dirname, '../../../dist/main.js');
const PRELOAD = join(__dirname, 'fault-preload.js');

export type FaultPoint = 'before_permit' | 'in_permit' | 'after_permit';
/** `stop` = SIGSTOP, `block` = five seconds of computing, `memory` = all there is. */
export type Fault = 'stop' | 'block' | 'memory';

/** The product as a process of its own, which can be frozen or killed at a point of a permit. */
export class ProductProcess {
  readonly lines: string[] = [];
  private readonly directory = mkdtempSync(join(tmpdir(), 'utskick-fault-'));
  private readonly child: ChildProcess;

  private constructor(settings: Record<string, string>, flags: string[]) {
    if (!existsSync(MAIN)) throw new Error('dist/main.js is missing: run npm run build first');
    this.child = spawn(process.execPath, [...flags, '-r', PRELOAD, MAIN, 'all'], {
      env: { PATH: process.env.PATH, FAULT_FILE: this.order, ...settings },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    createInterface({ input: this.child.stdout! }).on('line', (line) => this.lines.push(line));
  }

  /** Another process of the service, ready; `flags` are Node's. */
  static async start(
    service: Service,
    settings: Record<string, string>,
    flags: string[] = [],
  ): Promise<ProductProcess> {
    const process = new ProductProcess(
      { ...TEST_SETTINGS, DATABASE_URL: service.database.url, ...settings },
      flags,
    );
    await process.says('Utskick is ready');
    return process;
  }

  /** The next permit of this process meets a fault there. */
  next(at: FaultPoint, fault: Fault): void {
    this.lines.length = 0;
    writeFileSync(this.order, `${at} ${fault}`);
  }

  /** Until a line with these words is printed; `fault stop` when the ordered fault happens. */
  async says(words: string): Promise<void> {
    const said = async () => this.lines.some((line) => line.includes(words));
    await until(said, 30, `"${words}" of a process`);
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Its exit code; null when a signal ended it. */
  async ended(): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      await once(this.child, 'exit');
    }
    rmSync(this.directory, { recursive: true, force: true });
    return this.child.exitCode;
  }

  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.ended();
  }

  private get order(): string {
    return join(this.directory, 'order');
  }
}
