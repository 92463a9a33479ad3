import {
  mkPte,
  type Pfn,
  PTE_DIRTY,
  PTE_NONE,
  PTE_SOFT_DIRTY,
  PTE_UFFD_WP,
  PTE_WRITE,
  type Pte,
  pteClearBits,
  pteGuard,
  ptePfn,
  ptePresent,
  pteUffdWp,
  pteUffdWpMarker,
  pteWrite,
  virtPage,
} from 'pt-model';
import { HI_UFFD_MINOR, HI_UFFD_RWP, LO_SHARED, LO_UFFD_MISSING, LO_UFFD_WP, PAGE_SIZE, type VmaRef } from 'vma-core';
import { anonVmaPrepare } from 'vma-core/merge';
import { anonCopy } from './anonFrames.ts';
import { faultAround } from './faultAround.ts';
import type { Inode } from './inode.ts';
import { mapFile } from './mapFile.ts';
import type { ProcessState } from './processState.ts';

/** How a fault ended: handled, or by the signal it raises. Kernel: VM_FAULT_SIGSEGV, VM_FAULT_SIGBUS, VM_FAULT_OOM. */
export type FaultOutcome = 'handled' | 'SIGSEGV' | 'SIGBUS' | 'OOM';

/** PTE bits of a page that was just written. */
const WRITTEN = PTE_WRITE | PTE_DIRTY | PTE_SOFT_DIRTY;

/**
 * Handles faults on one page of a VMA until the access goes through, as the processor would: some need two, such as a write
 * to a write-protect marker, which first maps the page with the bit and then meets it.
 *
 * Precondition: the VMA holds the page and allows the access. Kernel: `handle_mm_fault()`, mm/memory.c.
 *
 * @param page virtual page number
 */
export function handleMmFault(process: ProcessState, vma: VmaRef, page: number, write: boolean): FaultOutcome {
  const { pageTable } = process;
  const at = virtPage(page);
  for (;;) {
    const pte = pageTable.get(at);
    if (pteGuard(pte)) return 'SIGSEGV';
    if (ptePresent(pte)) {
      if (refusesRwp(process, vma, pte)) return 'SIGBUS';
      if (!write || pteWrite(pte)) return 'handled';
      return wpFault(process, vma, page, pte);
    }
    if (pteUffdWpMarker(pte) && !registeredWp(process, vma)) {
      // Nobody is registered any more: the marker means nothing, and is cleared first.
      pageTable.set(at, PTE_NONE);
      continue;
    }
    const outcome = missingFault(process, vma, page, write, pte);
    if (outcome !== 'handled') return outcome;
  }
}

function registeredWp(process: ProcessState, vma: VmaRef): boolean {
  return (process.mm.store.flagsLo[vma]! & LO_UFFD_WP) !== 0;
}

/** 7.3: a page protected against reads and writes. */
function refusesRwp(process: ProcessState, vma: VmaRef, pte: Pte): boolean {
  return (process.mm.store.flagsHi[vma]! & HI_UFFD_RWP) !== 0 && pteUffdWp(pte);
}

/** A write to a page that is mapped read-only. Kernel: `do_wp_page()`. */
function wpFault(process: ProcessState, vma: VmaRef, page: number, old: Pte): FaultOutcome {
  const { mm, pageTable, world } = process;
  const { frames } = world;
  const store = mm.store;
  const at = virtPage(page);
  let pte = old;
  if (pteUffdWp(pte) && registeredWp(process, vma)) {
    if (!isAsync(process, vma)) return 'SIGBUS';
    pte = pteClearBits(pte, PTE_UFFD_WP);
    pageTable.set(at, pte);
  }
  const pfn = ptePfn(pte);
  const keep = pte & PTE_UFFD_WP;
  if ((store.flagsLo[vma]! & LO_SHARED) !== 0) {
    pageTable.set(at, mkPte(pfn, WRITTEN | keep));
    return 'handled';
  }
  if (frames.isAnon(pfn) && (frames.isExclusive(pfn) || frames.mapcount(pfn) === 1)) {
    frames.setExclusive(pfn, true);
    pageTable.set(at, mkPte(pfn, WRITTEN | keep));
    return 'handled';
  }
  if (!anonVmaPrepare(mm, vma)) return 'OOM';
  const copy = anonCopy(frames, pfn);
  pageTable.set(at, mkPte(copy, WRITTEN));
  frames.put(pfn);
  return 'handled';
}

