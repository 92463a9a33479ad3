import type { SyscallResult } from 'vma-core';

/** Work on page tables in pieces of a millisecond or so. What it returns is the result of the call that asked for it; nothing is 0. */
export type PageSteps = Generator<unknown, SyscallResult | undefined>;

/** Up to so many pages work is never put off: they take a fraction of a millisecond. */
const SMALL_PAGES = 2 ** 12;

/**
 * What system calls have yet to do to page tables. By default there is never anything: a call does all of its work before it returns. One
 * call may populate, unmap or fork many gigabytes, though, and whoever must not be kept waiting has the long part of it put off:
 *
 *     world.pageWork.putsOff = true;
 *     process.mmap({ ...sixteenGiB, flags: flags | MAP_POPULATE }); // the VMA is there, its pages are not yet
 *     while (world.pageWork.step()) lookAtTheMessageQueue();
 *     const result = world.pageWork.takeResult();                   // what the call would have returned
 *
 * Pieces are done in the order in which calls asked for them, so that the state in the end is the same. A process finishes what is left
 * before its next system call, access or fork. Nothing else looks at page tables before all is done.
 */
export class PageWork {
  /** Large work is put off; whoever sets this does it by {@link step}, or all at once by {@link finish}. */
  putsOff = false;
  readonly #left: PageSteps[] = [];
  #result: SyscallResult = 0;
  #stepping = false;

  /** Something is left to be done. */
  get pending(): boolean {
    return this.#left.length > 0;
  }

  /** Is work on so many pages put off? What follows something that was put off is put off too. */
  isPutOff(pages: number): boolean {
    return this.putsOff && (pages > SMALL_PAGES || this.#left.length > 0);
  }

  /** Puts work off. */
  add(steps: PageSteps): void {
    this.#left.push(steps);
  }

  /** Does work on so many pages: at once, or it is put off, and then the answer is 0 for now. */
  run(pages: number, steps: () => PageSteps): SyscallResult {
    if (!this.isPutOff(pages)) return runSteps(steps());
    this.add(steps());
    return 0;
  }

  /**
   * Does a piece of what is left; false: nothing is.
   * @throws OutOfMemoryError: the work that needs more than there is, is given up; what was done of it stays, and the rest goes on
   */
  step(): boolean {
    const steps = this.#left[0];
    if (steps === undefined) return false;
    let done = true;
    this.#stepping = true;
    try {
      const step = steps.next();
      done = step.done === true;
      if (step.done === true && this.#result === 0) this.#result = step.value ?? 0;
    } finally {
      this.#stepping = false;
      if (done) this.#left.shift();
    }
    return this.pending;
  }

  /** Does all that is left; within a piece, that comes when the piece is done. Throws what {@link step} does. */
  finish(): void {
    while (!this.#stepping && this.step());
  }

  /** The first result of what was put off that is not 0; afterwards it is 0 again. */
  takeResult(): SyscallResult {
    const result = this.#result;
    this.#result = 0;
    return result;
  }
}

/** Carries steps out at once. */
export function runSteps(steps: PageSteps): SyscallResult {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value ?? 0;
  }
}
