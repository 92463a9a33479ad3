import type { TraceStep } from 'fork-sim';
import { type ReactNode, type RefObject, useLayoutEffect, useState } from 'react';
import { differ } from '../../picture/differ.ts';
import type { View } from '../../picture/view.ts';

interface CompareLinesProps {
  /** Holds both panes. */
  readonly host: RefObject<HTMLElement | null>;
  readonly steps: readonly [TraceStep, TraceStep];
  readonly view: View;
}

/** A strip as it lies in the host; pixels. */
interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
}

/** Pixels between two lines, and from the first one to the strip. */
const LEVEL = 5;
/** Lines that are drawn; more would say nothing. */
const MOST = 6;

/** Lines above the strips that join each VMA that differs to its like on the other kernel, where the two stand side by side. */
export function CompareLines({ host, steps, view }: CompareLinesProps): ReactNode {
  const [boxes, setBoxes] = useState<readonly (readonly [Box, Box])[]>([]);
  useLayoutEffect(() => {
    const { current } = host;
    if (!current) return;
    const measure = (): void => setBoxes((old) => sameBoxes(old, pairsOf(current)));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(current);
    for (const pane of current.querySelectorAll('.pane')) observer.observe(pane);
    return () => observer.disconnect();
  });
  const paths = boxes.flatMap((pair, which) => linesOf(pair, which, steps, view));
  return (
    <svg className="compare-lines" aria-hidden="true">
      {paths.map(({ letter, d }) => (
        <path key={letter} d={d} />
      ))}
    </svg>
  );
}

/** The strips of both panes by twos: the parent's, the child's; none where the panes do not stand side by side. */
function pairsOf(host: HTMLElement): readonly (readonly [Box, Box])[] {
  const origin = host.getBoundingClientRect();
  const [left, right] = Array.from(host.querySelectorAll('.pane'), (pane) =>
    Array.from(pane.querySelectorAll('.zoom-area .strip'), (strip): Box => {
      const box = strip.getBoundingClientRect();
      return { left: box.left - origin.left, top: box.top - origin.top, width: box.width };
    }),
  );
  return (left ?? []).flatMap((box, at): (readonly [Box, Box])[] => {
    const other = right?.[at];
    return other && other.left >= box.left + box.width ? [[box, other]] : [];
  });
}

/** The same object where nothing moved, so that nothing is drawn anew. */
function sameBoxes<T>(old: T, now: T): T {
  return JSON.stringify(old) === JSON.stringify(now) ? old : now;
}

function linesOf(
  [left, right]: readonly [Box, Box],
  which: number,
  steps: CompareLinesProps['steps'],
  view: View,
): { readonly letter: string; readonly d: string }[] {
  const [a, b] = which === 0 ? [steps[0].state, steps[1].state] : [steps[0].child, steps[1].child];
  if (!a || !b) return [];
  const middle = (box: Box, { start, end }: { readonly start: number; readonly end: number }): number => {
    const page = (Math.max(start, view.from) + Math.min(end, view.to)) / 2;
    return box.left + ((page - view.from) / (view.to - view.from)) * box.width;
  };
  const differing = a.vmas.filter(({ letter, start, end }) => {
    const inView = start < view.to && end > view.from;
    return inView && differ(a, b).letters.has(letter);
  });
  return differing.slice(0, MOST).flatMap((vma, at) => {
    const like = b.vmas.find(({ letter, start, end }) => letter === vma.letter && start < view.to && end > view.from);
    if (!like) return [];
    const [y1, y2] = [left.top + LEVEL, right.top + LEVEL];
    const y = Math.min(y1, y2) - LEVEL * (at + 1);
    const d = `M${middle(left, vma)} ${y1 + LEVEL}V${y}H${middle(right, like)}V${y2 + LEVEL}`;
    return [{ letter: `${which} ${vma.letter}`, d }];
  });
}
