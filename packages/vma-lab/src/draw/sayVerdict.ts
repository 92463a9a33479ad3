import type { Explored } from 'vma-check';
import type { Style } from '../cli/style.ts';

const BOUNDS = {
  depth: '',
  states: 'the limit on states was reached',
  bytes: 'the limit on memory was reached',
  aborted: 'time was up',
  offsets: 'page offsets wander without end',
} as const;

/** What was searched. */
export interface Searched {
  /** Calls and pages, in words. */
  readonly calls: string;
  readonly pages: number;
  /** States were kept themselves, not as hashes. */
  readonly exact: boolean;
  /** Most bytes for states. */
  readonly maxBytes: number;
}

/** What a search found where it found nothing, in one line, and no more than that: nor less, where two states may have been taken for one. */
export function sayVerdict(
  explored: Exclude<Explored, { verdict: 'counterexample' }>,
  { calls, pages, exact, maxBytes }: Searched,
  style: Style,
): string {
  const count = (n: number): string => n.toLocaleString('en');
  const memory = `${sayMebibytes(explored.bytes)} of ${sayMebibytes(maxBytes)} for states`;
  const work = `${count(explored.states)} states, ${count(explored.transitions)} calls made, ${memory}`;
  const kept = exact
    ? 'states kept whole'
    : `states kept as hashes, two alike with odds of ${sayOdds(explored.states)} (--exact: none)`;
  if (explored.verdict === 'closed') {
    return `${style.good('closed')}: no sequence of any length over ${pages} pages with these calls (${calls}): ${work}; ${kept}`;
  }
  const why = BOUNDS[explored.bound];
  return `${style.good('none')} to depth ${explored.depth} at ${pages} pages (${calls}): ${work}${why === '' ? '' : `; ${why}`}; ${kept}`;
}

function sayMebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toLocaleString('en', { maximumFractionDigits: 1 })} MiB`;
}

/** The odds that two of the states have the same hash of 64 bits: about states^2 / 2^65. */
function sayOdds(states: number): string {
  return `1 in ${(2 ** 65 / Math.max(1, states) ** 2).toExponential(0).replace('e+', ' * 10^')}`;
}
