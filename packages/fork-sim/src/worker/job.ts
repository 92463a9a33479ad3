import type { JobControl, Progress } from './forkSimApi.ts';
import { CancelledError } from './workerErrors.ts';

/** Milliseconds of work between two looks at the message queue. */
const WORK_MS = 12;
/** Milliseconds between two reports of progress. */
const REPORT_MS = 50;

/**
 * A call that is carried out: it pauses after each few milliseconds, and messages are taken in, among them the one that cancels it.
 *
 *     for (...) {
 *       ...a little work
 *       if (job.due()) await job.pause({ doing: 'copying page tables', part: 0.3, done: 1000, unit: 'PTEs' });
 *     }
 */
export class Job {
  readonly control: JobControl;
  readonly #now: () => number;
  #sliceBegan: number;
  #reported = Number.NEGATIVE_INFINITY;

  /** `now` gives milliseconds; default: `performance.now`. */
  constructor(control: JobControl, now: () => number = () => performance.now()) {
    this.control = control;
    this.#now = now;
    this.#sliceBegan = now();
  }

  /** Is it time to pause? Ask after each few milliseconds of work at most. */
  due(): boolean {
    return this.#now() - this.#sliceBegan >= WORK_MS;
  }

  /**
   * Reports, if the last report is old enough, and takes in what waits in the message queue.
   * @throws CancelledError where the job was cancelled
   */
  async pause(progress: Progress): Promise<void> {
    this.check();
    if (this.#now() - this.#reported >= REPORT_MS) this.report(progress);
    await takeIn();
    this.#sliceBegan = this.#now();
    this.check();
  }

  /** Reports at once, as at the end of a job. */
  report(progress: Progress): void {
    this.#reported = this.#now();
    this.control.onProgress?.(progress);
  }

  /** @throws CancelledError where the job was cancelled */
  check(): void {
    if (this.control.signal?.aborted) throw new CancelledError();
  }
}

/**
 * Takes in what waits in the message queue. In a browser a message to oneself comes back after those that wait; `setTimeout` would cost 4 ms
 * each time. Node hands over a thousand messages of one port before it looks at another, so there it is `setImmediate`.
 */
function takeIn(): Promise<void> {
  const { setImmediate } = globalThis as { setImmediate?: (then: () => void) => unknown };
  return new Promise((resolve) => {
    if (setImmediate !== undefined) {
      setImmediate(resolve);
      return;
    }
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
