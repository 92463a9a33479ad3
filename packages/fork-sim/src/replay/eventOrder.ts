import type { StraceCall } from 'proc-io';

/** Lines that a call may be waited for: some never return. */
const WINDOW = 512;

/**
 * Puts the calls of several threads into the order in which they may have happened.
 *
 * A log has a call where it ends (`resumed`); one that began earlier on another thread may have come first. Calls are handed on by the
 * line on which they begin, as soon as no other that may have to come before is still without its result; and among those that overlap,
 * one whose result fits the model as it is now comes before one that does not.
 *
 *     line   1    2    3    4
 *     pid 7  a---------a           a: mmap, whose result is on line 3
 *     pid 8       b         c      b waits until that is read; then a comes first, unless only b fits. c overlaps neither.
 *
 *     add(call); for (let next = order.next(); next !== null; next = order.next()) perform(next);
 */
export class EventOrder {
  /** Does this call's result depend on what was done before, and does it fit the model as it is now? `null`: it fits always. */
  readonly #fits: (call: StraceCall) => boolean | null;
  /** The one call that waits while none overlaps another: it needs no list. */
  #only: StraceCall | null = null;
  /** Sorted by the line on which they begin; those before {@link #head} were handed on. */
  #waiting: StraceCall[] = [];
  #head = 0;
  /** Calls that end before this line are handed on: no call that has no result yet began earlier. */
  #openSince = 0;
  /** Calls that begin before this line are handed on, whatever has no result yet. */
  #windowEnd = 0;

  constructor(fits: (call: StraceCall) => boolean | null) {
    this.#fits = fits;
  }

  /** Calls that were added and not handed on. */
  get waiting(): number {
    return this.#only === null ? this.#waiting.length - this.#head : 1;
  }

  /** Takes a call. Precondition: {@link next} has handed on all that it can. */
  add(call: StraceCall): void {
    const waiting = this.#waiting;
    if (waiting.length === 0 && call.openSince === null) {
      this.#only = call;
      return;
    }
    let at = waiting.length;
    while (at > 0 && (waiting[at - 1] as StraceCall).line > call.line) at--;
    if (at === waiting.length) waiting.push(call);
    else waiting.splice(at, 0, call);
    this.#openSince = call.openSince ?? Number.POSITIVE_INFINITY;
    this.#windowEnd = waiting.length > 2 * WINDOW ? call.endLine - WINDOW : 0;
  }

  /** From now on {@link next} hands on everything, so that later lines cannot come between. */
  flush(): void {
    this.#windowEnd = Number.POSITIVE_INFINITY;
  }

  /**
   * The call that is performed next; `null`: more of the log must be seen first. Ask again only when it has been performed, since
   * what fits depends on it.
   */
  next(): StraceCall | null {
    const only = this.#only;
    if (only !== null) {
      this.#only = null;
      return only;
    }
    const waiting = this.#waiting;
    const first = waiting[this.#head];
    if (first === undefined || (first.endLine >= this.#openSince && first.line >= this.#windowEnd)) {
      if (this.#head > 0) waiting.splice(0, this.#head);
      this.#head = 0;
      return null;
    }
    const second = waiting[this.#head + 1];
    // The common case: the next call begins after this one has ended.
    if (second === undefined || second.line > first.endLine) {
      this.#head++;
      return first;
    }
    return waiting.splice(this.#pick(this.#head), 1)[0] as StraceCall;
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
