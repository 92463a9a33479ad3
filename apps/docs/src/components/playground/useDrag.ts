import { type PointerEvent, useRef } from 'react';

interface DragProps<T> {
  /** What the drag begins with; it is kept until its end. */
  readonly begin: () => T;
  /** The pointer is `by` pixels to the right of where it began. */
  readonly move: (begun: T, by: number) => void;
  /** The pointer was let go there. */
  readonly end?: (begun: T, x: number) => void;
  /** The pointer moves, and nothing is dragged. */
  readonly hover?: (x: number) => void;
}

type Handler = (event: PointerEvent) => void;

/** The handlers of an element that a pointer drags sideways, also beyond its own edges. */
export function useDrag<T>({ begin, move, end, hover }: DragProps<T>): {
  readonly [name in 'onPointerDown' | 'onPointerMove' | 'onPointerUp' | 'onPointerCancel']: Handler;
} {
  const drag = useRef<{ readonly x: number; readonly begun: T } | null>(null);
  return {
    onPointerDown: ({ clientX, pointerId, currentTarget }) => {
      drag.current = { x: clientX, begun: begin() };
      currentTarget.setPointerCapture(pointerId);
    },
    onPointerMove: ({ clientX }) => {
      if (drag.current === null) hover?.(clientX);
      else move(drag.current.begun, clientX - drag.current.x);
    },
    onPointerUp: ({ clientX }) => {
      if (drag.current !== null) end?.(drag.current.begun, clientX);
      drag.current = null;
    },
    onPointerCancel: () => {
      drag.current = null;
    },
  };
}
