import { InvariantError } from 'vma-core';
import type { JobControl } from './forkSimApi.ts';
import { Job } from './job.ts';
import { CancelledError } from './workerErrors.ts';

/** Carries jobs out one after the other: a job that pauses is never overtaken by one that came later. */
export class JobQueue {
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;

  /**
   * Adds a job.
   * @throws InvariantError where the queue is closed; CancelledError where it is cancelled before its turn, at once; what the job throws
   */
  run<T>(control: JobControl, work: (job: Job) => T | Promise<T>): Promise<T> {
    const job = new Job(control);
    let waits = true;
    const turn = this.#last.then(() => {
      waits = false;
      if (this.#closed) throw new InvariantError('the simulation was disposed of');
      job.check();
      return work(job);
    });
    this.#last = turn.catch(() => {});
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
