import type { MapState, MapVma } from 'fork-sim';
import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef, useState } from 'react';
import type { View } from '../../picture/view.ts';
import { placer } from '../placer.ts';
import { type Edge, limitsOf, moveEdge } from './stageOps.ts';

interface EdgeHandlesProps {
  readonly state: MapState;
  readonly view: View;
  readonly onCall: (line: string) => void;
}

interface Dragged {
  readonly letter: string;
  readonly edge: Edge;
  readonly page: number;
}

/** A handle at each edge of each VMA. Dragged, or moved by the arrow keys, it becomes the call that moves the edge. */
export function EdgeHandles({ state, view, onCall }: EdgeHandlesProps): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  const [dragged, setDragged] = useState<Dragged | null>(null);
  const at = placer(view);
  const shown = state.vmas.filter((vma) => vma.end > view.from && vma.start < view.to);

  const pageAt = (x: number, vma: MapVma, edge: Edge): number => {
    const { left = 0, width = 1 } = box.current?.getBoundingClientRect() ?? {};
    const page = Math.round(view.from + ((x - left) / width) * (view.to - view.from));
    const { least, most } = limitsOf(state, vma, edge);
    return Math.min(most, Math.max(least, page));
  };
  const call = (vma: MapVma, edge: Edge, page: number): void => {
    const line = moveEdge(vma, edge, page);
    if (line !== null) onCall(line);
  };
  const handle = (vma: MapVma, edge: Edge): ReactNode => {
    const page = edge === 'low' ? vma.start : vma.end;
    const moved = dragged?.letter === vma.letter && dragged.edge === edge ? dragged.page : page;
    const limits = limitsOf(state, vma, edge);
    return (
      <div
        key={`${vma.letter} ${edge}`}
        className="stage-edge"
        role="slider"
        tabIndex={0}
        aria-label={`${edge === 'low' ? 'First page' : 'End'} of ${vma.letter}`}
        aria-valuenow={moved}
        aria-valuemin={limits.least}
        aria-valuemax={limits.most}
        style={{ left: at(moved, moved).left }}
        onKeyDown={(event: KeyboardEvent) => {
          const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
          if (by === 0) return;
          event.preventDefault();
          call(vma, edge, Math.min(limits.most, Math.max(limits.least, page + by)));
        }}
        onPointerDown={(event: PointerEvent) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          setDragged({ letter: vma.letter, edge, page });
        }}
        onPointerMove={(event: PointerEvent) => {
          if (dragged?.letter === vma.letter && dragged.edge === edge)
            setDragged({ ...dragged, page: pageAt(event.clientX, vma, edge) });
        }}
        onPointerUp={() => {
          if (dragged !== null) call(vma, edge, dragged.page);
          setDragged(null);
        }}
        onPointerCancel={() => setDragged(null)}
      />
    );
  };
  return (
    <div className="stage-edges" ref={box}>
      {shown.flatMap((vma) => [handle(vma, 'low'), handle(vma, 'high')])}
    </div>
  );
}
