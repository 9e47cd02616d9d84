import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Account } from './ledger';

/** A stub in a process of its own; see serve.ts. */
export class StubProcess {
  private constructor(
    private readonly child: ChildProcess,
    private readonly lines: AsyncIterator<string>,
    readonly url: string,
    readonly publicKey: string | undefined,
  ) {}

  static async start(
    kind: 'sendgrid' | 'smtp' | 'twilio',
    ledger?: string,
    ...more: string[]
  ): Promise<StubProcess> {
    const file = (name: string) => join(__dirname, name);
    const child = spawn(
      process.execPath,
      [
        '-r',
        file('register.js'),
        file('serve.ts'),
        kind,
        ...(ledger ? ['--ledger', ledger, '--fsync'] : []),
        ...more,
      ],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
    const { value } = await lines.next();
    const { url, publicKey } = JSON.parse(String(value)) as { url: string; publicKey?: string };
    return new StubProcess(child, lines, url, publicKey);
  }

  /** The coming requests are answered so, one each; SendGrid only. */
  async answerNext(...next: object[]): Promise<void> {
    await this.ask(JSON.stringify({ next }));
  }

  /** Resolves once the stub behaves so. */
  async setMode(mode: object): Promise<void> {
    await this.ask(JSON.stringify(mode));
  }

  account(): Promise<Account> {
    return this.ask('') as Promise<Account>;
  }

  async stop(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.stdin!.end();
    await ended;
  }

  private async ask(line: string): Promise<unknown> {
    this.child.stdin!.write(line + '\n');
    return JSON.parse(String((await this.lines.next()).value));
  }
}
