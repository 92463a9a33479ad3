import type { CallKindName, Theme } from './callKinds.ts';

/** A search that is made where nothing is said of calls and pages. */
export interface Widening {
  readonly ops: Theme | readonly CallKindName[];
  readonly pages: number;
  /** Most calls; absent: no limit. */
  readonly depth?: number;
}

/**
 * What is searched one after the other, until something is found or time is up: small spaces first, each with the calls of one
 * subject, since these find nearly everything there is to find, and in a second; then more calls, and more pages.
 */
export const WIDENINGS: readonly Widening[] = [
  { ops: 'guards', pages: 2 },
  { ops: 'anonymous', pages: 2 },
  { ops: 'softDirty', pages: 2, depth: 6 },
  { ops: 'hints', pages: 2, depth: 4 },
  { ops: 'moves', pages: 3, depth: 5 },
  { ops: 'small', pages: 2 },
  { ops: 'guards', pages: 3 },
  { ops: 'hints', pages: 3, depth: 4 },
  { ops: 'small', pages: 3, depth: 5 },
  { ops: 'medium', pages: 2, depth: 6 },
  { ops: 'full', pages: 2, depth: 5 },
  { ops: 'full', pages: 3, depth: 4 },
  { ops: 'small', pages: 4, depth: 5 },
  { ops: 'medium', pages: 3, depth: 5 },
  { ops: 'small', pages: 3 },
  { ops: 'full', pages: 3, depth: 5 },
  { ops: 'medium', pages: 4, depth: 5 },
  { ops: 'full', pages: 4, depth: 4 },
  { ops: 'full', pages: 4 },
];
