import type { CallName } from './callNames.ts';

/** A call whose line ended in `<unfinished ...>`. */
export interface PendingCall {
  readonly call: CallName;
  readonly line: number;
  /** Lines that it took: several where they were wrapped, 0 behind another call. */
  readonly weight: number;
  readonly pid: number | null;
  readonly time: string | null;
  /** The call as far as it was printed; empty where it does not concern memory. */
  readonly head: string;
  /** Column of `head` on its line, from 0. */
  readonly column: number;
}

/** A call, and whether it still waits. */
interface Waiting {
  call: PendingCall;
  waits: boolean;
}

/** The calls that wait for their `resumed` line: at most one a process. */
export class PendingCalls {
  private readonly byPid: Map<number | null, Waiting> = new Map();
  /** Those that concern memory in the order of their lines, and some that wait no more. */
  private queue: Waiting[] = [];
  private first = 0;

  /** Adds a call; returns the one that this process already had, which can no longer be resumed. */
  put(pid: number | null, call: PendingCall): PendingCall | undefined {
    const waiting = { call, waits: true };
    if (call.call.decode !== null) this.queue.push(waiting);
    return this.set(pid, waiting);
  }

  /** Line of the earliest one that concerns memory; `null`: none. */
  since(): number | null {
    const { queue } = this;
    while (this.first < queue.length && !queue[this.first]!.waits) this.first++;
    if (this.first === queue.length) {
      if (this.first > 0) this.drop();
      return null;
    }
    // As many steps as calls were added since the last time.
    if (queue.length > 2 * this.byPid.size + 64) this.drop();
    return this.queue[this.first]!.call.line;
  }

  /** The call that waits under a pid. */
  of(pid: number | null): PendingCall | undefined {
    return this.byPid.get(pid)?.call;
  }

  take(pid: number | null): PendingCall | undefined {
    const waiting = this.byPid.get(pid);
    if (waiting === undefined) return undefined;
    waiting.waits = false;
    this.byPid.delete(pid);
    return waiting.call;
  }

  /** All that is left, in the order of their lines. */
  takeAll(): readonly PendingCall[] {
    const calls = Array.from(this.byPid.values(), ({ call }) => call).sort((a, b) => a.line - b.line);
    this.byPid.clear();
    this.queue = [];
    this.first = 0;
    return calls;
  }

  /** What waits under `from` now waits under `to`; what waited under `to` is returned. */
  move(from: number | null, to: number | null): PendingCall | undefined {
    const waiting = this.byPid.get(from);
    if (waiting === undefined) return undefined;
    this.byPid.delete(from);
    return this.set(to, waiting);
  }

  /** The `execve` of thread `by` is from now on a call of `pid`, under which it goes on; what waited under `pid` is returned. */
  supersede(by: number, pid: number | null): PendingCall | undefined {
    const waiting = this.byPid.get(by);
    if (waiting !== undefined) waiting.call = { ...waiting.call, pid };
    return this.move(by, pid);
  }

  private set(pid: number | null, waiting: Waiting): PendingCall | undefined {
    const before = this.byPid.get(pid);
    if (before !== undefined) before.waits = false;
    this.byPid.set(pid, waiting);
    return before?.call;
  }

  private drop(): void {
    this.queue = this.queue.filter(({ waits }) => waits);
    this.first = 0;
  }
}
