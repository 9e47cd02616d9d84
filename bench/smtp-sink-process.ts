import { Child } from './processes';
import type { SinkState } from './sink';
import type { SmtpResult } from './smtp-order';

export type SmtpClient = 'smtp-bare' | 'smtp-pool' | 'smtp-channel';

export type Measured = SmtpResult & { perSecond: number; micros: number };

/** The SMTP sink's process, its controls, and clients that send to it. */
export class SmtpSink {
  private constructor(
    readonly child: Child,
    readonly url: string,
    readonly smtpUrl: string,
  ) {}

  static async start(): Promise<SmtpSink> {
    const { child, line } = await Child.script('smtp-sink.ts');
    const [url, smtpUrl] = line.split(' ');
    return new SmtpSink(child, url!, smtpUrl!);
  }

  async reset(): Promise<void> {
    await fetch(`${this.url}/reset`, { method: 'POST' });
  }

  async state(): Promise<SinkState> {
    return (await (await fetch(`${this.url}/state`)).json()) as SinkState;
  }

  /** Messages per second of the bare dialogue. */
  bare(order: { recipients: number; concurrency: number }): Promise<Measured> {
    return this.measure('smtp-bare', order.recipients, order.concurrency);
  }

  /** What a client makes of so many messages, each like the last that came from the product. */
  async measure(client: SmtpClient, messages: number, sessions: number): Promise<Measured> {
    await this.reset();
    const port = Number(new URL(this.smtpUrl).port);
    const order = { controls: this.url, port, messages, sessions };
    const { line } = await Child.script(`${client}.ts`, JSON.stringify(order));
    const result = JSON.parse(line) as SmtpResult;
    const { recipients } = await this.state();
    if (recipients < messages) throw new Error(`the sink took ${recipients} of ${messages}`);
    return {
      ...result,
      perSecond: messages / result.seconds,
      micros: (result.cpuSeconds / messages) * 1e6,
    };
  }

  async stop(): Promise<void> {
    await this.child.stop();
  }
}
