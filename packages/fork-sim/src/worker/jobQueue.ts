import { InvariantError } from 'vma-core';
import type { JobControl } from './forkSimApi.ts';
import { Pacer } from './pacer.ts';

/** Carries jobs out one after the other: a job that pauses is never overtaken by one that came later. */
export class JobQueue {
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;

  /**
   * Adds a job. Its pacer is closed when it is over.
   * @throws InvariantError where the queue is closed; CancelledError where it was cancelled before its turn; what the job throws
   */
  run<T>(control: JobControl, job: (pacer: Pacer) => T | Promise<T>): Promise<T> {
    const turn = this.#last.then(async () => {
      if (this.#closed) throw new InvariantError('the simulation was disposed of');
      const pacer = new Pacer(control);
      try {
        pacer.check();
        return await job(pacer);
      } finally {
        pacer.close();
      }
    });
    this.#last = turn.catch(() => {});
    return turn;
  }

  /** Refuses every job from now on. */
  close(): void {
    this.#closed = true;
  }
}
