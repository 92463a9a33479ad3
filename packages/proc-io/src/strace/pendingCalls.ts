import type { CallName } from './callNames.ts';

/** A call whose line ended in `<unfinished ...>`. */
export interface PendingCall {
  readonly call: CallName;
  readonly line: number;
  readonly pid: number | null;
  readonly time: string | null;
  /** The call as far as it was printed; empty where it does not concern memory. */
  readonly head: string;
  /** Column of `head` on its line, from 0. */
  readonly column: number;
}

/** The calls that wait for their `resumed` line: at most one a process. */
export class PendingCalls {
  private readonly byPid: Map<number | null, PendingCall> = new Map();

  /** Adds a call; returns the one that this process already had, which can no longer be resumed. */
  put(pid: number | null, call: PendingCall): PendingCall | undefined {
    const before = this.byPid.get(pid);
    this.byPid.set(pid, call);
    return before;
  }

  /** Line of the earliest one that concerns memory; `null`: none. */
  since(): number | null {
    if (this.byPid.size === 0) return null;
    let since: number | null = null;
    for (const { call, line } of this.byPid.values()) {
      if (call.decode !== null && (since === null || line < since)) since = line;
    }
    return since;
  }

  take(pid: number | null): PendingCall | undefined {
    const call = this.byPid.get(pid);
    if (call !== undefined) this.byPid.delete(pid);
    return call;
  }

  /** All that is left, in the order of their lines. */
  takeAll(): readonly PendingCall[] {
    const calls = [...this.byPid.values()].sort((a, b) => a.line - b.line);
    this.byPid.clear();
    return calls;
  }

  /** What waits under `from` now waits under `to`; what waited under `to` is returned. */
  move(from: number | null, to: number | null): PendingCall | undefined {
    const call = this.take(from);
    return call === undefined ? undefined : this.put(to, call);
  }
}
