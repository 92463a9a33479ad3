import type { Verdict } from 'fork-sim/words';

/** The sign of a verdict: a tick only where everything was judged, and is right. */
export function signOf({ state }: Verdict): string {
  return SIGNS[state];
}

const SIGNS: { readonly [S in Verdict['state']]: string } = { right: '✓', wrong: '≠', open: '?', none: '–' };
