import type { JobControl, Progress } from './forkSimApi.ts';
import { CancelledError } from './workerErrors.ts';

/** Milliseconds of work between two looks at the message queue. */
const SLICE_MS = 12;
/** Milliseconds between two reports of progress. */
const REPORT_MS = 50;

/**
 * Lets a long job be interrupted: after each few milliseconds messages are taken in, among them the one that
 * cancels. In a browser a message to oneself comes back after those that wait; `setTimeout` would cost 4 ms each time. Node hands over a
 * thousand messages of one port before it looks at another, so there it is `setImmediate`.
 *
 *     for (...) {
 *       ...a little work
 *       if (pacer.due()) await pacer.pause({ doing: 'copying page tables', part: 0.3, done: 1000, unit: 'PTEs' });
 *     }
 */
export class Pacer {
  readonly control: JobControl;
  readonly #now: () => number;
  #sliceBegan: number;
  #reported = Number.NEGATIVE_INFINITY;
  #channel: MessageChannel | null = null;

  /** `now` gives milliseconds; default: `performance.now`. */
  constructor(control: JobControl, now: () => number = () => performance.now()) {
    this.control = control;
    this.#now = now;
    this.#sliceBegan = now();
  }

  /** Has this slice lasted long enough? Ask after each few milliseconds of work at most. */
  due(): boolean {
    return this.#now() - this.#sliceBegan >= SLICE_MS;
  }

  /**
   * Ends a slice: reports, if the last report is old enough, and takes in what waits in the message queue.
   * @throws CancelledError where the job was cancelled
   */
  async pause(progress: Progress): Promise<void> {
    this.check();
    const now = this.#now();
    if (now - this.#reported >= REPORT_MS) {
      this.#reported = now;
      this.control.onProgress?.(progress);
    }
    await this.#yield();
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

  /** The job is over: nothing of it keeps a process alive. */
  close(): void {
    this.#channel?.port1.close();
    this.#channel = null;
  }

  /** Takes in what waits in the message queue. */
  #yield(): Promise<void> {
    const { setImmediate } = globalThis as { setImmediate?: (then: () => void) => unknown };
    if (setImmediate !== undefined) return new Promise((resolve) => void setImmediate(resolve));
    this.#channel ??= new MessageChannel();
    const { port1, port2 } = this.#channel;
    return new Promise((resolve) => {
      port1.onmessage = () => resolve();
      port2.postMessage(null);
    });
  }
}
