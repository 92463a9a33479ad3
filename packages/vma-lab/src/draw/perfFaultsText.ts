import { countOf } from 'fork-sim/words';

/** Why the page faults of a log of `perf trace` change nothing. */
export function perfFaultsText(count: number): string {
  return `${countOf(count, 'page fault')} of perf trace, not used: perf trace does not say whether a fault was a write; vma-lab record takes writes`;
}