function isAsync(process: ProcessState, vma: VmaRef): boolean {
  const context = process.mm.uffdContexts.get(process.mm.store.uffd[vma]!);
  return context?.async === true;
}

/** Nothing is mapped yet. Kernel: `do_pte_missing()`. */
function missingFault(process: ProcessState, vma: VmaRef, page: number, write: boolean, old: Pte): FaultOutcome {
  const wp = pteUffdWpMarker(old) ? PTE_UFFD_WP : 0;
  return process.mm.isAnonymous(vma)
    ? anonymousFault(process, vma, page, write, wp)
    : fileFault(process, vma, page, write, wp);
}

/** Kernel: `do_anonymous_page()`. */
function anonymousFault(process: ProcessState, vma: VmaRef, page: number, write: boolean, wp: number): FaultOutcome {
  const { mm, pageTable, world } = process;
  const at = virtPage(page);
  pageTable.allocPte(at);
  // The anon_vma comes before the question whether user space wants to fill the page itself.
  if (write && !anonVmaPrepare(mm, vma)) return 'OOM';
  if ((mm.store.flagsLo[vma]! & LO_UFFD_MISSING) !== 0) return 'SIGBUS';
  if (!write) pageTable.set(at, mkPte(world.frames.zeroPfn, wp));
  else pageTable.set(at, mkPte(world.frames.allocAnon(), wp === 0 ? WRITTEN : wp | PTE_DIRTY | PTE_SOFT_DIRTY));
  return 'handled';
}

/** Kernel: `do_read_fault()`, `do_cow_fault()`, `do_shared_fault()`. */
function fileFault(process: ProcessState, vma: VmaRef, page: number, write: boolean, wp: number): FaultOutcome {
  const { mm, pageTable, world } = process;
  const { frames } = world;
  const store = mm.store;
  const at = virtPage(page);
  const shared = (store.flagsLo[vma]! & LO_SHARED) !== 0;
  const inode = inodeOfVma(process, vma);
  const index = store.pgoff[vma]! + page - store.start[vma]! / PAGE_SIZE;
  pageTable.allocUpper(at);
  if (!write) {
    if (mayFaultAround(process, vma)) {
      faultAround(process, vma, page, inode);
      if (ptePresent(pageTable.get(at))) return 'handled';
    }
    const pfn = cacheFrame(process, vma, inode, index);
    if (pfn === null) return 'SIGBUS';
    mapFile(process, vma, page, pfn, wp);
    return 'handled';
  }
  if (!shared && !anonVmaPrepare(mm, vma)) return 'OOM';
  const pfn = cacheFrame(process, vma, inode, index);
  if (pfn === null) return 'SIGBUS';
  const bits = wp === 0 ? WRITTEN : wp | PTE_DIRTY | PTE_SOFT_DIRTY;
  // The table comes before the page: where there is no memory for it, nothing has been taken.
  pageTable.allocPte(at);
  if (shared) {
    frames.get(pfn);
    pageTable.set(at, mkPte(pfn, bits));
  } else pageTable.set(at, mkPte(anonCopy(frames, pfn), bits));
  return 'handled';
}

/** The inode that a VMA maps. Precondition: it maps a file. */
export function inodeOfVma(process: ProcessState, vma: VmaRef): Inode {
  return process.world.inodeOf(process.mm.store.file[vma]!);
}

/** The page cache's frame, or `null`: beyond the file's end, or a hole that user space wants to fill itself. */
function cacheFrame(process: ProcessState, vma: VmaRef, inode: Inode, index: number): Pfn | null {
  if (index >= inode.pages) return null;
  const missing = (process.mm.store.flagsLo[vma]! & LO_UFFD_MISSING) !== 0;
  return missing && !inode.isCached(index) ? null : inode.frameOf(index);
}

/** Kernel: `should_fault_around()`: not where the file cannot, nor where a userfaultfd wants to see each fault. */
function mayFaultAround(process: ProcessState, vma: VmaRef): boolean {
  if (process.world.faultAroundPages === 1) return false;
  const store = process.mm.store;
  if (process.world.files.get(store.file[vma]!)?.noMapPages === true) return false;
  const minor = store.flagsHi[vma]! & HI_UFFD_MINOR;
  return (store.flagsLo[vma]! & LO_UFFD_WP) === 0 && minor === 0;
}
