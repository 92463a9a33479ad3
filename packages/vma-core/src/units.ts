declare const unit: unique symbol;
type Unit<T, U extends string> = T & { readonly [unit]: U };

/** A byte address in a 47-bit user address space; exact in a JavaScript number. Ends are exclusive, as `vm_end` is. */
export type VirtAddr = Unit<number, 'VirtAddr'>;

/** A page offset in a backing object, or a length: counted in pages, never in bytes. */
export type Pgoff = Unit<number, 'Pgoff'>;

/** log2 of the page size. */
export const PAGE_SHIFT = 12;
/** Bytes a page. */
export const PAGE_SIZE = 4096;
/** Bytes a PTE table spans (2 MiB); large mappings are aligned to it. */
export const PMD_SIZE = 0x20_0000;
/** First address past user space with four-level tables, `TASK_SIZE`: the last page of the 47 bits is not usable. */
export const TASK_SIZE: VirtAddr = 0x7fff_ffff_f000 as VirtAddr;

/** Brands a number of bytes as an address. The one place, with {@link pgoff}, where a plain number becomes one. */
export function virtAddr(bytes: number): VirtAddr {
  return bytes as VirtAddr;
}

/** Brands a number of pages. */
export function pgoff(pages: number): Pgoff {
  return pages as Pgoff;
}

/** Rounds a length in bytes up to whole pages, as `PAGE_ALIGN` does (without its overflow: see the callers). */
export function pageAlign(bytes: number): number {
  return Math.ceil(bytes / PAGE_SIZE) * PAGE_SIZE;
}

/** True where `bytes` is a multiple of the page size. */
export function isPageAligned(bytes: number): boolean {
  // The remainder operator on a double is a loop; this is three instructions, and exact.
  return bytes - Math.floor(bytes / PAGE_SIZE) * PAGE_SIZE === 0;
}
