import type { Progress } from './forkSimApi.ts';
import type { Pacer } from './pacer.ts';

/** Something that is done in pieces. */
export interface Worked {
  /** Does a piece of a few milliseconds at most; false: nothing is left. */
  work(): boolean;
}

/**
 * Does what a call of the model has put off (see `PageWork`), with pauses.
 *
 * @throws CancelledError: the rest is done once the caller has its answer, before the next job, so that the state is in any case that after
 *   the call
 */
export async function finishWork(of: Worked, pacer: Pacer, progress: () => Progress): Promise<void> {
  try {
    while (of.work()) if (pacer.due()) await pacer.pause(progress());
  } catch (error) {
    pacer.afterwards(() => of.work());
    throw error;
  }
}
