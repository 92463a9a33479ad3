import type { StraceCall, StraceEvent } from 'proc-io';

/** Children that are remembered without a line of their own: without `-f`, none has one. */
const MOST_UNSEEN = 256;

/** A child of which no line was seen. */
interface UnseenChild {
  /** What its clone answered. */
  readonly pid: number;
  readonly call: StraceCall;
}

/**
 * Children that no line of a log is of, by the pid that their clone answered with. In a container (a PID namespace) that is the pid which they
 * have there, while strace prints the one that they have where it runs itself:
 *
 *     9843 clone(child_stack=NULL, flags=SIGCHLD) = 2
 *     9844 brk(NULL) = 0x55d0c0de0000                      the child: no other clone shows pid 9844, and no line is of pid 2
 *
 * The kernel gives out both numbers at once, and the outer one grows with every process of the machine. So it is above the parent's, and above the inner one.
 */
export class UnseenChildren {
  /** In the order of their clones. */
  readonly #children = new Map<number, UnseenChild>();

  born(call: StraceCall, pid: number): void {
    this.#children.set(pid, { pid, call });
    if (this.#children.size <= MOST_UNSEEN) return;
    for (const [first] of this.#children) {
      this.#children.delete(first);
      return;
    }
  }

  /** A line is of this pid. */
  seen(pid: number | null): void {
    if (pid !== null && this.#children.size > 0) this.#children.delete(pid);
  }

  /** The child that a pid may be, which no clone has shown, and takes it; `null`: none. */
  find(outer: number, events: readonly StraceEvent[]): UnseenChild | null {
    const first = events.find((event) => event.kind === 'call' && event.pid === outer)?.line ?? 0;
    for (const child of this.#children.values()) {
      const { pid, call } = child;
      if (call.line > first || pid >= outer || (call.pid ?? 0) >= outer) continue;
      this.#children.delete(pid);
      return child;
    }
    return null;
  }
}
