declare const unit: unique symbol;
type Unit<T, U extends string> = T & { readonly [unit]: U };

/** A virtual page number: a byte address divided by 4096, below {@link MAX_PAGE}. Ends of ranges are exclusive. */
export type VirtPage = Unit<number, 'VirtPage'>;

/** A page frame number: the index of a page of physical memory in a `FrameTable`, below 2^26. */
export type Pfn = Unit<number, 'Pfn'>;

/** One page table entry, an unsigned 32-bit word; `pte.ts` has its layout. */
export type Pte = Unit<number, 'Pte'>;

/** Brands a number of pages as a virtual page number. Not checked here: every range operation checks what it is given. */
export function virtPage(page: number): VirtPage {
  return page as VirtPage;
}

/** Brands a number as a page frame number. */
export function pfn(frame: number): Pfn {
  return frame as Pfn;
}

/** First virtual page past a 47-bit user address space. */
export const MAX_PAGE = 34_359_738_368;
/** Entries of a table, at each of the four levels. */
export const PTRS_PER_TABLE = 512;
/** Pages under one PTE table: 2 MiB, one PMD entry. */
export const PTE_TABLE_PAGES = 512;
/** Pages under one PMD table: 1 GiB, one PUD entry. */
export const PMD_TABLE_PAGES = 262_144;
/** Pages under one PUD table: 512 GiB, one PGD entry. */
export const PUD_TABLE_PAGES = 134_217_728;
/** Bytes that one page table takes in the machine that is modelled (not in this model: there it is 2,048). */
export const TABLE_BYTES = 4096;
