import { mkPte, type Pfn, PTE_WRITE, virtPage } from 'pt-model';
import { LO_SHARED, LO_SOFTDIRTY, LO_UFFD_WP, LO_WRITE, type VmaRef } from 'vma-core';
import type { ProcessState } from './processState.ts';

/**
 * Maps a page of the page cache for reading. In a shared writable mapping it is writable at once, unless writes have to be
 * noticed: for soft-dirty tracking, or for a userfaultfd. Kernel: `set_pte_range()`, `vma_wants_writenotify()`.
 */
export function mapFile(process: ProcessState, vma: VmaRef, page: number, pfn: Pfn, wp: number): void {
  process.pageTable.allocPte(virtPage(page));
  process.world.frames.get(pfn);
  const writable = wp === 0 && mapsWritable(process, vma) ? PTE_WRITE : 0;
  process.pageTable.set(virtPage(page), mkPte(pfn, wp | writable));
}

/** True where the VMA's page protection itself allows writes. Kernel: `vma_set_page_prot()`. */
function mapsWritable(process: ProcessState, vma: VmaRef): boolean {
  const lo = process.mm.store.flagsLo[vma]!;
  if ((lo & (LO_SHARED | LO_WRITE)) !== (LO_SHARED | LO_WRITE) || (lo & LO_UFFD_WP) !== 0) return false;
  return !process.mm.softDirty || (lo & LO_SOFTDIRTY) !== 0;
}
