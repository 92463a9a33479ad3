import type { StraceCall } from 'proc-io';
import type { FailureGroup } from './failures.ts';
import type { ReplayedProcess } from './replayedProcess.ts';
import type { ReplaySpace } from './replaySpace.ts';

/** What became of one process of a log. Its VMAs are those of its last address space; its failures those of all. */
export interface ProcessLife {
  /** As {@link ReplayedProcess} has them. */
  readonly pid: number | null;
  readonly parent: number | null;
  readonly program: string | null;
  readonly exited: boolean;
  readonly startsFrom: ReplaySpace['startsFrom'];
  readonly startVmas: number;
  readonly peakVmas: number;
  /** The call that made the peak; `null`: never more than at the start. */
  readonly peakCall: StraceCall | null;
  /** VMAs now, or when it exited. */
  readonly nowVmas: number;
  /** Calls that failed, of one kind each. */
  readonly failures: readonly FailureGroup[];
}

/** Processes that are gone and whose lives are kept. */
const MOST_LIVES = 10_000;

/** The lives of a log's processes, those that are gone too. The limit is above what the log of a build has. */
export class ProcessLives {
  readonly #ended: { readonly life: ProcessLife; readonly born: number }[] = [];

  /** A process leaves its address space. */
  leaves(process: ReplayedProcess): void {
    const { space } = process;
    const { groups } = space.notes.failures;
    // Of a space that others go on with the failures are theirs.
    if (space.users > 1 || groups.length === 0) return;
    process.leftFailures = [...process.leftFailures, ...groups];
  }

  /** A process is gone. Precondition: it still has its address space. */
  ends(process: ReplayedProcess): void {
    if (this.#ended.length >= MOST_LIVES) return;
    this.#ended.push({ life: this.#lifeOf(process, process.space.users === 1), born: process.born });
  }

  /** In the order in which the log shows them. */
  list(living: readonly ReplayedProcess[]): ProcessLife[] {
    // Of an address space that several share the failures are the first one's.
    const spaces = new Set<ReplaySpace>();
    const now = living.map((process) => {
      const isOwn = !spaces.has(process.space);
      spaces.add(process.space);
      return { life: this.#lifeOf(process, isOwn), born: process.born };
    });
    return [...this.#ended, ...now].sort((a, b) => a.born - b.born).map(({ life }) => life);
  }

  /** @param isOwn the failures in its address space are its own */
  #lifeOf(process: ReplayedProcess, isOwn: boolean): ProcessLife {
    const { pid, parent, program, exited, space, lastVmas, leftFailures } = process;
    const { peak, failures } = space.notes;
    const nowVmas = lastVmas?.length ?? space.process.mm.mapCount;
    return {
      pid,
      parent,
      program,
      exited,
      startsFrom: space.startsFrom,
      startVmas: space.startVmas,
      peakVmas: peak.vmas,
      peakCall: peak.call,
      nowVmas,
      failures: [...leftFailures, ...(isOwn ? failures.groups : [])],
    };
  }
}
