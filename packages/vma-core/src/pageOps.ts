import type { SyscallResult } from './errno.ts';
import type { VmaRef } from './vmaStore.ts';

/**
 * What the system calls of an address space ask of its page tables.
 *
 * `vma-core` decides on VMAs alone and calls these at the moment when the kernel would touch page tables; `fork-sim`
 * answers them with `pt-model`. An address space without them ({@link NO_PAGE_OPS}) has VMAs and no pages, so nothing is
 * ever faulted in. Addresses are bytes.
 */
export interface PageOps {
  /** `unmap_vmas()` and `free_pgtables()` for VMAs that are gone: drops all, markers too; tables go between floor and ceiling (0: none). */
  unmapRegion(start: number, end: number, floor: number, ceiling: number): void;
  /** `move_page_tables()`: carries PTEs of `[from, from + length)` of `oldVma` to `to` in `newVma`. */
  movePageTables(oldVma: VmaRef, from: number, newVma: VmaRef, to: number, length: number): void;
  /** `change_protection()` after the flags of `vma` were stored. */
  changeProtection(vma: VmaRef, start: number, end: number): void;
  /** `mm_populate()`: faults in what is mapped, and stops at the first failure unless told to ignore it. */
  populate(start: number, end: number, ignoreErrors: boolean): SyscallResult;
  /** `populate_vma_page_range()` of a part of one VMA; errors are ignored. */
  populateVma(vma: VmaRef, start: number, end: number): void;
  /** `madvise_populate()`: faults for reading or writing; pages before a failure stay. */
  madvisePopulate(start: number, end: number, write: boolean): SyscallResult;
  /** `madvise_dontneed_single_vma()`. */
  dontneed(vma: VmaRef, start: number, end: number): void;
  /** `madvise_free_single_vma()`. */
  free(vma: VmaRef, start: number, end: number): void;
  /** `madvise_pageout()`: pages of a file that nobody else maps are unmapped. */
  pageout(vma: VmaRef, start: number, end: number): void;
  /** `madvise_remove()`: punches a hole into the file. */
  remove(vma: VmaRef, start: number, end: number): SyscallResult;
  /**
   * `madvise_guard_install()`, past its checks; `pt-model/src/guardRegion.ts` says what becomes of pages in its way.
   * `LIVELOCK`: the kernel would retry for ever.
   */
  guardInstall(vma: VmaRef, start: number, end: number): SyscallResult | 'LIVELOCK';
  /** `madvise_guard_remove()`. */
  guardRemove(vma: VmaRef, start: number, end: number): void;
  /** Unregistering: bits and markers of write-protection go. */
  uffdClear(vma: VmaRef, start: number, end: number): void;
  /** A VMA of this file is new (`+1`) or gone (`-1`): keeps objects alive exactly as long as something maps them. */
  fileMapped(file: number, change: 1 | -1): void;
}

const ok = (): 0 => 0;
const nothing = (): void => {};

/** An address space without page tables. */
export const NO_PAGE_OPS: PageOps = {
  unmapRegion: nothing,
  movePageTables: nothing,
  changeProtection: nothing,
  populate: ok,
  populateVma: nothing,
  madvisePopulate: ok,
  dontneed: nothing,
  free: nothing,
  pageout: nothing,
  remove: ok,
  guardInstall: ok,
  guardRemove: nothing,
  uffdClear: nothing,
  fileMapped: nothing,
};
