import type { Pfn, Pte } from './units.ts';

/*
 * A page table entry is one unsigned 32-bit word:
 *
 *   31 30   29       28          27     26     25 ................... 0
 *   kind    UFFD_WP  SOFT_DIRTY  DIRTY  WRITE  pfn | swap offset | marker
 *
 * kind: 0 none (then the whole word is 0), 1 present, 2 marker, 3 swap entry, which no rule here makes.
 * What a page is (anonymous, file, the zero page) and whether it is exclusive to one process is a property of its
 * frame, as in the kernel (PageAnon, PageAnonExclusive): see frames.ts.
 */

/** No entry: nothing was ever there, or it was zapped. */
export const PTE_NONE: Pte = 0 as Pte;
/** The bits of a frame number, of a swap offset, of a marker's kind. */
export const PTE_PFN_MASK = 0x03ff_ffff;
/** Writes go through without a fault. Kernel: `_PAGE_RW`. */
export const PTE_WRITE = 0x0400_0000;
/** Written through this entry. Kernel: `_PAGE_DIRTY`. */
export const PTE_DIRTY = 0x0800_0000;
/** Written or moved since the last `clear_refs`. Kernel: `_PAGE_SOFT_DIRTY`; on markers and swap entries too. */
export const PTE_SOFT_DIRTY = 0x1000_0000;
/** Write-protected by a userfaultfd. Kernel: `_PAGE_UFFD_WP`. */
export const PTE_UFFD_WP = 0x2000_0000;

/** `pte >>> PTE_KIND_SHIFT` is one of the kinds below, or 0. @internal */
export const PTE_KIND_SHIFT = 30;
/** @internal */
export const KIND_PRESENT = 1;
/** @internal */
export const KIND_MARKER = 2;
/** @internal */
const KIND_SWAP = 3;
/** The bits of a present entry without its frame and flags. @internal */
const PTE_PRESENT = 0x4000_0000;

/** The frame of the zero page: the last one, in a segment of the frame table that nothing else uses. @internal */
export const ZERO_PFN: Pfn = PTE_PFN_MASK as Pfn;
/** log2 of the frames in a segment of the frame table. @internal */
export const FRAME_SEGMENT_SHIFT = 14;
/**
 * Kind and frame segment: entries that agree in these, with {@link isCounted} of one, are present pages with frames in one
 * segment. @internal
 */
export const PTE_RUN_MASK: number = 0xc000_0000 | (PTE_PFN_MASK & ~((1 << FRAME_SEGMENT_SHIFT) - 1));

const PTE_FLAGS = PTE_WRITE | PTE_DIRTY | PTE_SOFT_DIRTY | PTE_UFFD_WP;
const MARKER = 0x8000_0000;
const MARKER_GUARD = 1;
const MARKER_UFFD_WP = 2;

/** True for a page that is there. */
export function ptePresent(pte: Pte): boolean {
  return pte >>> PTE_KIND_SHIFT === KIND_PRESENT;
}

/** True for a present page whose frame is counted: any but the zero page. @internal */
export function isCounted(pte: number): boolean {
  return pte >>> PTE_KIND_SHIFT === KIND_PRESENT && (pte & PTE_PFN_MASK) !== ZERO_PFN;
}

/** True for a marker of either kind: an entry without a page. */
export function pteMarker(pte: Pte): boolean {
  return pte >>> PTE_KIND_SHIFT === KIND_MARKER;
}

/** True for a guard marker, soft-dirty or not. Kernel: `is_guard_pte_marker` (6.13). */
export function pteGuard(pte: Pte): boolean {
  return pte >>> PTE_KIND_SHIFT === KIND_MARKER && (pte & PTE_PFN_MASK) === MARKER_GUARD;
}

/** True for a userfaultfd write-protect marker. Kernel: `pte_marker_uffd_wp`. */
export function pteUffdWpMarker(pte: Pte): boolean {
  return pte >>> PTE_KIND_SHIFT === KIND_MARKER && (pte & PTE_PFN_MASK) === MARKER_UFFD_WP;
}

/** True for a swap entry. */
export function pteSwap(pte: Pte): boolean {
  return pte >>> PTE_KIND_SHIFT === KIND_SWAP;
}

/** The frame of a present entry; for a swap entry, its offset. */
export function ptePfn(pte: Pte): Pfn {
  return (pte & PTE_PFN_MASK) as Pfn;
}

/** True where a present entry lets writes through. */
export function pteWrite(pte: Pte): boolean {
  return (pte & PTE_WRITE) !== 0;
}

/** True where the entry was written through. */
export function pteDirty(pte: Pte): boolean {
  return (pte & PTE_DIRTY) !== 0;
}

/** True where the soft-dirty bit is set, on an entry of any kind. */
export function pteSoftDirty(pte: Pte): boolean {
  return (pte & PTE_SOFT_DIRTY) !== 0;
}

/** True for an entry with the write-protect bit, and for a write-protect marker: what pagemap bit 57 says. */
export function pteUffdWp(pte: Pte): boolean {
  return (pte & PTE_UFFD_WP) !== 0 || pteUffdWpMarker(pte);
}

/** A present entry of `pfn` with some of PTE_WRITE, PTE_DIRTY, PTE_SOFT_DIRTY, PTE_UFFD_WP. */
export function mkPte(pfn: Pfn, bits: number): Pte {
  return ((PTE_PRESENT | pfn | (bits & PTE_FLAGS)) >>> 0) as Pte;
}

/** A guard marker; only a move makes one soft-dirty. */
export function mkGuardMarker(softDirty: boolean = false): Pte {
  return ((MARKER | MARKER_GUARD | (softDirty ? PTE_SOFT_DIRTY : 0)) >>> 0) as Pte;
}

/** A userfaultfd write-protect marker. */
export function mkUffdWpMarker(): Pte {
  return ((MARKER | MARKER_UFFD_WP) >>> 0) as Pte;
}

/** `pte` with `bits` cleared. */
export function pteClearBits(pte: Pte, bits: number): Pte {
  return ((pte & ~(bits & PTE_FLAGS)) >>> 0) as Pte;
}
