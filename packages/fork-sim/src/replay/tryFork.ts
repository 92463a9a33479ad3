import type { StraceCall } from 'proc-io';
import type { TrialSpace } from './trialSpace.ts';
import { type Misfit, type TrialContext, tryCall } from './tryCall.ts';

/**
 * Forks a child of memory as it is in a trial. A child begins with what is mapped where it is forked, so that its own calls show what that was:
 *
 *     pid 7  clone---------------------= 9        9's mapping has an address that is free: 8's comes behind the fork.
 *     pid 9       mmap = 0x7f12
 *     pid 8    mmap = 0x7f12---             8: another thread of 7's process
 *
 * @param childCalls what the child does, one call after the other
 * @returns why a child that is forked there would have been given another result; `null`: it fits
 */
export function tryFork(trial: TrialSpace, childCalls: readonly StraceCall[], context: TrialContext): Misfit | null {
  const { mark } = trial;
  let misfit: Misfit | null = null;
  for (const call of childCalls) {
    misfit = tryCall(trial, call, context);
    if (misfit !== null) break;
  }
  trial.undoTo(mark);
  return misfit;
}
