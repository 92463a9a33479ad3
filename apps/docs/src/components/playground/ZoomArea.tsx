import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import type { Zoom } from './zoomOf.ts';

interface ZoomAreaProps {
  readonly zoom: Zoom;
  /** The reader clicked a page. */
  readonly onPage: (page: number) => void;
  readonly children: ReactNode;
}

/** Pixels that the pointer may move in a click. */
const CLICK = 4;

/** Makes the pictures in it zoom, pan, and choose a page: by wheel, by dragging, by keys. */
export function ZoomArea({ zoom, onPage, children }: ZoomAreaProps): ReactNode {
  const host = useRef<HTMLDivElement>(null);
  const latest = useRef(zoom);
  latest.current = zoom;
  const drag = useRef<{ x: number; from: number; moved: boolean } | null>(null);
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const wheel = (event: WheelEvent): void => {
      const sideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
      const mine = event.ctrlKey || event.metaKey || sideways || element.contains(document.activeElement);
      // Over a picture that nobody chose, the wheel scrolls the page.
      if (!mine) return;
      event.preventDefault();
      const box = element.getBoundingClientRect();
      if (sideways) latest.current.pan(Math.sign(event.deltaX || event.deltaY) * 0.1);
      else latest.current.zoom(event.deltaY > 0 ? 1.25 : 0.8, (event.clientX - box.left) / box.width);
    };
    element.addEventListener('wheel', wheel, { passive: false });
    return () => element.removeEventListener('wheel', wheel);
  }, []);
  const pageAt = (clientX: number): number => {
    const box = host.current?.getBoundingClientRect();
    const { from, to } = zoom.view;
    return box ? Math.floor(from + ((clientX - box.left) / box.width) * (to - from)) : from;
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields; this is a picture that takes keys
    <div
      className={zoom.zoomed ? 'zoom-area zoom-area-pans' : 'zoom-area'}
      ref={host}
      role="group"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it takes the keys that its label names
      tabIndex={0}
      aria-label="Address space: arrow keys pan, plus and minus zoom, 0 shows all"
      onKeyDown={(event) => onKey(event, zoom)}
      onPointerDown={(event) => {
        drag.current = { x: event.clientX, from: zoom.view.from, moved: false };
      }}
      onPointerMove={(event) => {
        const start = drag.current;
        if (start === null || event.buttons === 0) return;
        const by = event.clientX - start.x;
        if (!start.moved && Math.abs(by) < CLICK) return;
        start.moved = true;
        const { from, to } = zoom.view;
        zoom.panTo(start.from - (by / event.currentTarget.clientWidth) * (to - from));
      }}
      onPointerUp={(event) => {
        if (drag.current?.moved === false) onPage(pageAt(event.clientX));
        drag.current = null;
      }}
    >
      {children}
    </div>
  );
}

/** What each key does. */
const KEYS: ReadonlyMap<string, (zoom: Zoom) => void> = new Map([
  ['ArrowLeft', (zoom: Zoom) => zoom.pan(-0.125)],
  ['ArrowRight', (zoom: Zoom) => zoom.pan(0.125)],
  ['+', (zoom: Zoom) => zoom.zoom(0.7)],
  ['=', (zoom: Zoom) => zoom.zoom(0.7)],
  ['-', (zoom: Zoom) => zoom.zoom(1.4)],
  ['0', (zoom: Zoom) => zoom.all()],
]);

function onKey(event: KeyboardEvent, zoom: Zoom): void {
  const act = KEYS.get(event.key);
  if (act === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  act(zoom);
}
