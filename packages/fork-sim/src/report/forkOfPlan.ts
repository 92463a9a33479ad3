import {
  type Errno,
  InvariantError,
  isErrno,
  MADV_GUARD_INSTALL,
  MAP_ANONYMOUS,
  MAP_FIXED,
  MAP_NORESERVE,
  MAP_PRIVATE,
  MAP_SHARED,
  PAGE_SIZE,
  PROT_READ,
  PROT_WRITE,
} from 'vma-core';
import { type Process, World, type WorldOptions } from '../process/process.ts';
import type { ForkEntries } from './forkEntries.ts';
import { type ForkReport, forkReportOf } from './forkReport.ts';
import { type VmaRow, vmaRows } from './vmaRow.ts';

/** A process as one plans it, such as a database: memory that it writes, and shared files that it maps and reads. */
export interface MemoryPlan {
  /** Private memory, every page written; bytes. */
  readonly written: number;
  /** The written memory is of huge pages. */
  readonly hugePages: boolean;
  /** Shared mappings of a file each, every page read. */
  readonly files: number;
  /** Bytes of each of them. */
  readonly fileBytes: number;
  /** This many of them have one guard marker, on their first page. */
  readonly guarded: number;
}

/** What a fork of a planned process does. */
export interface PlannedFork {
  /** The written memory first, then the files, apart from each other. */
  readonly map: readonly VmaRow[];
  readonly report: ForkReport;
  /** The errno with which this kernel refuses a guard marker in a file mapping; then there is none. `null`: it installs them. */
  readonly refused: string | null;
}

/** Where the mappings begin: the start of a huge page, a page-table page and all tables above. */
const FIRST = 2 ** 39;
/** Each mapping begins at a multiple of it. */
const APART = 2 ** 30;
const ACCESS = PROT_READ | PROT_WRITE;
const ANON_FLAGS = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED;
/** Entries of a PTE table: the pages of a huge page. */
const HUGE_PAGES = 512;

/**
 * What a fork of a process copies before there is one. Its VMAs are made by the calls that make them, with one page of each touched; what a
 * fork does with a VMA does not depend on how many of its pages are there, only what it costs does.
 *
 * @throws InvariantError for sizes that are no multiple of 2 MiB, or do not fit into the address space
 */
export function forkOfPlan(plan: MemoryPlan, options: Pick<WorldOptions, 'profile'> = {}): PlannedFork {
  const { written, files, fileBytes, guarded } = plan;
  const process = new World({ ...options, softDirty: false, faultAroundPages: 1 }).newProcess();
  let next = FIRST;
  const place = (bytes: number): number => {
    if (bytes % (HUGE_PAGES * PAGE_SIZE) !== 0) throw new InvariantError(`${bytes} bytes are not a multiple of 2 MiB`);
    const start = next;
    next += Math.ceil(bytes / APART + 1) * APART;
    return start;
  };
  if (written > 0) mapWritten(process, place(written), written);
  let refused: string | null = null;
  for (let at = 0; at < files; at++) {
    const start = place(fileBytes);
    mapFile(process, start, fileBytes);
    if (at >= guarded || refused !== null) continue;
    const result = process.madvise(start, PAGE_SIZE, MADV_GUARD_INSTALL);
    if (typeof result === 'string') refused = result;
  }
  const map = vmaRows(process, null);
  return { map, report: forkReportOf(map, (row) => entriesOf(row, plan)), refused };
}

function mapWritten(process: Process, addr: number, length: number): void {
  checked(process.mmap({ addr, length, prot: ACCESS, flags: ANON_FLAGS }), length);
  process.access(addr, 'write', 1);
}

function mapFile(process: Process, addr: number, length: number): void {
  const pages = length / PAGE_SIZE;
  const file = process.world.open({ inode: process.world.newInode({ pages }) });
  checked(process.mmap({ addr, length, prot: ACCESS, flags: MAP_SHARED | MAP_FIXED, file }), length);
}

function checked(result: number | Errno, length: number): void {
  if (isErrno(result)) throw new InvariantError(`mmap of ${length} bytes: ${result}`);
}

/** Every page of a mapping is there, but for its guards. A marker is an entry as well, and no page. */
function entriesOf({ start, end, backing, guardPages }: VmaRow, { hugePages }: MemoryPlan): ForkEntries {
  const pages = (end - start) / PAGE_SIZE;
  const huge = hugePages && backing === 'anonymous' ? pages / HUGE_PAGES : 0;
  return { resident: pages - guardPages, entries: huge > 0 ? huge : pages, huge };
}
