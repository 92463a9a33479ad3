import { formatCount } from 'fork-sim/words';
import type { ReactNode } from 'react';
import type { Zoom } from './zoomOf.ts';

/** The buttons of the map: zoom, pan, all; and what is seen. */
export function ZoomButtons({ zoom }: { readonly zoom: Zoom }): ReactNode {
  const { view, zoomed } = zoom;
  return (
    <fieldset className="zoom-buttons">
      <legend>
        pages {formatCount(view.from)} to {formatCount(view.to - 1)}
      </legend>
      <button type="button" aria-label="Pan left" disabled={!zoomed} onClick={() => zoom.pan(-0.25)}>
        ←
      </button>
      <button type="button" aria-label="Pan right" disabled={!zoomed} onClick={() => zoom.pan(0.25)}>
        →
      </button>
      <button type="button" aria-label="Zoom in" onClick={() => zoom.zoom(0.6)}>
        +
      </button>
      <button type="button" aria-label="Zoom out" disabled={!zoomed} onClick={() => zoom.zoom(1.7)}>
        −
      </button>
      <button type="button" disabled={!zoomed} onClick={zoom.all}>
        all
      </button>
    </fieldset>
  );
}
