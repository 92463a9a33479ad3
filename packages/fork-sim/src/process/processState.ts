import type { FrameTable, PageTable } from 'pt-model';
import type { Mm, UffdContext, VmFile } from 'vma-core';
import type { Inode } from './inode.ts';

/** A process as faults, forks and page operations see it. */
export interface ProcessState {
  readonly world: WorldState;
  readonly mm: Mm;
  readonly pageTable: PageTable;
  /** Ids of the userfaultfds made for this process: each belongs to one address space, and ends with it. Kernel: `ctx->mm`. */
  readonly uffdContexts: Set<number>;
  /** Ends the process. */
  exit(): void;
}

/** What processes share, as faults, forks and page operations see it. */
export interface WorldState {
  readonly frames: FrameTable;
  /** Processes that have not exited, by pid. */
  readonly processes: ReadonlyMap<number, ProcessState>;
  /** What merging knows of open files. */
  readonly files: ReadonlyMap<number, VmFile>;
  /** Pages that a read fault of a file maps at once. */
  readonly faultAroundPages: number;
  readonly uffdContexts: ReadonlyMap<number, UffdContext>;
  /** The inode behind an open file. */
  inodeOf(file: number): Inode;
  /** A VMA of this file has come (`+1`) or gone (`-1`). */
  fileMapped(file: number, change: 1 | -1): void;
  /** A new userfaultfd of a process, whose end is its end. */
  newUffdContext(features: Omit<UffdContext, 'id'>, owner?: ProcessState): UffdContext;
}
