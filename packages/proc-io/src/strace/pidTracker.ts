/**
 * Whose lines are those without a pid? A log without `-o` prints `[pid 7]` only while it follows several processes:
 * the first one has no pid until a second is attached, and the last one left has none again.
 */
export class PidTracker {
  /** Pid of the process whose lines had none at first. */
  private first: number | null = null;
  private sawUnprefixed = false;
  private readonly live: Set<number> = new Set();

  /** A line without a pid: whose is it? `null`: of the first process, not yet known. */
  ofUnprefixed(): number | null {
    if (this.live.size === 1 && (this.first !== null || !this.sawUnprefixed)) {
      for (const only of this.live) return only;
    }
    this.sawUnprefixed = true;
    return this.first;
  }

  /** A line with `[pid 7]`. True where this tells who the first process is. */
  bracketed(pid: number): boolean {
    if (this.live.has(pid)) return false;
    this.live.add(pid);
    if (this.first !== null || !this.sawUnprefixed) return false;
    this.first = pid;
    return true;
  }

  attached(pid: number): void {
    this.live.add(pid);
  }

  /** The process exited, was killed or detached. */
  gone(pid: number | null): void {
    if (pid !== null) this.live.delete(pid);
  }
}
