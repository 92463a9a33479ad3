import {
  pteUffdWpMarker,
  TABLE_BYTES,
  type TableUsage,
  tableUsage,
  tableUsageOfRanges,
  virtPage,
  walkPageRange,
} from 'pt-model';
import { type Mm, PAGE_SIZE, TASK_SIZE, VM_UFFD_RWP, VM_UFFD_WP, type Vma } from 'vma-core';
import { type DupMmap, dupMmap } from '../process/dupMmap.ts';
import type { Process } from '../process/process.ts';

/** What a fork would do with one VMA, without doing it. */
export interface ForkPreviewVma extends Pick<DupMmap, 'action' | 'reason'> {
  readonly vma: Vma;
  /** Pages of the VMA. */
  readonly pages: number;
  /** Entries that the child would get. */
  readonly ptes: number;
  /** Entries of the parent that the child would not get: it faults the pages in again, or never has them. */
  readonly left: number;
  /** Page tables that the child would get for it: PTE, PMD and PUD tables. */
  readonly tables: number;
  /** These tables, in kB. */
  readonly kB: number;
}

/** What a fork would add. */
export interface ForkPreview {
  /** In address order. */
  readonly vmas: readonly ForkPreviewVma[];
  readonly ptes: number;
  readonly left: number;
  readonly tables: number;
  /** Page-table memory of the child, in kB: its VmPTE right after the fork. */
  readonly kB: number;
}

/**
 * What a fork would decide and copy, VMA by VMA; nothing changes. The numbers are those of the real fork: a table that two
 * copied VMAs share is made for the lower one.
 *
 *   |--A: copy--|--B: refault--|--C: copy--|
 *   |------ one PTE table ------------|---- another ----|     A: 1 table (and those above it), C: 1
 *
 * @param of neighbouring VMAs, in address order; default: all
 */
export function forkPreview(process: Process, of: readonly Vma[] = process.mm.vmas()): ForkPreview {
  let below: Vma | null = null;
  const vmas = of.map((vma): ForkPreviewVma => {
    const pages = (vma.vmEnd - vma.vmStart) / PAGE_SIZE;
    const { action, reason, childFlags } = dupMmapOf(process.mm, vma);
    const { ptes } = tableUsage(process.pageTable, startPage(vma), endPage(vma));
    if (action !== 'copy') return { vma, action, reason, pages, ptes: 0, left: ptes, tables: 0, kB: 0 };
    const left = (childFlags & (VM_UFFD_WP | VM_UFFD_RWP)) === 0n ? countWpMarkers(process, vma) : 0;
    const tables = tablesBeyond(process, below, vma);
    below = vma;
    return { vma, action, reason, pages, ptes: ptes - left, left, tables, kB: (tables * TABLE_BYTES) / 1024 };
  });
  const sum = (field: 'ptes' | 'left' | 'tables' | 'kB'): number => vmas.reduce((all, one) => all + one[field], 0);
  return { vmas, ptes: sum('ptes'), left: sum('left'), tables: sum('tables'), kB: sum('kB') };
}

function dupMmapOf({ profile, uffdContexts }: Mm, { vmFlags, anonVma, userfaultfd }: Vma): DupMmap {
  const eventFork = userfaultfd !== null && uffdContexts.get(userfaultfd)?.eventFork === true;
  return dupMmap(vmFlags, anonVma, eventFork, profile);
}

/** Write-protect markers, which a child that is not registered does not get. */
function countWpMarkers({ pageTable }: Process, vma: Vma): number {
  let markers = 0;
  walkPageRange(pageTable, startPage(vma), endPage(vma), {
    pte: (_page, pte) => {
      if (pteUffdWpMarker(pte)) markers++;
      return undefined;
    },
  });
  return markers;
}

/**
 * Tables over `vma` that `below`, the nearest VMA copied before, has not brought already. A table that an even lower one
 * shares with `vma` lies over all that is between, so `below` has it too.
 */
function tablesBeyond({ pageTable }: Process, below: Vma | null, vma: Vma): number {
  const range = { start: startPage(vma), end: endPage(vma) };
  if (below === null) return tablesOf(tableUsageOfRanges(pageTable, [range]));
  const lower = { start: startPage(below), end: endPage(below) };
  return tablesOf(tableUsageOfRanges(pageTable, [lower, range])) - tablesOf(tableUsageOfRanges(pageTable, [lower]));
}

function tablesOf({ kB }: TableUsage): number {
  return (kB * 1024) / TABLE_BYTES;
}

function startPage({ vmStart }: Vma): ReturnType<typeof virtPage> {
  return pageBelowTop(vmStart);
}

function endPage({ vmEnd }: Vma): ReturnType<typeof virtPage> {
  return pageBelowTop(vmEnd);
}

/** A map of another machine may have addresses that no page table here spans: there are no pages in them. */
function pageBelowTop(address: number): ReturnType<typeof virtPage> {
  return virtPage(Math.min(address, TASK_SIZE) / PAGE_SIZE);
}
