import type { RecordedProcess } from './recordingMeta.ts';

/** What is known of a process while it is recorded. */
interface Known {
  readonly pid: number;
  readonly parent?: number;
  readonly initial: string[];
  final?: string;
  note?: string;
  isOver: boolean;
}

/** The processes of a recording, threads left out, in the order in which they were seen. */
export class ProcessList {
  readonly #known = new Map<number, Known>();
  readonly #cloning = new Set<number>();

  /** A thread begins to make another one. */
  clonesThread(tid: number): void {
    this.#cloning.add(tid);
  }

  /**
   * A thread `by` of `parent` has made another one, or a process.
   *
   * @param begun the call's arguments were seen, and are not those of a thread
   * @returns false: it is a thread
   */
  born(pid: number, by: number, parent: number, begun: boolean): boolean {
    if (this.#cloning.delete(by) && !begun) return false;
    const known = this.#known.get(pid);
    // Its first lines may come before the call that made it is over.
    if (known === undefined || known.parent === undefined) {
      this.#known.set(pid, { isOver: false, initial: [], ...known, pid, parent });
    }
    return true;
  }

  /** Adds a process that was not seen before. */
  of(pid: number): Known {
    let known = this.#known.get(pid);
    if (known === undefined) {
      known = { pid, initial: [], isOver: false };
      this.#known.set(pid, known);
    }
    return known;
  }

  /** It has ended. */
  over(pid: number, signal: string | undefined): void {
    const known = this.#known.get(pid);
    if (known === undefined || known.isOver) return;
    known.isOver = true;
    if (known.final !== undefined) return;
    known.note ??=
      signal === undefined ? 'its map at the end was not read in time' : `killed by ${signal}: no map at the end`;
  }

  /** Pids of those that have not ended. */
  get living(): number[] {
    return [...this.#known.values()].filter(({ isOver }) => !isOver).map(({ pid }) => pid);
  }

  /** As `meta.json` has them; `first`: the first one, which has the plain names. */
  list(): RecordedProcess[] {
    return [...this.#known.values()].map(({ pid, parent, initial, final, note }) => ({
      pid,
      ...(parent === undefined ? {} : { parent }),
      ...(initial.length === 0 ? {} : { initial: initial.length === 1 ? initial[0]! : initial }),
      ...(final === undefined ? {} : { final }),
      ...(note === undefined ? {} : { note }),
    }));
  }
}
