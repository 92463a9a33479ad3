import type { ColourName, MapColours } from './palette.ts';

/** The colour of a part of a shape; `backing`: the hue of the VMA that the page is in. */
type ShapeColour = ColourName | 'backing';

/** A page state as a shape of its own, so that no letter and no colour is needed to read it. Paths, in a square of 16 units. */
export interface PageShape {
  /** The outline. */
  readonly outline: string;
  /** The part that is filled; empty: none. */
  readonly filled: string;
  readonly colour: ShapeColour;
}

const DISC = 'M8 3.25a4.75 4.75 0 1 1 0 9.5a4.75 4.75 0 1 1 0-9.5z';
const SQUARE = 'M3.75 3.75h8.5v8.5h-8.5z';
const DIAMOND = 'M8 1.75L14.25 8L8 14.25L1.75 8z';

/**
 * The shapes by the letter of the page state. Private memory is round and file pages are square; a half shape is mapped more than once;
 * markers are diamonds, because no memory is behind them.
 */
export const PAGE_SHAPES: Readonly<Record<string, PageShape>> = {
  z: { outline: DISC, filled: '', colour: 'special' },
  A: { outline: DISC, filled: DISC, colour: 'anonymous' },
  a: { outline: DISC, filled: 'M8 3.25a4.75 4.75 0 0 0 0 9.5z', colour: 'anonymous' },
  F: { outline: SQUARE, filled: SQUARE, colour: 'backing' },
  f: { outline: SQUARE, filled: 'M3.75 3.75h4.25v8.5h-4.25z', colour: 'backing' },
  S: { outline: 'M2.75 4.25h10.5L8 12.75z', filled: '', colour: 'special' },
  G: { outline: DIAMOND, filled: DIAMOND, colour: 'guard' },
  W: { outline: DIAMOND, filled: '', colour: 'mark' },
};

/** A page state drawn as SVG, its square at `(x, y)`; an empty entry is a dot. `backing`: the hue of its VMA. */
export function pageShapeSvg(letter: string, x: number, y: number, colours: MapColours, backing: ColourName): string {
  const shape = PAGE_SHAPES[letter];
  if (shape === undefined) return `<circle cx="${x + 8}" cy="${y + 8}" r="1.5" fill="${colours.line}"/>`;
  const colour = colours[shape.colour === 'backing' ? backing : shape.colour];
  const filled = shape.filled === '' ? '' : `<path d="${shape.filled}" fill="${colour}"/>`;
  return `<g transform="translate(${x} ${y})"><path d="${shape.outline}" fill="${colours.ground}" stroke="${colour}" stroke-width="1.5"/>${filled}</g>`;
}
