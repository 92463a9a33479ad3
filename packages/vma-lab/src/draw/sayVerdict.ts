import type { Explored } from 'vma-check';
import type { Style } from '../cli/style.ts';

const BOUNDS = {
  depth: '',
  states: 'the limit on states was reached',
  bytes: 'the limit on memory was reached',
  aborted: 'time was up',
  offsets: 'page offsets wander without end',
} as const;

/** What a search found where it found nothing, in one line, and no more than that. */
export function sayVerdict(
  explored: Exclude<Explored, { verdict: 'counterexample' }>,
  calls: string,
  pages: number,
  style: Style,
): string {
  const count = (n: number): string => n.toLocaleString('en');
  const work = `${count(explored.states)} states, ${count(explored.transitions)} calls made`;
  if (explored.verdict === 'closed') {
    return `${style.good('closed')}: no sequence of any length over ${pages} pages with these calls (${calls}): ${work}`;
  }
  const why = BOUNDS[explored.bound];
  return `${style.good('none')} to depth ${explored.depth} at ${pages} pages (${calls}): ${work}${why === '' ? '' : `; ${why}`}`;
}
