import type { StraceCall } from 'proc-io';

/** Lines that a call may be waited for: some never return. */
const WINDOW = 512;
/** Calls that are planned at once, and of those that overlap without end as many are handed on before the next are looked at. */
const PLANNED = 64;

/**
 * Puts calls that overlap into order; they come in the order in which they began. It is asked just before the first is handed on.
 *
 * @param isNeeded the plan has this call; others, which calls to come may have to come before, only where one that is needed fits behind them
 */
type Plan = (calls: readonly StraceCall[], isNeeded: (call: StraceCall) => boolean) => readonly StraceCall[];

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
  readonly #plan: Plan;
  /** The one call that waits while none overlaps another: it needs no list. */
  #only: StraceCall | null = null;
  /** What is handed on next in any case. */
  #planned: readonly StraceCall[] = [];
  #nextPlanned = 0;
  /** Sorted by the line on which they begin; those before {@link #head} were handed on. */
  #waiting: StraceCall[] = [];
  #head = 0;
  /** Calls that end before this line are handed on: no call that has no result yet began earlier. */
  #openSince = 0;
  /** Calls that begin before this line are handed on, also where earlier ones have no result yet. */
  #windowEnd = 0;

  constructor(plan: Plan) {
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
    const many = this.#many();
    if (many === null) return this.#wait();
    const { end, isAll } = many;
    const waiting = this.#waiting;
    const together = waiting.slice(this.#head, end);
    // What comes behind may have to come before one of these that ends later.
    const limit = isAll ? Number.POSITIVE_INFINITY : Math.min(this.#openSince, (waiting[end] as StraceCall).line);
    const isNeeded = (call: StraceCall): boolean => (isAll ? this.#isSettled(call) : call.endLine < limit);
    const planned = this.#plan(together, isNeeded);
    const now = new Set(isAll ? planned : planned.slice(0, PLANNED / 2));
    const later = together.filter((call) => !now.has(call));
    waiting.splice(this.#head, together.length, ...later);
    this.#planned = [...now];
    this.#nextPlanned = 1;
    return this.#planned[0] as StraceCall;
  }

  /**
   * Where those end that the first call overlaps, and that overlap these, and so on; or, where that goes on and on, the first of them, if
   * some can be put into order by themselves. `null`: more of the log must be seen first.
   */
  #many(): { readonly end: number; readonly isAll: boolean } | null {
    const waiting = this.#waiting;
    const begin = this.#head;
    const isForced = (waiting[begin] as StraceCall).line < this.#windowEnd;
    let lastLine = 0;
    let firstEnd = Number.POSITIVE_INFINITY;
    let end = begin;
    for (; end < waiting.length; end++) {
      const call = waiting[end] as StraceCall;
      if (end > begin && call.line > lastLine) break;
      if (end - begin >= PLANNED) {
        if (firstEnd < Math.min(call.line, this.#openSince)) return { end, isAll: false };
        if (firstEnd >= this.#openSince && !isForced) return null;
      }
      lastLine = Math.max(lastLine, call.endLine);
      firstEnd = Math.min(firstEnd, call.endLine);
    }
    return lastLine < this.#openSince || isForced ? { end, isAll: true } : null;
  }
}
