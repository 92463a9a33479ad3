import { PAGE_SHAPES } from 'fork-sim/picture';
import type { ReactNode } from 'react';
import { COLOUR_VARIABLES } from '../mapPicture/mapColours.ts';

/** The shape of a page state, by its letter; an empty entry is a dot. */
export function PageShape({ letter }: { readonly letter: string }): ReactNode {
  const shape = PAGE_SHAPES[letter];
  if (shape === undefined) return <span className="page-dot" />;
  const { outline, filled, colour } = shape;
  const hue = colour === 'backing' ? 'var(--bar, var(--lab-quiet))' : `var(${COLOUR_VARIABLES[colour]})`;
  return (
    <svg className="page-shape" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={outline} fill="var(--lab-ground)" stroke={hue} strokeWidth="1.5" />
      {filled !== '' && <path d={filled} fill={hue} />}
    </svg>
  );
}
