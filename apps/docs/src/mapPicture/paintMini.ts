import type { MapColours, MapLayout } from 'fork-sim/picture';
import { mapShapes, NO_EXTRAS } from 'fork-sim/picture';
import type { MapSlice } from 'fork-sim/worker';

/** Height of the small map. */
const MINI_HEIGHT = 18;
/** Where bars are in the large one. */
const BARS = { top: 30, bottom: 92 };

/** Paints all of a map, small: only its bars and guards. */
export function paintMini(
  canvas: HTMLCanvasElement,
  width: number,
  map: MapSlice,
  layout: MapLayout,
  colours: MapColours,
): void {
  const scale = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(MINI_HEIGHT * scale);
  const pen = canvas.getContext('2d');
  if (!pen) return;
  const down = MINI_HEIGHT / (BARS.bottom - BARS.top);
  pen.setTransform(scale, 0, 0, scale * down, 0, -BARS.top * scale * down);
  for (const shape of mapShapes(map, layout, { from: 0, width: layout.whole }, width, NO_EXTRAS)) {
    if (shape.kind === 'bar') pen.fillStyle = shape.fill === null ? colours.line : colours[shape.fill];
    else if (shape.kind === 'guard') pen.fillStyle = colours.guard;
    else continue;
    pen.fillRect(shape.x, shape.y, Math.max(0.75, shape.w), shape.h);
  }
}
