import { AsyncLocalStorage } from 'node:async_hooks';
import type { PoolClient } from 'pg';
import {
  EMAIL_CHANNEL,
  type EmailChannel,
  type EmailRequest,
} from '../../../src/features/channels/email/email-channel';
import type { Outcome, Verdict } from '../../../src/features/channels/hand-over';
import { JobQueue } from '../../../src/platform/queues/job-queue';
import type { Service } from '../../setup/service';

/** What may happen at a call to something outside the process. */
export const STRIKES = ['fails before', 'fails after', 'never answers', 'is the last'] as const;
export type Strike = (typeof STRIKES)[number];

export interface StrikeAt {
  /** Number of the call from 1; 0 strikes none. */
  at: number;
  strike: Strike;
}

export interface Struck {
  /** Every call up to the one that was struck. */
  calls: string[];
  struck: string | null;
}

/** One run of the product: every call it makes is counted, and one of them is struck. */
interface Run extends StrikeAt, Struck {
  /** The process is gone: whatever its code still tries here has no effect. */
  dead: boolean;
  onDeath: () => void;
}

/** A recipient that the provider was asked to write to, and whether it took the mail. */
export interface Asked {
  messageId: string;
  taken: boolean;
  at: number;
}

type Query = (...given: unknown[]) => unknown;
type Callback = (error: Error | null, result?: unknown) => void;

/** Stands between a service and its database, provider and queue. */
export class Outside {
  readonly asked: Asked[] = [];
  /** What the provider answers about an address, by its first letter; else, and when it is well, it takes the mail. */
  verdicts: Record<string, Verdict & { taken?: boolean }> = {};
  well = false;
  /** What a worse product would ask of the database. */
  rewrite: (text: string) => string = (text) => text;
  private readonly runs = new AsyncLocalStorage<Run>();
  private readonly ends: Promise<unknown>[] = [];

  constructor(service: Service) {
    const { pool } = service.db;
    // Also those that were opened as it started.
    const { _clients: open } = pool as unknown as { _clients: PoolClient[] };
    for (const client of open) this.watchClient(client);
    pool.on('connect', (client) => this.watchClient(client));
    const channel: EmailChannel = service.app.get(EMAIL_CHANNEL);
    channel.handOver = (request) => this.handOver(request);
    const queue = service.get(JobQueue);
    const enqueue = queue.enqueue.bind(queue);
    queue.enqueue = (...job) => this.call('ring', () => enqueue(...job));
  }

  /** Runs the work; ends early when the process of this run does. */
  async during(run: StrikeAt, work: () => Promise<unknown>): Promise<Struck> {
    let onDeath = () => {};
    const death = new Promise<void>((resolve) => (onDeath = resolve));
    const whole: Run = { ...run, calls: [], struck: null, dead: false, onDeath };
    const end = this.runs.run(whole, work);
    this.ends.push(end);
    await Promise.race([end, death]);
    return whole;
  }

  /** Until the last of the dead has noticed. */
  async rest(): Promise<void> {
    await Promise.allSettled(this.ends);
  }

  /** One call of the run we are in, with its strike. */
  private async call<T>(name: string, act: () => Promise<T>, sever?: () => void): Promise<T> {
    const run = this.runs.getStore();
    if (!run) return act();
    if (run.dead) throw new Error('dead');
    if (run.struck !== null) return act();
    run.calls.push(name);
    if (run.calls.length !== run.at) return act();
    run.struck = name;
    switch (run.strike) {
      case 'fails before':
        throw new Error('Connection terminated unexpectedly');
      case 'fails after':
        await act();
        throw new Error('Connection terminated unexpectedly');
      case 'never answers':
        // It is on its way, and may have its effect while the caller has given up already.
        void act().catch(() => undefined);
        throw new Error('Query read timeout');
      case 'is the last':
        run.dead = true;
        sever?.();
        run.onDeath();
        throw new Error('dead');
    }
  }

  /** Statements of the pool and of transactions, BEGIN and COMMIT too; a rollback is not the product's doing. */
  private watchClient(client: PoolClient): void {
    const query = client.query.bind(client) as Query;
    const sever = () => {
      const { stream } = (client as unknown as { connection: { stream: { destroy(): void } } })
        .connection;
      stream.destroy();
    };
    const watched = (...given: unknown[]): unknown => {
      const callback = typeof given.at(-1) === 'function' ? (given.pop() as Callback) : undefined;
      const [first] = given as [string | { text: string; name?: string }];
      const text = typeof first === 'string' ? first : first.text;
      const other = this.rewrite(text);
      if (other !== text)
        given[0] = typeof first === 'string' ? other : { ...first, name: undefined, text: other };
      const act = () => query(...given) as Promise<unknown>;
      const result = text === 'ROLLBACK' ? act() : this.call(nameOf(text), act, sever);
      if (!callback) return result;
      result.then(
        (rows) => callback(null, rows),
        (error: Error) => callback(error),
      );
      return undefined;
    };
    Object.assign(client, { query: watched });
  }

  private async handOver({ recipients }: EmailRequest): Promise<Outcome[]> {
    const all = (verdict: Verdict): Outcome[] =>
      recipients.map(({ messageId }) => ({ messageId, ...verdict }));
    const ask = (): Promise<Outcome[]> =>
      Promise.resolve(
        recipients.map(({ messageId, to }) => {
          const ill = this.well ? undefined : this.verdicts[to[0]!];
          const { taken, ...verdict } = ill ?? { kind: 'accepted', taken: true };
          this.asked.push({ messageId, taken: taken ?? false, at: performance.now() });
          return { messageId, ...verdict };
        }),
      );
    const strike = this.runs.getStore()?.strike;
    try {
      return await this.call('provider', ask);
    } catch {
      // A channel answers for every recipient, whatever happens to its connection.
      return strike === 'fails before'
        ? all({ kind: 'not_sent', code: 'ECONNREFUSED' })
        : all({ kind: 'unknown', code: 'ECONNRESET' });
    }
  }
}

/** Enough of a statement to know it again. */
function nameOf(text: string): string {
  return text.trim().replace(/\s+/g, ' ').slice(0, 60);
}
