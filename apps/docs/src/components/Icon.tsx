import type { ReactNode } from 'react';

/** Shapes in a square of 16: filled, or drawn as lines. */
const SHAPES = {
  back: { fill: 'M3 3h2v10H3zM13 3v10L6 8z' },
  play: { fill: 'M4 2.5 13.5 8 4 13.5z' },
  pause: { fill: 'M4 3h3v10H4zM9 3h3v10H9z' },
  forward: { fill: 'M11 3h2v10h-2zM3 3v10l7-5z' },
  undo: { line: 'M6 3 2.5 6.5 6 10M3 6.5h6.5a3.5 3.5 0 0 1 0 7H6' },
  redo: { line: 'M10 3l3.5 3.5L10 10M13 6.5H6.5a3.5 3.5 0 0 0 0 7H10' },
  compare: { line: 'M2 3h5v10H2zM9 3h5v10H9z' },
  open: { line: 'M2 13V4h4l1.5 2H14v7z' },
  commands: { line: 'M3 4h10M3 8h10M3 12h6' },
  settings: { line: 'M2 5h7M13 5h1M2 11h1M7 11h7M9 3v4M7 9v4' },
  close: { line: 'M4 4l8 8M12 4l-8 8' },
  grow: { line: 'M6 2H2v4M10 2h4v4M6 14H2v-4M10 14h4v-4' },
  shrink: { line: 'M2 6h4V2M14 6h-4V2M2 10h4v4M14 10h-4v4' },
  editor: { line: 'M2 3h12v10H2zM7 3v10' },
} as const satisfies { readonly [name: string]: { readonly fill: string } | { readonly line: string } };

/** The name of a drawing that a button may carry. */
export type IconName = keyof typeof SHAPES;

/** A small drawing beside the name of a button, or in its place. It says nothing to a screen reader. */
export function Icon({ name }: { readonly name: IconName }): ReactNode {
  const shape = SHAPES[name];
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
      {'fill' in shape ? <path d={shape.fill} fill="currentColor" /> : <path className="icon-line" d={shape.line} />}
    </svg>
  );
}
