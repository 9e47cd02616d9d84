import { setTimeout as wait } from 'node:timers/promises';
import type { Database } from '../../../src/platform/database/database';
import type { SteppedDatabase } from './stepped-database';

/** A transaction that can be run step by step: `pauses` tells before which statements (null = COMMIT) a new step begins. */
export interface Steps {
  db: SteppedDatabase;
  pauses: (statement: string | null) => boolean;
  run: () => Promise<unknown>;
}

/** Every order of so many steps of each actor, every actor's own steps in their order: [2, 1] gives 001, 010, 100. */
export function* ordersOf(steps: readonly number[], begun: number[] = []): Generator<number[]> {
  if (steps.every((left) => left === 0)) return yield begun;
  for (const [actor, left] of steps.entries()) {
    if (left === 0) continue;
    const rest = steps.map((count, n) => (n === actor ? left - 1 : count));
    yield* ordersOf(rest, [...begun, actor]);
  }
}

/** Long enough for most steps, so that few must be looked at by the observer; then it looks less and less often. */
const QUICK_MS = 4;

/** One actor of an order. Between two steps it stands before a statement; in a step it runs, or waits for a lock. */
class Actor {
  ended = false;
  blocked = false;
  /** Steps whose turn came while it waited for a lock: taken as soon as it can. */
  owed = 0;
  private go: (() => void) | null = null;
  private begun = false;
  private stood: () => void = () => undefined;

  constructor(
    private readonly steps: Steps,
    private readonly onEnd: () => void,
  ) {
    steps.db.before = async (statement) => {
      if (!steps.pauses(statement)) return;
      await new Promise<void>((resolve) => {
        this.go = resolve;
        this.stood();
      });
    };
  }

  /** One more step: until it stands before the next, has ended, or waits for a lock. */
  async step(observer: Database): Promise<void> {
    if (this.ended) return;
    const standing = this.stand();
    if (this.begun) {
      const go = this.go!;
      this.go = null;
      go();
    } else {
      this.begun = true;
      const end = () => {
        this.ended = true;
        this.onEnd();
        this.stood();
      };
      this.steps.run().then(end, end);
    }
    await this.settle(observer, standing);
  }

  /** After somebody's end: goes on when it was waiting for them, and takes the steps it owes. */
  async wake(observer: Database): Promise<void> {
    if (!this.blocked) return;
    await this.settle(observer, this.stand());
    while (!this.blocked && this.owed > 0) {
      this.owed -= 1;
      await this.step(observer);
    }
  }

  private stand(): Promise<true> {
    return new Promise((resolve) => (this.stood = () => resolve(true)));
  }

  private async settle(observer: Database, standing: Promise<true>): Promise<void> {
    for (let patience = QUICK_MS; ; patience *= 2) {
      this.blocked = false;
      if (this.go || this.ended || (await Promise.race([standing, wait(patience, false)]))) return;
      const [row] = await observer.query<{ blocked: boolean }>(
        'SELECT cardinality(pg_blocking_pids($1)) > 0 AS blocked',
        [this.steps.db.backend],
      );
      if (this.go || this.ended) return;
      this.blocked = row!.blocked;
      if (this.blocked) return;
    }
  }
}

/**
 * Runs transactions in this order of their steps, as PostgreSQL's own isolation tester does: a step that waits for
 * a lock is left waiting, and its actor's next steps follow when it has got it. Returns who ended, in that order.
 */
export async function runInOrder(
  observer: Database,
  actors: readonly Steps[],
  order: readonly number[],
): Promise<number[]> {
  const ends: number[] = [];
  const all = actors.map((steps, n) => new Actor(steps, () => ends.push(n)));
  const step = async (actor: Actor) => {
    const before = ends.length;
    await actor.step(observer);
    // A lock is let go of by an end, and whoever then goes on may end too.
    for (let seen = before; seen < ends.length;) {
      seen = ends.length;
      for (const other of all) await other.wake(observer);
    }
  };
  for (const turn of order) {
    const actor = all[turn]!;
    if (actor.blocked) actor.owed += 1;
    else await step(actor);
  }
  // What an error added (a permit that is given back), and what is resolved by PostgreSQL itself (a deadlock).
  while (ends.length < all.length) {
    for (const actor of all) {
      if (actor.blocked) await actor.wake(observer);
      else await step(actor);
    }
  }
  return ends;
}
