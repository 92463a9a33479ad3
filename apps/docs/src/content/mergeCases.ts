import { scenarioOf, type TraceStep, traceScenario } from 'fork-sim';
import { type Attempt, attemptsOf, caseName, MERGE_FUNCTIONS } from '../picture/attempts.ts';

type Merged = NonNullable<Attempt['merged']>;

/** A merge of the gallery: the calls that lead to it, and the one that makes it. */
export interface MergeCase {
  readonly of: Merged['of'];
  /** As the kernel's own drawings name it. */
  readonly name: string;
  /** Its place on the page, such as `existing-prev-removed`. */
  readonly anchor: string;
  readonly kernelFunction: string;
  readonly lines: string;
  readonly step: TraceStep;
  readonly merged: Merged;
}

/** The calls of each shape: a new range, a part that changes, a range that moves. */
const CALLS: Readonly<Record<Merged['of'], readonly string[]>> = {
  new: ['mmap 2+3 rw; mmap 5+3 rw', 'mmap 6+3 rw; mmap 3+3 rw', 'mmap 2+3 rw; mmap 8+3 rw; mmap 5+3 rw'],
  existing: [
    'mmap 2+3 r; mmap 5+6 rw; mprotect 5+3 r',
    'mmap 2+3 r; mmap 5+3 rw; mprotect 5+3 r',
    'mmap 2+6 rw; mmap 8+3 r; mprotect 5+3 r',
    'mmap 5+3 rw; mmap 8+3 r; mprotect 5+3 r',
    'mmap 2+3 r; mmap 5+3 rw; mmap 8+3 r; mprotect 5+3 r',
  ],
  copied: [
    'mmap 2+3 rw; mmap 11+2 rw; mremap 11+2 -> 5+2 mayMove',
    'mmap 8+3 rw; mmap 1+2 rw; mremap 1+2 -> 6+2 mayMove',
    'mmap 2+3 rw; mmap 7+3 rw; mmap 13+2 rw; mremap 13+2 -> 5+2 mayMove',
  ],
};

/**
 * The merges of the gallery, as the engine makes them.
 * @throws Error where a call does not merge, or two shapes are the same: the page would say something untrue
 */
export function mergeCases(): MergeCase[] {
  const cases = Object.entries(CALLS).flatMap(([of, all]) =>
    all.map((lines): MergeCase => {
      const step = traceScenario(scenarioOf('merge', lines.replaceAll('; ', '\n')), { profile: '6.19' }).steps.at(-1);
      const merged = step && attemptsOf(step).find((attempt) => attempt.merged !== null)?.merged;
      if (!step || !merged || merged.of !== of) throw new Error(`${lines}: no merge of a range that is ${of}`);
      const anchor = `${of}-${merged.into}${of === 'existing' && merged.removed.length > 0 ? '-removed' : ''}`;
      return {
        of: merged.of,
        name: caseName(merged),
        anchor,
        kernelFunction: MERGE_FUNCTIONS[merged.of],
        lines,
        step,
        merged,
      };
    }),
  );
  const names = new Set(cases.map(({ anchor }) => anchor));
  if (names.size !== cases.length) throw new Error('two merges of the gallery have the same shape');
  return cases;
}
