import type { Database, Sql, TransactionOptions } from '../../../src/platform/database/database';
import { type Act, type Fault, FAULTS } from './acts';

/** The process is no more: nothing that it still tries has any effect. */
export class Gone extends Error {}

/** The connection broke with COMMIT on its way: the server has it, and nobody will hear what it said. */
class LandsLate extends Error {}

const LATER_MS = 15;

export interface Amid {
  at: number;
  what: Fault | Act;
}

export interface Surroundings {
  /** Somebody else acts while the worker stands still; `holdsLocks`: it may have to wait for this worker. */
  act(act: Act, holdsLocks: boolean): Promise<void>;
  /** Work that goes on after the worker has been told that it failed. */
  leave(work: Promise<unknown>): void;
  fired(what: Fault | Act, statement: string): void;
}

const isFault = (what: Fault | Act): what is Fault => FAULTS.includes(what as Fault);

/** The awaits of one worker, counted: at each it can be stopped, killed, or lied to. */
export class WatchedWorker {
  private awaits = 0;
  private dead = false;
  private holdsLocks = false;
  /** Something was done to it that it may fail of. */
  wasHurt = false;
  /** When its last COMMIT was sent, in the order of everything that the simulation does. */
  commitSentAt = 0;

  constructor(
    private readonly base: Database,
    private readonly amid: readonly Amid[],
    private readonly around: Surroundings,
    private readonly tick: () => number,
  ) {}

  /** What it has for a database. */
  readonly database: Pick<Database, 'query' | 'tx'> = {
    query: (text, values) => this.step(text, () => this.base.query(text, values)),
    tx: (work, options) => this.transaction(work, options),
  };

  /** An await that is no statement, and that only a death ends. */
  async visit(name: string): Promise<void> {
    await this.before(name, ['dies before']);
  }

  private async step<T>(statement: string, run: () => Promise<T>): Promise<T> {
    const faults = await this.before(statement);
    const result = await run();
    this.after(statement, faults);
    return result;
  }

  /** What happens at this await before it has an effect. Returns what is to go wrong. */
  private async before(statement: string, possible: readonly Fault[] = FAULTS): Promise<Fault[]> {
    if (this.dead) throw new Gone(statement);
    const number = this.awaits;
    this.awaits += 1;
    const here = this.amid.filter(({ at }) => at === number).map(({ what }) => what);
    for (const what of here) {
      if (isFault(what)) continue;
      this.around.fired(what, statement);
      await this.around.act(what, this.holdsLocks);
    }
    const faults = here
      .filter((what) => isFault(what))
      .filter((fault) => possible.includes(fault))
      .filter((fault) => fault !== 'COMMIT lands late' || statement === 'COMMIT');
    for (const fault of faults) {
      this.around.fired(fault, statement);
      this.wasHurt = true;
      if (fault === 'dies before') this.die(statement);
      if (fault === 'fails') throw new Error(`no answer to ${statement}`);
      if (fault === 'COMMIT lands late') throw new LandsLate(statement);
    }
    return faults;
  }

  /** It has had its effect, and the worker does not get to know. */
  private after(statement: string, faults: readonly Fault[]): void {
    if (faults.includes('dies after')) this.die(statement);
    if (faults.includes('the answer is lost'))
      throw new Error(`the answer to ${statement} is lost`);
  }

  private die(statement: string): never {
    this.dead = true;
    throw new Gone(statement);
  }

  /** The product's own transaction, with an await at BEGIN and at COMMIT. */
  private async transaction<T>(
    work: (tx: Sql) => Promise<T>,
    options?: TransactionOptions,
  ): Promise<T> {
    await this.visit('BEGIN');
    return new Promise<T>((resolve, reject) => {
      let faults: Fault[] = [];
      const whole = this.base.tx(async (tx) => {
        this.holdsLocks = true;
        const result = await work({
          query: (text, values) => this.step(text, () => tx.query(text, values)),
        });
        try {
          faults = await this.before('COMMIT');
        } catch (error) {
          if (!(error instanceof LandsLate)) throw error;
          reject(error);
          await untilSomebodyWaits(this.base, LATER_MS);
        }
        this.commitSentAt = this.tick();
        return result;
      }, options);
      const ended = whole
        .finally(() => {
          this.holdsLocks = false;
        })
        .then((result) => {
          this.after('COMMIT', faults);
          resolve(result);
        })
        .catch(reject);
      this.around.leave(ended);
    });
  }
}

/** Until a session waits for a lock; else until the work is done, or so many milliseconds have gone. */
export async function untilSomebodyWaits(
  base: Database,
  until: number | Promise<unknown>,
): Promise<void> {
  let over = false;
  const done = (): void => {
    over = true;
  };
  const end = performance.now() + (typeof until === 'number' ? until : Infinity);
  if (typeof until !== 'number') void until.then(done, done);
  while (!over && performance.now() < end) {
    const [row] = await base.query<{ waiting: boolean }>(
      `SELECT EXISTS (SELECT FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock') AS waiting`,
    );
    if (row!.waiting) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
