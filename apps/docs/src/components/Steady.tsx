import { type ReactNode, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';

interface SteadyProps {
  /** How many parts are shown here at some time, such as the steps of a player. */
  readonly count: number;
  /** Which of them is shown. */
  readonly index: number;
  /** Draws one of them. What is shown stays the same component, so that its pictures can move from one part to the next. */
  readonly render: (index: number) => ReactNode;
}

/**
 * Shows one of several parts in a box that is as high as the highest of them, so that nothing below moves when another is shown. They
 * are measured once a width, when a reader points at the box or moves on.
 */
export function Steady({ count, index, render }: SteadyProps): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  const hidden = useRef<HTMLDivElement>(null);
  const [measured, setMeasured] = useState({ width: 0, height: 0 });
  const [measuring, setMeasuring] = useState(false);
  const shown = useRef(index);
  const measure = useCallback(() => {
    const width = box.current?.clientWidth ?? 0;
    if (width !== measured.width) setMeasuring(true);
  }, [measured.width]);
  useEffect(() => {
    if (shown.current !== index) measure();
    shown.current = index;
  }, [index, measure]);
  useEffect(() => {
    const onPointer = ({ pointerType }: PointerEvent): void => {
      // Under a finger nothing may move between its going down and up.
      if (pointerType === 'mouse') measure();
    };
    const own = box.current;
    own?.addEventListener('pointerenter', onPointer);
    own?.addEventListener('focusin', measure);
    return () => {
      own?.removeEventListener('pointerenter', onPointer);
      own?.removeEventListener('focusin', measure);
    };
  }, [measure]);
  // Before anything is painted: what is measured is never seen.
  useLayoutEffect(() => {
    if (!measuring || !hidden.current) return;
    const heights = [...hidden.current.children].map((part) => part.getBoundingClientRect().height);
    setMeasured({ width: box.current?.clientWidth ?? 0, height: Math.max(0, ...heights) });
    setMeasuring(false);
  }, [measuring]);
  return (
    <div className="steady" ref={box} style={measured.height > 0 ? { minHeight: measured.height } : undefined}>
      <div aria-live="polite">{render(index)}</div>
      {measuring && (
        <div className="steady-hidden" ref={hidden} aria-hidden="true">
          {Array.from({ length: count }, (_, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a part is its place
            <div key={at}>{render(at)}</div>
          ))}
        </div>
      )}
    </div>
  );
}
