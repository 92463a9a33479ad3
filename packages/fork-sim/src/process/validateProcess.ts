import {
  countFromScratch,
  type Pfn,
  type Pte,
  pteGuard,
  ptePfn,
  ptePresent,
  pteWrite,
  virtPage,
  walkPageRange,
} from 'pt-model';
import {
  InvariantError,
  LO_DONTCOPY,
  LO_SHARED,
  LO_WIPEONFORK,
  LO_WRITE,
  NO_VMA,
  PAGE_SIZE,
  TASK_SIZE,
  type VmaRef,
} from 'vma-core';
import { type GuardRange, type Invariant as MmInvariant, validateMm } from 'vma-core/validate';
import type { Process, World } from './process.ts';

/** What holds in every state of a process, of a world, and right after a fork; see {@link ProcessViolation}. */
export type ProcessInvariant =
  /** Those of the address space: `validateMm`, guard markers included. */
  | MmInvariant
  /** No page table entry lies outside every VMA. */
  | 'strayPte'
  /** A writable entry lies in a VMA that allows writes. */
  | 'writable'
  /** The kept counts of tables and resident pages are what the tables hold. */
  | 'tables'
  /** A VMA's userfaultfd exists. */
  | 'uffdContext'
  /** No page is writable in a private mapping and mapped anywhere else. */
  | 'sharedWritable'
  /** A frame's references are the entries that map it, and the page cache. */
  | 'refcount'
  /** The frames in use are those that something maps or caches. */
  | 'leak'
  /** After fork the child has the parent's guard markers, outside DONTCOPY and WIPEONFORK. */
  | 'childGuards'
  /** After fork the child reads what the parent reads, outside DONTCOPY and WIPEONFORK. */
  | 'childContents';

/** A broken invariant. Plain data. */
export interface ProcessViolation {
  readonly invariant: ProcessInvariant;
  /** The process that breaks it, or `null`: several together. */
  readonly pid: number | null;
  /** One sentence with the values that break it. */
  readonly message: string;
}

const LO_NOT_COPIED = LO_DONTCOPY | LO_WIPEONFORK;
const WHOLE = { start: virtPage(0), end: virtPage(TASK_SIZE / PAGE_SIZE) };

/**
 * Checks what holds in every state of one process: its address space (`validateMm`, with its guard markers), its page
 * tables, and the two together. Changes nothing. An empty list is a sound state.
 */
export function validateProcess(process: Process): ProcessViolation[] {
  const { mm, pageTable, pid } = process;
  const found: ProcessViolation[] = [];
  const report = (invariant: ProcessInvariant, message: string): void => {
    found.push({ invariant, pid, message });
  };
  for (const { invariant, message } of validateMm(mm, { guards: () => guardRanges(process) }))
    report(invariant, message);
  walkPageRange(pageTable, WHOLE.start, WHOLE.end, {
    pte: (page, pte) => {
      const vma = mm.vmaLookup(page * PAGE_SIZE);
      if (vma === NO_VMA) report('strayPte', `page ${hex(page)} has an entry and lies in no VMA`);
      else if (ptePresent(pte) && pteWrite(pte) && (mm.store.flagsLo[vma]! & LO_WRITE) === 0) {
        report('writable', `page ${hex(page)} is writable in a VMA that is not`);
      }
      return undefined;
    },
  });
  checkCounts(process, report);
  for (const { vmStart, userfaultfd } of mm.vmas()) {
    if (userfaultfd !== null && !mm.uffdContexts.has(userfaultfd)) {
      report('uffdContext', `the VMA at ${hex(vmStart)} is registered with userfaultfd ${userfaultfd}, which is gone`);
    }
  }
  return found;
}

/**
 * Checks every process of a world, and what they share: who may write which frame, and who counts it.
 *
 * Precondition: files that are mapped or cached are open in this world.
 */
export function validateWorld(world: World): ProcessViolation[] {
  const found: ProcessViolation[] = [];
  const mapped = new Map<Pfn, number>();
  for (const process of world.processes.values()) {
    found.push(...validateProcess(process));
    walkPageRange(process.pageTable, WHOLE.start, WHOLE.end, {
      pte: (_page, pte) => {
        if (ptePresent(pte)) mapped.set(ptePfn(pte), (mapped.get(ptePfn(pte)) ?? 0) + 1);
        return undefined;
      },
    });
  }
  const report = (invariant: ProcessInvariant, message: string): void => {
    found.push({ invariant, pid: null, message });
  };
  checkFrames(world, mapped, report);
  for (const process of world.processes.values()) checkPrivateWrites(process, mapped, report);
  return found;
}

