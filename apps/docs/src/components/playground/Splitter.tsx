import type { KeyboardEvent, ReactNode } from 'react';
import { useDrag } from './useDrag.ts';
import { EDITOR_WIDTH, type Panes } from './usePanes.ts';

/** Pixels that a key moves it. */
const STEP = 16;

/** The border between the operations and the picture: dragged, moved by arrow keys, and closed by Enter. */
export function Splitter({ panes }: { readonly panes: Panes }): ReactNode {
  const { width, setWidth } = panes;
  const drag = useDrag({ begin: () => width, move: (begun, by) => setWidth(begun + by) });
  const keys = new Map<string, () => void>([
    ['ArrowLeft', () => setWidth(width - STEP)],
    ['ArrowRight', () => setWidth(width + STEP)],
    ['Home', () => setWidth(EDITOR_WIDTH.least)],
    ['End', () => setWidth(EDITOR_WIDTH.most)],
    ['Enter', () => panes.toggle('editor')],
  ]);
  const onKeyDown = (event: KeyboardEvent): void => {
    const act = keys.get(event.key);
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: an `hr` takes no value and no keys
    <div
      className="splitter"
      role="separator"
      aria-orientation="vertical"
      aria-label="Width of the operations"
      aria-valuemin={EDITOR_WIDTH.least}
      aria-valuemax={EDITOR_WIDTH.most}
      aria-valuenow={width}
      aria-valuetext={`${width} pixels`}
      tabIndex={0}
      title="Drag to resize; arrow keys resize, Enter closes"
      onKeyDown={onKeyDown}
      onDoubleClick={() => setWidth(EDITOR_WIDTH.usual)}
      {...drag}
    />
  );
}
