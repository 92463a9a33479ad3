import { MAP_HEIGHT, type MapExtras, mapShapes, vmaAt } from 'fork-sim/picture';
import type { MapSlice } from 'fork-sim/worker';
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import { paintCanvas } from '../../../mapPicture/paintCanvas.ts';
import { useDrag } from '../useDrag.ts';
import { useMapColours } from './useMapColours.ts';
import type { MapViewState } from './useMapView.ts';
import { useWidth } from './useWidth.ts';

interface MapCanvasProps {
  readonly map: MapSlice;
  readonly state: MapViewState;
  readonly extras: MapExtras;
  readonly label: string;
  readonly onHover: (vma: number) => void;
  /** A VMA was chosen by a click or the keyboard. */
  readonly onPick: (vma: number) => void;
}

/** A shorter drag is a click; pixels. */
const CLICK = 4;

/** The map as a picture that zooms and pans by wheel, drag and keys. */
export function MapCanvas({ map, state, extras, label, onHover, onPick }: MapCanvasProps): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useWidth(canvas);
  const colours = useMapColours(canvas);
  /** The finger or the mouse went farther than a click does. */
  const moved = useRef(false);
  const fingers = useRef(new Map<number, number>());
  const { layout, view, pan, zoom, moveTo } = state;

  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      if (canvas.current && colours)
        paintCanvas(canvas.current, width, mapShapes(map, layout, view, width, extras), colours);
    });
    return () => cancelAnimationFrame(frame);
  }, [map, layout, view, width, extras, colours]);

  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    // Not passive, so that the page does not scroll as well.
    const wheel = (event: WheelEvent): void => {
      const sideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
      // Over a picture that nobody chose, the wheel scrolls the page; two fingers on a pad come with Ctrl.
      if (!(event.ctrlKey || event.metaKey || sideways || document.activeElement === element)) return;
      event.preventDefault();
      const box = element.getBoundingClientRect();
      if (sideways) {
        pan((event.deltaX || event.deltaY) / box.width);
      } else zoom(event.deltaY > 0 ? 1.25 : 0.8, (event.clientX - box.left) / box.width);
    };
    element.addEventListener('wheel', wheel, { passive: false });
    return () => element.removeEventListener('wheel', wheel);
  }, [pan, zoom]);

  const placeOfEvent = (clientX: number): number => {
    const box = canvas.current?.getBoundingClientRect();
    return box ? view.from + ((clientX - box.left) / box.width) * view.width : 0;
  };
  /** Two fingers: what is between them stays between them. */
  const pinch = (finger: number, x: number): void => {
    const box = canvas.current?.getBoundingClientRect();
    const other = [...fingers.current].find(([id]) => id !== finger)?.[1] ?? x;
    const before = Math.abs((fingers.current.get(finger) ?? x) - other);
    const after = Math.abs(x - other);
    fingers.current.set(finger, x);
    moved.current = true;
    if (box && before > 0 && after > 0) zoom(before / after, ((x + other) / 2 - box.left) / box.width);
  };
  const pick = (to: number): void => onPick(Math.max(0, Math.min(map.count - 1, to)));
  const drag = useDrag({
    begin: () => {
      moved.current = false;
      return view.from;
    },
    move: (from, by) => {
      if (Math.abs(by) >= CLICK) moved.current = true;
      if (moved.current) moveTo({ ...view, from: from - (by / width) * view.width });
    },
    end: (_, x) => {
      if (!moved.current) pick(vmaAt(layout, placeOfEvent(x)));
    },
    hover: (x) => onHover(vmaAt(layout, placeOfEvent(x))),
  });
  const keys = new Map<string, () => void>([
    ['ArrowLeft', () => pan(-1 / 8)],
    ['ArrowRight', () => pan(1 / 8)],
    ['+', () => zoom(0.7)],
    ['=', () => zoom(0.7)],
    ['-', () => zoom(1 / 0.7)],
    ['Home', () => moveTo({ ...view, from: 0 })],
    ['End', () => moveTo({ ...view, from: layout.whole })],
    ['PageUp', () => pick((extras.picked ?? 1) - 1)],
    ['PageDown', () => pick((extras.picked ?? -1) + 1)],
    ['Enter', () => pick(vmaAt(layout, view.from + view.width / 2))],
    ['0', state.showAll],
  ]);
  const onKeyDown = (event: KeyboardEvent): void => {
    const act = keys.get(event.key);
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  };
  return (
    <canvas
      ref={canvas}
      style={{ height: MAP_HEIGHT }}
      tabIndex={0}
      role="img"
      aria-label={label}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        fingers.current.set(event.pointerId, event.clientX);
        drag.onPointerDown(event);
      }}
      onPointerMove={(event) => {
        if (fingers.current.size === 2 && fingers.current.has(event.pointerId)) pinch(event.pointerId, event.clientX);
        else drag.onPointerMove(event);
      }}
      onPointerUp={(event) => {
        fingers.current.delete(event.pointerId);
        drag.onPointerUp(event);
      }}
      onPointerCancel={(event) => {
        fingers.current.delete(event.pointerId);
        drag.onPointerCancel(event);
      }}
    />
  );
}
