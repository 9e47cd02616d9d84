import { setTimeout as wait } from 'node:timers/promises';
import type { Database } from '../../../src/platform/database/database';
import type { SteppedDatabase } from './stepped-database';

interface Actor {
  db: SteppedDatabase;
  /** Lets it run its next statement; null while it runs one. */
  go: (() => void) | null;
  ended: boolean;
}

/** Two equal seeds give equal numbers (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * Runs transactions statement by statement in an order drawn by `random`; who waits for a lock is left to wait.
 * Returns the names in the order in which they ended.
 */
export async function interleave(
  observer: Database,
  random: () => number,
  work: Record<string, { db: SteppedDatabase; run: () => Promise<unknown> }>,
): Promise<string[]> {
  const order: string[] = [];
  const actors = Object.entries(work).map(([name, { db, run }]) => {
    const actor: Actor = { db, go: null, ended: false };
    db.before = () => new Promise<void>((resolve) => (actor.go = resolve));
    const end = run().finally(() => {
      actor.ended = true;
      order.push(name);
    });
    return { actor, end };
  });
  for (;;) {
    const ready: Actor[] = [];
    for (const { actor } of actors) if (await isReady(observer, actor)) ready.push(actor);
    if (ready.length === 0) {
      if (actors.every(({ actor }) => actor.ended)) break;
      continue;
    }
    const next = ready[Math.floor(random() * ready.length)]!;
    const go = next.go!;
    next.go = null;
    go();
  }
  await Promise.all(actors.map(({ end }) => end));
  return order;
}

/** Waits until the actor asks for its next statement (true), has ended, or waits for the other's lock. */
async function isReady(observer: Database, actor: Actor): Promise<boolean> {
  while (!actor.ended && !actor.go) {
    await wait(0);
    if (actor.go || actor.ended || actor.db.backend === null) continue;
    const [row] = await observer.query<{ blocked: boolean }>(
      'SELECT cardinality(pg_blocking_pids($1)) > 0 AS blocked',
      [actor.db.backend],
    );
    if (row!.blocked && !actor.go) return false;
  }
  return !actor.ended;
}
