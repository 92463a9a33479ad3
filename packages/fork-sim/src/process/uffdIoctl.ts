import {
  mkPte,
  PTE_DIRTY,
  PTE_NONE,
  PTE_SOFT_DIRTY,
  PTE_UFFD_WP,
  PTE_WRITE,
  type Pte,
  pteMarker,
  uffdWriteProtect,
  virtPage,
} from 'pt-model';
import {
  type Errno,
  HI_UFFD_RWP,
  LO_SHARED,
  LO_UFFD_WP,
  LO_WRITE,
  NO_VMA,
  PAGE_SIZE,
  type SyscallResult,
  type VmaRef,
} from 'vma-core';
import { anonVmaPrepare } from 'vma-core/merge';
import { anonWith } from './anonFrames.ts';
import { inodeOfVma } from './fault.ts';
import { isWritableAtOnce } from './isWritableAtOnce.ts';
import type { Process } from './process.ts';

/** What UFFDIO_COPY and UFFDIO_ZEROPAGE did: the errno, and the pages done before it. */
export interface UffdFill {
  readonly result: SyscallResult;
  /** Pages filled. */
  readonly done: number;
}

/**
 * UFFDIO_WRITEPROTECT: protects `[start, start + length)` or takes the protection off. It does not ask whose userfaultfd the
 * range is registered with. Empty PTEs of files get markers; of anonymous memory only with WP_UNPOPULATED or WP_ASYNC.
 * Kernel: `mwriteprotect_range()`, mm/userfaultfd.c.
 *
 * @returns ENOENT where a VMA is not registered for write-protection (those before it are done), or none is there
 */
export function uffdioWriteprotect(process: Process, start: number, length: number, on: boolean): SyscallResult {
  return protectRange(process, start, length, (vma, from, to) => {
    const { mm, pageTable } = process;
    const store = mm.store;
    if ((store.flagsLo[vma]! & LO_UFFD_WP) === 0) return false;
    const context = mm.uffdContexts.get(store.uffd[vma]!);
    uffdWriteProtect(pageTable, virtPage(from), virtPage(to), {
      on,
      anonymous: mm.isAnonymous(vma),
      unpopulated: context?.unpopulated === true || context?.async === true,
      writable: isWritableAtOnce(mm, vma),
    });
    return true;
  });
}

/**
 * UFFDIO_RWPROTECT (7.3): the same against reads and writes; empty PTEs stay empty.
 * @returns as {@link uffdioWriteprotect}; EINVAL where the kernel does not know it
 */
export function uffdioRwprotect(process: Process, start: number, length: number, on: boolean): SyscallResult {
  if (!process.world.profile.uffdRwp) return 'EINVAL';
  return protectRange(process, start, length, (vma, from, to) => {
    if ((process.mm.store.flagsHi[vma]! & HI_UFFD_RWP) === 0) return false;
    uffdWriteProtect(process.pageTable, virtPage(from), virtPage(to), {
      on,
      anonymous: true,
      unpopulated: false,
    });
    return true;
  });
}

function protectRange(
  process: Process,
  start: number,
  length: number,
  protect: (vma: VmaRef, fromPage: number, toPage: number) => boolean,
): SyscallResult {
  const { mm } = process;
  const store = mm.store;
  const end = start + length;
  let result: SyscallResult = 'ENOENT';
  if (!mm.profile.uffdWpManyVmas) {
    const only = mm.vmaLookup(start);
    if (only === NO_VMA || store.end[only]! < end) return 'ENOENT';
  }
  for (let vma = mm.index.findIntersection(start, end); vma !== NO_VMA; vma = mm.index.next(vma)) {
    const from = Math.max(start, store.start[vma]!);
    if (from >= end) break;
    const to = Math.min(end, store.end[vma]!);
    if (!protect(vma, from / PAGE_SIZE, to / PAGE_SIZE)) return 'ENOENT';
    result = 0;
  }
  return result;
}

/**
 * UFFDIO_COPY and UFFDIO_ZEROPAGE: fills empty pages of a registered VMA, page after page.
 * Kernel: `mfill_atomic()`, mm/userfaultfd.c.
 *
 * @param value first byte of each page that is copied in; `null`: zero pages
 * @param wp UFFDIO_COPY_MODE_WP: the pages come write-protected
 * @returns ENOENT (not registered, or reaching past the VMA), EINVAL (`wp` without a registration for it; neither anonymous
 *   memory nor tmpfs, which only WP_ASYNC can register), EEXIST (a page is
 *   there), EFAULT (past the file's end; ENOMEM on 7.3); EAGAIN with `done` where some pages were filled before the failure
 */
export function uffdioFill(
  process: Process,
  start: number,
  length: number,
  value: number | null,
  wp: boolean,
): UffdFill {
  const { mm } = process;
  const store = mm.store;
  const refuse = (result: Errno): UffdFill => ({ result, done: 0 });
  const vma = mm.vmaLookup(start);
  if (vma === NO_VMA) return refuse('ENOENT');
  // The anon_vma comes with the lookup (`find_vma_and_prepare_anon()`), before anything is asked about the VMA.
  const shared = (store.flagsLo[vma]! & LO_SHARED) !== 0;
  if (!shared && !anonVmaPrepare(mm, vma)) return refuse('ENOMEM');
  if (store.uffd[vma] === 0 || start + length > store.end[vma]!) return refuse('ENOENT');
  if (wp && (store.flagsLo[vma]! & LO_UFFD_WP) === 0) return refuse('EINVAL');
  const file = store.file[vma]!;
  if (file !== 0 && mm.files.get(file)?.shmem !== true) return refuse('EINVAL');
  const pages = length / PAGE_SIZE;
  for (let done = 0; done < pages; done++) {
    const failed = fillPage(process, vma, start / PAGE_SIZE + done, value, wp);
    if (failed !== null) return { result: done > 0 ? 'EAGAIN' : failed, done };
  }
  return { result: 0, done: pages };
}

function fillPage(process: Process, vma: VmaRef, page: number, value: number | null, wp: boolean): Errno | null {
  const { mm, pageTable, world } = process;
  const { frames } = world;
  const store = mm.store;
  const lo = store.flagsLo[vma]!;
  const at = virtPage(page);
  const file = store.file[vma] !== 0;
  const shared = (lo & LO_SHARED) !== 0;
  const index = store.pgoff[vma]! + page - store.start[vma]! / PAGE_SIZE;
  pageTable.allocPte(at);
  const inode = file ? inodeOfVma(process, vma) : null;
  if (inode !== null && index >= inode.pages) {
    return shared && mm.profile.uffdCopyEndFirst && value !== null ? 'ENOMEM' : 'EFAULT';
  }
  const old = pageTable.get(at);
  // A zero page goes only where nothing is; anything else may take a marker's place. Kernel: `mfill_atomic_pte_zeropage()`.
  if (old !== PTE_NONE && (!pteMarker(old) || (value === null && !shared))) return 'EEXIST';
  const bits = (wp ? PTE_UFFD_WP : (lo & LO_WRITE) !== 0 ? PTE_WRITE : 0) | PTE_DIRTY | PTE_SOFT_DIRTY;
  let pte: Pte;
  if (inode !== null && shared) {
    if (inode.isCached(index)) return 'EEXIST';
    const pfn = inode.frameOf(index);
    if (value !== null) frames.writeByte(pfn, 0, value);
    frames.get(pfn);
    pte = mkPte(pfn, bits);
  } else if (value === null) pte = mkPte(frames.zeroPfn, 0);
  else pte = mkPte(anonWith(frames, value), bits);
  pageTable.set(at, pte);
  return null;
}
