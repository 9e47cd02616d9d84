import { useEffect, useState, type PointerEvent, type RefObject } from 'react';

interface Drag {
  from: number;
  /** Its place in the list if it is let go now. */
  to: number;
}

interface BlockDrag {
  /** For the grip of the row at this place. */
  grip: (from: number) => {
    onPointerDown: (event: PointerEvent<HTMLElement>) => void;
    onPointerMove: (event: PointerEvent<HTMLElement>) => void;
    onPointerUp: () => void;
    onLostPointerCapture: () => void;
  };
  /** Where the row at this place would get the one that is dragged; `lifted` is that one. */
  markOf: (place: number) => 'lifted' | 'before' | 'after' | undefined;
}

/** Rows that are dragged by finger or mouse; the buttons and keys that move them stay the way for everybody. */
export function useBlockDrag(
  list: RefObject<HTMLElement | null>,
  drop: (from: number, by: number) => void,
): BlockDrag {
  const [drag, setDrag] = useState<Drag | null>(null);
  const isDragging = drag !== null;
  useEffect(() => {
    if (!isDragging) return;
    const stop = ({ key }: KeyboardEvent) => key === 'Escape' && setDrag(null);
    addEventListener('keydown', stop);
    return () => removeEventListener('keydown', stop);
  }, [isDragging]);

  const placeAt = (y: number, from: number): number => {
    const others = [...(list.current?.children ?? [])].filter((_, place) => place !== from);
    return others.filter((row) => {
      const { top, height } = row.getBoundingClientRect();
      return y > top + height / 2;
    }).length;
  };
  return {
    grip: (from) => ({
      onPointerDown: (event) => {
        if (event.button !== 0) return;
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
        setDrag({ from, to: from });
      },
      onPointerMove: ({ clientY }) => {
        if (drag?.from !== from) return;
        const to = placeAt(clientY, from);
        if (to === drag.to) return;
        setDrag({ from, to });
        list.current?.children[to]?.scrollIntoView({ block: 'nearest' });
      },
      onPointerUp: () => {
        if (drag?.from === from && drag.to !== from) drop(from, drag.to - from);
        setDrag(null);
      },
      onLostPointerCapture: () => setDrag(null),
    }),
    markOf: (place) => {
      if (!drag) return undefined;
      if (place === drag.from) return 'lifted';
      if (place !== drag.to) return undefined;
      return drag.to < drag.from ? 'before' : 'after';
    },
  };
}
