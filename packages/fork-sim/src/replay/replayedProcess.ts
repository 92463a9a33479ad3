import type { Vma } from 'vma-core';
import type { UffdTable } from '../process/uffdTable.ts';
import type { FailureGroup } from './failures.ts';
import type { OpenFiles } from './openFiles.ts';
import type { ReplaySpace } from './replaySpace.ts';

/** A process of the log; threads share one. */
export interface ReplayedProcess {
  /** Pid of its first thread; `null`: the log names none. */
  pid: number | null;
  readonly parent: number | null;
  /** What it last exec'ed, as the log has it; `null`: not shown. */
  program: string | null;
  space: ReplaySpace;
  files: OpenFiles;
  uffds: UffdTable;
  exited: boolean;
  /** What it had mapped when it exited, where others go on with its address space; else `null`: what its space has. */
  lastVmas: readonly Vma[] | null;
  /** Pids of the log that are its, threads and all. */
  tids: number;
  /** Those of {@link ReplayOptions.keep} that are, or were, its threads. */
  readonly asked: number[];
  /** Processes that the log had shown before it. */
  readonly born: number;
  /** Calls that failed in address spaces that it has left. */
  leftFailures: readonly FailureGroup[];
}
