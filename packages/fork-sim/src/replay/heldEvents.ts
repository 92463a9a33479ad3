import type { StraceCall, StraceEvent } from 'proc-io';
import { UnseenChildren } from './unseenChildren.ts';

/** Calls that are looked at, at most, before it is decided whose they are: a pid that nothing has shown makes them wait. */
const MOST_HELD = 1024;
/** With fewer calls held nothing is decided, unless the log ends. */
const FEWEST_HELD = 32;

/** What has to be decided: which pids belong together. */
export interface HeldCalls {
  /** Pids that no clone has shown, in the order of their lines. */
  readonly unknown: readonly number[];
  readonly calls: readonly StraceCall[];
  /** Pids that strace said it attached to before any call: each was named on its command line. */
  readonly attached: ReadonlySet<number>;
}

/** Whose the calls of a pid are that no clone has shown. */
export interface Ownership {
  /** A pid whose thread it is; `null`: it is a process of its own. */
  readonly threadOf: number | null;
  /** The pid whose initial map it has, where that is another thread of its process; `null`: its own, if there is one. */
  readonly mapOf: number | null;
  /** What was assumed, in a sentence; `null`: nothing. */
  readonly note: string | null;
}

/**
 * Holds the events of a log from the first call of a pid on that no clone has shown, until a clone shows it or enough is seen to decide
 * whose it is: a thread that ran before the log began, or another process that strace was attached to.
 *
 * Where every pid is shown, nothing is held.
 */
export class HeldEvents {
  readonly #decide: (held: HeldCalls, isLast: boolean) => boolean;
  readonly #isOwn: (pid: number) => boolean;
  readonly #rename: (pid: number, outer: number) => void;
  readonly #children = new UnseenChildren();
  readonly #known = new Set<number>();
  readonly #attached = new Set<number>();
  readonly #unknown = new Set<number>();
  #held: StraceEvent[] = [];
  #calls = 0;
  #next = 0;
  #isReleasing = false;
  #nextLook = FEWEST_HELD;
  #begun = false;
  /** Whose the last call was, which is known; -1: of nobody. */
  #lastPid: number | null = -1;

  /**
   * @param decide takes note of whose the pids are; false: more has to be seen, and `isLast` is not set
   * @param isOwn is the first pid of the log known to be a process of its own?
   * @param rename told of a child by which pid its lines have, where the clone that made it was handed on already
   */
  constructor(
    decide: (held: HeldCalls, isLast: boolean) => boolean,
    isOwn: (pid: number) => boolean,
    rename: (pid: number, outer: number) => void,
  ) {
    this.#decide = decide;
    this.#isOwn = isOwn;
    this.#rename = rename;
  }

  /** Events that wait here. */
  get waiting(): number {
    return this.#held.length - this.#next;
  }

  /** Takes an event; false: it is not held. */
  take(event: StraceEvent): boolean {
    if (this.#held.length === 0) {
      if (event.kind !== 'call') {
        this.#see(event);
        return false;
      }
      if (event.pid === this.#lastPid && !isClone(event)) return false;
      this.#lastPid = event.pid;
      this.#learn(event);
      if (this.#unknown.size === 0) return false;
    } else if (event.kind === 'call') this.#learn(event);
    else this.#see(event);
    this.#held.push(event);
    if (event.kind === 'call') this.#calls++;
    if (this.#unknown.size === 0) this.#release();
    else if (this.#calls >= this.#nextLook) this.#look(event.kind === 'call' ? event.openSince : null);
    return true;
  }

  /** An event that is held no more; `null`: none. */
  next(): StraceEvent | null {
    if (!this.#isReleasing) return null;
    const event = this.#held[this.#next++];
    if (event !== undefined) return event;
    this.#held = [];
    this.#next = 0;
    this.#calls = 0;
    this.#isReleasing = false;
    this.#nextLook = FEWEST_HELD;
    return null;
  }

  /** The log is over: everything is decided. */
  flush(): void {
    if (this.#held.length === 0 || this.#isReleasing) return;
    this.#findChildren();
    if (this.#unknown.size > 0) this.#decide(this.#what, true);
    this.#release();
  }

  /** Pids that no clone has shown are of children whose clone answered with the pid that they have in a container. */
  #findChildren(): void {
    for (const pid of this.#unknown) {
      if (this.#attached.has(pid)) continue;
      const child = this.#children.find(pid, this.#held);
      if (child === null) continue;
      this.#known.add(pid);
      this.#unknown.delete(pid);
      const at = this.#held.indexOf(child.call);
      if (at < 0) this.#rename(child.pid, pid);
      else this.#held[at] = { ...child.call, ret: pid };
    }
  }

  get #what(): HeldCalls {
    const calls = this.#held.filter((event) => event.kind === 'call');
    return { unknown: [...this.#unknown], calls, attached: this.#attached };
  }

  #look(openSince: number | null): void {
    const isLast = this.#calls >= MOST_HELD;
    this.#nextLook = Math.min(MOST_HELD, 2 * this.#nextLook);
    // A clone may be among the calls that have no result yet.
    if (!isLast && openSince !== null && openSince <= (this.#held[0]?.line ?? 0)) return;
    this.#findChildren();
    if (this.#unknown.size === 0 || this.#decide(this.#what, isLast) || isLast) this.#release();
  }

  #release(): void {
    for (const pid of this.#unknown) this.#known.add(pid);
    this.#unknown.clear();
    this.#isReleasing = true;
  }

  #learn(call: StraceCall): void {
    if (isClone(call) && call.ret !== null && call.errno === null) {
      this.#known.add(call.ret);
      this.#unknown.delete(call.ret);
      this.#children.born(call, call.ret);
    }
    const { pid } = call;
    this.#children.seen(pid);
    if (pid === null || this.#known.has(pid)) {
      this.#begun = true;
      return;
    }
    const isFirst = !this.#begun;
    this.#begun = true;
    if (isFirst && this.#isOwn(pid)) this.#known.add(pid);
    else this.#unknown.add(pid);
  }

  #see(event: StraceEvent): void {
    if (event.kind === 'attach' && !this.#begun) this.#attached.add(event.pid);
    if (event.kind === 'pidKnown') this.#known.add(event.pid);
    if (event.kind === 'exit' && event.pid !== null && this.#held.length === 0) {
      this.#known.delete(event.pid);
      this.#lastPid = -1;
    }
    if (event.kind === 'exit') this.#children.seen(event.pid);
  }
}

/** Does a call make a process or a thread? */
function isClone({ name }: StraceCall): boolean {
  return name === 'clone' || name === 'clone3' || name === 'fork' || name === 'vfork';
}
