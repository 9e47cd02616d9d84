import { useCallback, useReducer } from 'react';

interface History<T> {
  past: T[];
  present: T;
  future: T[];
  /** What the last change was about, and when: typing goes on in one step. */
  about: string | null;
  at: number;
}

type Act<T> =
  | { kind: 'change'; next: T; about: string | null; at: number }
  | { kind: 'undo' }
  | { kind: 'redo' };

const STEPS = 200;
const PAUSE = 1_500;

function reduce<T>(history: History<T>, act: Act<T>): History<T> {
  const { past, present, future } = history;
  if (act.kind === 'change') {
    const { next, about, at } = act;
    const goesOn = about !== null && about === history.about && at - history.at < PAUSE;
    const before = goesOn ? past : [...past, present].slice(-STEPS);
    return { past: before, present: next, future: [], about, at };
  }
  const [from, to] = act.kind === 'undo' ? [past, future] : [future, past];
  if (from.length === 0) return history;
  const next = from.at(-1)!;
  const [left, grown] = [from.slice(0, -1), [...to, present]];
  return act.kind === 'undo'
    ? { past: left, present: next, future: grown, about: null, at: 0 }
    : { past: grown, present: next, future: left, about: null, at: 0 };
}

export interface Edited<T> {
  present: T;
  /** Changes with the same `about` after each other are undone together. */
  change: (next: T, about?: string) => void;
  undo: () => void;
  redo: () => void;
  canUndo: boolean;
  canRedo: boolean;
}

/** Something edited, with the way back and forth. */
export function useHistory<T>(initial: T): Edited<T> {
  const [history, dispatch] = useReducer(reduce<T>, {
    past: [],
    present: initial,
    future: [],
    about: null,
    at: 0,
  });
  const change = useCallback(
    (next: T, about: string | null = null) =>
      dispatch({ kind: 'change', next, about, at: Date.now() }),
    [],
  );
  const undo = useCallback(() => dispatch({ kind: 'undo' }), []);
  const redo = useCallback(() => dispatch({ kind: 'redo' }), []);
  const { past, present, future } = history;
  return { present, change, undo, redo, canUndo: past.length > 0, canRedo: future.length > 0 };
}
