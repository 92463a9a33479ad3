import type { MapSlice } from 'fork-sim/worker';
import { type PointerEvent, type ReactNode, useEffect, useRef } from 'react';
import { paintMini } from '../../../mapPicture/paintMini.ts';
import { useMapColours } from './useMapColours.ts';
import type { MapViewState } from './useMapView.ts';
import { useWidth } from './useWidth.ts';

/** The whole map, and which part of it is in view; a click or drag moves there. */
export function MiniMap({ map, state }: { readonly map: MapSlice; readonly state: MapViewState }): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useWidth(canvas);
  const colours = useMapColours(canvas);
  const { layout, view, moveTo } = state;
  useEffect(() => {
    if (canvas.current && colours) paintMini(canvas.current, width, map, layout, colours);
  }, [map, layout, width, colours]);
  const move = (event: PointerEvent<HTMLElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    const at = ((event.clientX - box.left) / box.width) * layout.whole;
    moveTo({ ...view, from: at - view.width / 2 });
  };
  const percent = (units: number): string => `${(units / layout.whole) * 100}%`;
  return (
    <div
      className="minimap"
      aria-hidden="true"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        move(event);
      }}
      onPointerMove={(event) => {
        if (event.buttons !== 0) move(event);
      }}
    >
      <canvas ref={canvas} />
      <div className="minimap-view" style={{ left: percent(view.from), width: percent(view.width) }} />
    </div>
  );
}