/**
 * Checks a child right after its fork, before either process went on: it has the parent's guard markers and reads what the
 * parent reads, outside DONTCOPY and WIPEONFORK. A child without page tables for a VMA faults its pages in from the file.
 */
export function validateFork(parent: Process, child: Process): ProcessViolation[] {
  const found: ProcessViolation[] = [];
  const { store } = parent.mm;
  const { frames } = parent.world;
  const readsAlike = (vma: VmaRef, pte: Pte, childs: Pte): boolean => {
    if (ptePresent(childs)) return ptePfn(childs) === ptePfn(pte);
    // The child faults the page in: a page of the file, or, where there is no file, the zero page.
    return parent.mm.isAnonymous(vma) ? frames.isZero(ptePfn(pte)) : frames.isFile(ptePfn(pte));
  };
  const report = (invariant: ProcessInvariant, message: string): void => {
    found.push({ invariant, pid: child.pid, message });
  };
  walkPageRange(parent.pageTable, WHOLE.start, WHOLE.end, {
    pte: (page, pte) => {
      const vma = parent.mm.vmaLookup(page * PAGE_SIZE);
      if (vma === NO_VMA || (store.flagsLo[vma]! & LO_NOT_COPIED) !== 0) return undefined;
      const childs = child.pageTable.get(page);
      if (pteGuard(pte) !== pteGuard(childs)) {
        report('childGuards', `page ${hex(page)} is a guard in the ${pteGuard(pte) ? 'parent' : 'child'} only`);
      } else if (ptePresent(pte) && !readsAlike(vma, pte, childs)) {
        report('childContents', `page ${hex(page)} is another page in the child`);
      }
      return undefined;
    },
  });
  return found;
}

/** The ranges of guard markers of a process, in address order. */
export function guardRanges(process: Process): GuardRange[] {
  const ranges: { start: number; end: number }[] = [];
  walkPageRange(process.pageTable, WHOLE.start, WHOLE.end, {
    pte: (page, pte) => {
      if (!pteGuard(pte)) return undefined;
      const start = page * PAGE_SIZE;
      const last = ranges.at(-1);
      if (last?.end === start) last.end += PAGE_SIZE;
      else ranges.push({ start, end: start + PAGE_SIZE });
      return undefined;
    },
  });
  return ranges;
}

type Report = (invariant: ProcessInvariant, message: string) => void;

function checkCounts({ pageTable }: Process, report: Report): void {
  try {
    const counted = countFromScratch(pageTable);
    for (const level of ['pteTables', 'pmdTables', 'pudTables'] as const) {
      if (counted[level] !== pageTable[level]) {
        report('tables', `${level}: counted ${counted[level]}, kept ${pageTable[level]}`);
      }
    }
    const { anon, file } = pageTable.rss;
    if (counted.anon !== anon || counted.file !== file) {
      report('tables', `resident: counted ${counted.anon} + ${counted.file}, kept ${anon} + ${file}`);
    }
  } catch (error) {
    // pt-model has an error class of its own, of the same name.
    if (!(error instanceof Error) || error.name !== InvariantError.name) throw error;
    report('tables', error.message);
  }
}

function checkFrames(world: World, mapped: ReadonlyMap<Pfn, number>, report: Report): void {
  const { frames } = world;
  let live = 0;
  for (const { cachedPages } of world.inodes()) live += cachedPages;
  for (const [pfn, entries] of mapped) {
    if (frames.isZero(pfn)) continue;
    if (!frames.inCache(pfn)) live++;
    const expected = entries + (frames.inCache(pfn) ? 1 : 0);
    if (frames.refcount(pfn) !== expected) {
      report('refcount', `frame ${pfn} has ${frames.refcount(pfn)} references: ${entries} entries map it`);
    }
  }
  if (frames.live !== live) report('leak', `${frames.live} frames are in use, ${live} are mapped or cached`);
}

/** A private page that one process may write without a fault is mapped nowhere else. */
function checkPrivateWrites(process: Process, mapped: ReadonlyMap<Pfn, number>, report: Report): void {
  const { mm, pageTable } = process;
  walkPageRange(pageTable, WHOLE.start, WHOLE.end, {
    pte: (page, pte) => {
      if (!ptePresent(pte) || !pteWrite(pte)) return undefined;
      const vma = mm.vmaLookup(page * PAGE_SIZE);
      if (vma === NO_VMA || (mm.store.flagsLo[vma]! & LO_SHARED) !== 0) return undefined;
      if (mapped.get(ptePfn(pte)) !== 1) {
        report(
          'sharedWritable',
          `process ${process.pid} may write page ${hex(page)}, which ${mapped.get(ptePfn(pte))} entries map`,
        );
      }
      return undefined;
    },
  });
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
