import { type Layout, Visited } from './layout';

/**
 * Takes one step: where it leads, what it is called, who takes it, with which message (−1: none), and the
 * promise that it breaks, if it does.
 */
export type Emit = (
  next: Uint8Array,
  label: string,
  who: number,
  message: number,
  breach?: string,
) => void;

export interface Model {
  readonly layout: Layout;
  readonly start: Uint8Array;
  /** Every step that can be taken; the array given to `emit` may be used again at once. */
  steps(state: Uint8Array, emit: Emit): void;
  /** The same state for all that can follow, with what no longer matters taken away. */
  normalise(state: Uint8Array, into: Uint8Array): void;
  /** The promise that this state breaks, or null. */
  fault(state: Uint8Array): string | null;
  /** Limits that are known and stated, and that this state shows. */
  limit(state: Uint8Array): string | null;
  /** Has every message come to an end? */
  isEnd(state: Uint8Array): boolean;
  tell(state: Uint8Array): string;
  name(label: string, who: number, message: number): string;
}

export interface Violation {
  promise: string;
  /** The shortest way there, one line for each step. */
  trace: string[];
}

export interface Exploration {
  states: number;
  steps: number;
  seconds: number;
  violation: Violation | null;
  limits: Violation[];
}

export interface Search {
  /** Only promises that begin with this count; the search then goes past the others. */
  promise?: string;
  /** Also ask whether every state leads on to an end. */
  endings?: boolean;
}

/** Goes through every state that can be reached, nearest first, and stops at the first broken promise. */
export function explore(model: Model, search: Search = {}): Exploration {
  const begun = performance.now();
  const visited = new Visited();
  const words = new Uint32Array(2);
  const state = new Uint8Array(model.layout.size);
  const reached = new Uint8Array(model.layout.size);
  const limits = new Map<string, Violation>();
  let violation: Violation | null = null;
  let steps = 0;
  const edges = search.endings ? new Edges() : null;
  const wanted = (promise: string): boolean => promise.startsWith(search.promise ?? '');

  const enter = (next: Uint8Array, parent: number): void => {
    model.normalise(next, reached);
    model.layout.pack(reached, words);
    if (edges) edges.add(parent, visited.indexOf(words) ?? visited.count, model.isEnd(reached));
    if (!visited.add(words, parent)) return;
    const promise = model.fault(reached);
    if (promise && !violation && wanted(promise)) {
      violation = { promise, trace: traceTo(model, visited, visited.count - 1) };
    }
    const limit = model.limit(reached);
    if (limit && !limits.has(limit)) {
      limits.set(limit, { promise: limit, trace: traceTo(model, visited, visited.count - 1) });
    }
  };

  let at = 0;
  const emit: Emit = (next, label, who, message, breach) => {
    steps += 1;
    if (breach && !violation && wanted(breach)) {
      const last = `${model.name(label, who, message)}  ← here`;
      violation = { promise: breach, trace: [...traceTo(model, visited, at), last] };
    }
    enter(next, at);
  };
  enter(model.start, -1);
  for (; at < visited.count && !violation; at += 1) {
    visited.read(at, words);
    model.layout.unpack(words, state);
    model.steps(state, emit);
  }
  const stuck = edges?.firstWithoutEnd(visited.count) ?? -1;
  if (!violation && stuck >= 0) {
    violation = { promise: NO_END, trace: traceTo(model, visited, stuck) };
  }
  return {
    states: visited.count,
    steps,
    seconds: (performance.now() - begun) / 1000,
    violation,
    limits: [...limits.values()],
  };
}

const NO_END = 'G5 a message is stuck: from here it can never come to an end';

/** Every step, to find out backwards from the ends which states have a way there. */
class Edges {
  private readonly before: number[][] = [];
  private readonly ends = new Set<number>();

  add(from: number, to: number, isEnd: boolean): void {
    if (from >= 0) (this.before[to] ??= []).push(from);
    if (isEnd) this.ends.add(to);
  }

  firstWithoutEnd(count: number): number {
    for (const at of this.ends) for (const from of this.before[at] ?? []) this.ends.add(from);
    for (let n = 0; n < count; n += 1) if (!this.ends.has(n)) return n;
    return -1;
  }
}

/** Only the states are kept; the steps between them are found again here. */
function traceTo(model: Model, visited: Visited, index: number): string[] {
  const words = new Uint32Array(2);
  const packed = new Uint32Array(2);
  const state = new Uint8Array(model.layout.size);
  const reached = new Uint8Array(model.layout.size);
  const path = visited.pathTo(index);
  const lines: string[] = [];
  path.slice(1).forEach((to, n) => {
    visited.read(path[n]!, words);
    model.layout.unpack(words, state);
    visited.read(to, words);
    let line = '?';
    model.steps(state, (next, label, who, message) => {
      model.normalise(next, reached);
      model.layout.pack(reached, packed);
      if (packed[0] !== words[0] || packed[1] !== words[1] || line !== '?') return;
      line = `${model.name(label, who, message)}\n      ${model.tell(reached)}`;
    });
    lines.push(line);
  });
  return lines;
}

/** For a failure's message. */
export function readable({ promise, trace }: Violation): string {
  const lines = trace.map((line, n) => `${String(n + 1).padStart(3)}. ${line}`);
  return [`${promise}, in ${trace.length} steps:`, ...lines].join('\n');
}
