import type { StraceCall } from 'proc-io';

/** Lines that a call may be waited for: some never return. */
const WINDOW = 512;
/** Calls that are planned at once, and of those that overlap without end as many are handed on before the next are looked at. */
const PLANNED = 64;

/**
 * Hands on the calls of several threads in an order in which they may have happened.
 *
 * A log has a call where it ends (`resumed`); one that began earlier on another thread may have come first. A call that overlaps no other is
 * handed on where it is. Those that overlap wait for each other's results; then a plan puts them into order.
 *
 *     line   1    2    3    4
 *     pid 7  a---------a           a: mmap, whose result is on line 3
 *     pid 8       b         c      b waits until that is read; then a and b are planned together. c overlaps neither.
 *
 *     add(call); for (let next = order.next(); next !== null; next = order.next()) perform(next);
 */
export class EventOrder {
  /** Puts calls that overlap into order; they come in the order in which they began. Asked just before the first is handed on. */
  readonly #plan: (calls: readonly StraceCall[]) => readonly StraceCall[];
  /** The one call that waits while none overlaps another: it needs no list. */
  #only: StraceCall | null = null;
  /** What is handed on next, whatever comes. */
  #planned: readonly StraceCall[] = [];
  #nextPlanned = 0;
  /** Sorted by the line on which they begin; those before {@link #head} were handed on. */
  #waiting: StraceCall[] = [];
  #head = 0;
  /** Calls that end before this line are handed on: no call that has no result yet began earlier. */
  #openSince = 0;
  /** Calls that begin before this line are handed on, whatever has no result yet. */
  #windowEnd = 0;

  constructor(plan: (calls: readonly StraceCall[]) => readonly StraceCall[]) {
    this.#plan = plan;
  }

  /** Calls that were added and not handed on. */
  get waiting(): number {
    if (this.#only !== null) return 1;
    return this.#waiting.length - this.#head + this.#planned.length - this.#nextPlanned;
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
   * what is planned depends on it.
   */
  next(): StraceCall | null {
    const only = this.#only;
    if (only !== null) {
      this.#only = null;
      return only;
    }
    if (this.#nextPlanned < this.#planned.length) return this.#planned[this.#nextPlanned++] as StraceCall;
    const waiting = this.#waiting;
    const first = waiting[this.#head];
    if (first === undefined) return this.#wait();
    const second = waiting[this.#head + 1];
    // The common case: the next call begins after this one has ended.
    if (second !== undefined && second.line <= first.endLine) return this.#nextOfMany();
    if (!this.#isSettled(first)) return this.#wait();
    this.#head++;
    return first;
  }

  /** Nothing that has no result yet can come before this call, or it has waited long enough. */
  #isSettled(call: StraceCall): boolean {
    return call.endLine < this.#openSince || call.line < this.#windowEnd;
  }

  #wait(): null {
    if (this.#head > 0) this.#waiting.splice(0, this.#head);
    this.#head = 0;
    return null;
  }

  /** The first call overlaps others: plans them together once all their results are known, or as many as are looked at together. */
  #nextOfMany(): StraceCall | null {
    const waiting = this.#waiting;
    const begin = this.#head;
    let end = begin;
    let lastLine = 0;
    let settled = 0;
    for (; end < waiting.length && end - begin < PLANNED; end++) {
      const call = waiting[end] as StraceCall;
      if (end > begin && call.line > lastLine) break;
      lastLine = Math.max(lastLine, call.endLine);
      if (this.#isSettled(call)) settled++;
    }
    const many = end - begin;
    const isWhole = settled === many;
    const isForced = (waiting[begin] as StraceCall).line < this.#windowEnd;
    if (settled === 0 || !(isWhole || isForced || many === PLANNED)) return this.#wait();
    const planned = this.#plan(waiting.slice(begin, end));
    const now = new Set(planned.slice(0, this.#most(planned, isWhole && many < PLANNED)));
    const later = waiting.slice(begin, end).filter((call) => !now.has(call));
    waiting.splice(begin, many, ...later);
    this.#planned = [...now];
    this.#nextPlanned = 1;
    return this.#planned[0] as StraceCall;
  }

  /** How many calls of a plan are handed on: all, or of calls that others may overlap only what has to be. */
  #most(planned: readonly StraceCall[], isAll: boolean): number {
    if (isAll) return planned.length;
    const lastSettled = planned.findLastIndex((call) => this.#isSettled(call));
    return Math.max(1, Math.min(lastSettled + 1, PLANNED / 2));
  }
}
