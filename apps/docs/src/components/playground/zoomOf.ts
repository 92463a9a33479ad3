import type { View } from '../../picture/view.ts';

/** Fewest pages that fill the picture. */
const LEAST = 4;

/** What part of the address space is drawn, and how to see another. */
export interface Zoom {
  readonly view: View;
  /** All there is to see. */
  readonly whole: View;
  readonly zoomed: boolean;
  /** `factor` below 1 shows less, larger; `at`, from 0 to 1, stays where it is. */
  readonly zoom: (factor: number, at?: number) => void;
  /** Moves by a part of what is seen: 1 is a whole screen to the right. */
  readonly pan: (part: number) => void;
  /** Sets the first page, in fractions of a page, as dragging does. */
  readonly panTo: (from: number) => void;
  readonly all: () => void;
}

/**
 * Zooms and pans within `whole`. When that changes, as far as possible the same pages stay.
 * @param wanted what the reader wants to see; `null`: all
 */
export function zoomOf(whole: View, wanted: View | null, setWanted: (wanted: View | null) => void): Zoom {
  const view = wanted === null ? whole : clamp(wanted, whole);
  const width = view.to - view.from;
  const move = (from: number, pages: number): void => {
    const next = clamp({ from: Math.round(from), to: Math.round(from) + Math.max(LEAST, Math.round(pages)) }, whole);
    setWanted(next.from === whole.from && next.to === whole.to ? null : next);
  };
  return {
    view,
    whole,
    zoomed: view.from !== whole.from || view.to !== whole.to,
    zoom: (factor, at = 0.5) => {
      const pages = factor < 1 ? Math.floor(width * factor) : Math.ceil(width * factor);
      const wide = Math.max(LEAST, pages);
      move(view.from + at * (width - wide), wide);
    },
    pan: (part) => move(view.from + (part < 0 ? Math.floor : Math.ceil)(width * part), width),
    panTo: (from) => move(from, width),
    all: () => setWanted(null),
  };
}

function clamp({ from, to }: View, whole: View): View {
  const width = Math.min(Math.max(LEAST, to - from), whole.to - whole.from);
  const first = Math.max(whole.from, Math.min(from, whole.to - width));
  return { from: first, to: first + width };
}
