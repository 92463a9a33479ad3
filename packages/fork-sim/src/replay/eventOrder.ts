import type { StraceCall } from 'proc-io';

/** Lines that a call may be waited for: a `vfork` goes on only when its child has called `execve`. */
const WINDOW = 512;

/**
 * Puts the calls of several threads into the order in which they may have happened.
 *
 * A log has a call where it ends (`resumed`); one that began earlier on another thread may have come first. Calls are handed on by the
 * line on which they begin, and among those that overlap, one whose result fits the model as it is now comes before one that does not.
 * While a log follows a single thread, calls pass straight through.
 */
export class EventOrder {
  readonly #perform: (call: StraceCall) => void;
  /** Does this call's result depend on what was done before, and does it fit the model as it is now? `null`: it fits always. */
  readonly #fits: (call: StraceCall) => boolean | null;
  /** Sorted by the line on which they begin. */
  #waiting: StraceCall[] = [];
  #threads = false;

  constructor(perform: (call: StraceCall) => void, fits: (call: StraceCall) => boolean | null) {
    this.#perform = perform;
    this.#fits = fits;
  }

  /** From now on several threads may call at the same time. */
  expectThreads(): void {
    this.#threads = true;
  }

  add(call: StraceCall): void {
    if (!this.#threads) {
      this.#perform(call);
      return;
    }
    let at = this.#waiting.length;
    while (at > 0 && (this.#waiting[at - 1] as StraceCall).line > call.line) at--;
    if (at === this.#waiting.length) this.#waiting.push(call);
    else this.#waiting.splice(at, 0, call);
    if (this.#waiting.length > 2 * WINDOW) this.#release(call.endLine - WINDOW);
  }

  /** Hands on everything that began before `line`, so that later lines cannot come between; all of it by default. */
  flush(line: number = Number.POSITIVE_INFINITY): void {
    this.#release(line);
  }

  #release(before: number): void {
    const waiting = this.#waiting;
    let head = 0;
    while (head < waiting.length && (waiting[head] as StraceCall).line < before) {
      const first = waiting[head] as StraceCall;
      const next = waiting[head + 1];
      // The common case: the next call begins after this one has ended.
      if (next === undefined || next.line > first.endLine) {
        this.#perform(first);
        head++;
        continue;
      }
      const pick = this.#pick(head);
      const [call] = waiting.splice(pick, 1);
      this.#perform(call as StraceCall);
    }
    if (head > 0) waiting.splice(0, head);
  }

  /** Which of the calls that overlap the first one goes first. */
  #pick(head: number): number {
    const waiting = this.#waiting;
    let earliestEnd = Number.POSITIVE_INFINITY;
    let fallback = -1;
    for (let at = head; at < waiting.length; at++) {
      const call = waiting[at] as StraceCall;
      if (call.line > earliestEnd) break;
      earliestEnd = Math.min(earliestEnd, call.endLine);
      const fits = this.#hasOwnEarlier(head, at) ? false : this.#fits(call);
      if (fits === true) return at;
      if (fits === null && fallback < 0) fallback = at;
    }
    return fallback < 0 ? head : fallback;
  }

  /** A thread does one thing after the other. */
  #hasOwnEarlier(head: number, at: number): boolean {
    const { pid } = this.#waiting[at] as StraceCall;
    for (let before = head; before < at; before++) {
      if ((this.#waiting[before] as StraceCall).pid === pid) return true;
    }
    return false;
  }
}
