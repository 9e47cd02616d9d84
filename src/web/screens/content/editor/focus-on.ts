import { useCallback, useEffect, useRef } from 'react';

export type FocusOn = (selector: string) => void;

/** Moves the focus to what is on the page now or will be with what is being drawn. */
export function useFocusOn(): FocusOn {
  const goal = useRef<string | null>(null);
  const go = () => {
    const found = goal.current && document.querySelector<HTMLElement>(goal.current);
    if (!found) return;
    goal.current = null;
    found.focus();
  };
  useEffect(go);
  return useCallback((selector) => {
    goal.current = selector;
    // Already there and nothing to be drawn: then no effect comes.
    requestAnimationFrame(go);
  }, []);
}
