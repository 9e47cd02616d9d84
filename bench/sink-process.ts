import type { BareOrder } from './bare-http';
import type { BareResult } from './bare-loop';
import type { BareSmsOrder } from './bare-sms';
import { Child } from './processes';
import type { SinkState } from './sink';

/** What the bare loop reached. */
export interface Bare {
  perSecond: number;
  /** Of CPU per recipient. */
  micros: number;
}

/** The sink's process, its controls, and the bare loop against it. */
export class Sink {
  private constructor(
    readonly child: Child,
    readonly url: string,
  ) {}

  static async start(): Promise<Sink> {
    const { child, line } = await Child.script('sink.ts');
    return new Sink(child, line);
  }

  /** Counts from nothing, and answers after so long. */
  async reset(delayMs: number): Promise<void> {
    await fetch(`${this.url}/reset`, { method: 'POST', body: JSON.stringify({ delayMs }) });
  }

  async state(): Promise<SinkState> {
    return (await (await fetch(`${this.url}/state`)).json()) as SinkState;
  }

  /** The bare loop, with requests like those that came from the product. */
  async bare(order: Omit<BareOrder, 'url'>): Promise<Bare> {
    return this.loop('bare-http.ts', order, 0);
  }

  /** The same for text messages, one to a request, answered after so long. */
  async bareSms(order: Omit<BareSmsOrder, 'url'>, delayMs: number): Promise<Bare> {
    return this.loop('bare-sms.ts', order, delayMs);
  }

  async stop(): Promise<void> {
    await this.child.stop();
  }

  private async loop(
    script: string,
    order: { recipients: number },
    delayMs: number,
  ): Promise<Bare> {
    await this.reset(delayMs);
    const { line } = await Child.script(script, JSON.stringify({ ...order, url: this.url }));
    const result = JSON.parse(line) as BareResult;
    const { recipients } = await this.state();
    if (recipients < order.recipients)
      throw new Error(`the sink took ${recipients} of ${order.recipients}`);
    return {
      perSecond: order.recipients / result.seconds,
      micros: (result.cpuSeconds / order.recipients) * 1e6,
    };
  }
}
