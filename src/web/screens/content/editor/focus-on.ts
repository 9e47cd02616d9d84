import { useCallback, useRef } from 'react';

export type FocusOn = (selector: string) => void;

/** A form that loads its editor, or a dialog that goes, is done by then. */
const HELD_MS = 2_000;

/**
 * Moves the focus to what is on the page now or will be with what is being drawn. It is held there for a moment, as
 * what is drawn anew and a dialog that closes take it along; until whoever works there moves on.
 */
export function useFocusOn(): FocusOn {
  const goal = useRef<string | null>(null);
  return useCallback((selector) => {
    const end = performance.now() + HELD_MS;
    let there: Element | null = null;
    goal.current = selector;
    const hold = () => {
      if (goal.current !== selector || performance.now() > end) return;
      const found = document.querySelector<HTMLElement>(selector);
      const { activeElement: at } = document;
      const isNowhere = !at || at === document.body || at.closest('[role=dialog]') !== null;
      if (there && !isNowhere && at !== there) return;
      if (found && at !== found) {
        found.focus();
        there = found;
      }
      requestAnimationFrame(hold);
    };
    requestAnimationFrame(hold);
  }, []);
}
