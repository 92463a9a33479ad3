import { InvariantError } from 'vma-core';
import type { JobControl } from './forkSimApi.ts';
import { Pacer } from './pacer.ts';
import { CancelledError } from './workerErrors.ts';

/** Carries jobs out one after the other: a job that pauses is never overtaken by one that came later. */
export class JobQueue {
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;

  /**
   * Adds a job.
   * @throws InvariantError where the queue is closed; CancelledError where it is cancelled before its turn, at once; what the job throws
   */
  run<T>(control: JobControl, job: (pacer: Pacer) => T | Promise<T>): Promise<T> {
    const pacer = new Pacer(control);
    let waits = true;
    const turn = this.#last.then(() => {
      waits = false;
      if (this.#closed) throw new InvariantError('the simulation was disposed of');
      pacer.check();
      return job(pacer);
    });
    this.#last = turn.catch(() => {}).then(() => pacer.close());
    const { signal } = control;
    if (signal === undefined) return turn;
    return new Promise((resolve, reject) => {
      const cancel = (): void => {
        if (waits) reject(new CancelledError());
      };
      signal.addEventListener('abort', cancel, { once: true });
      turn.then(resolve, reject).finally(() => signal.removeEventListener('abort', cancel));
    });
  }

  /** Refuses every job from now on. */
  close(): void {
    this.#closed = true;
  }
}
