import type { FrameTable } from './frames.ts';
import { ptePfn, ptePresent } from './pte.ts';
import type { Pte } from './units.ts';

/** True for a present anonymous page; the zero page is not one. Kernel: `PageAnon` of `vm_normal_page`. */
export function pteAnon(pte: Pte, frames: FrameTable): boolean {
  return ptePresent(pte) && frames.isAnon(ptePfn(pte));
}

/** True for a present page of a file or of shared memory. */
export function pteFile(pte: Pte, frames: FrameTable): boolean {
  return ptePresent(pte) && frames.isFile(ptePfn(pte));
}

/** True where the entry maps the zero page. Kernel: `is_zero_pfn`. */
export function pteZero(pte: Pte, frames: FrameTable): boolean {
  return ptePresent(pte) && frames.isZero(ptePfn(pte));
}

/** True for an anonymous page that a write may reuse without a copy. Kernel: `PageAnonExclusive`. */
export function pteExclusive(pte: Pte, frames: FrameTable): boolean {
  return ptePresent(pte) && frames.isExclusive(ptePfn(pte));
}

/** True for a present page that this entry alone maps: pagemap bit 56. Never true of the zero page. */
export function pteMappedOnce(pte: Pte, frames: FrameTable): boolean {
  return ptePresent(pte) && frames.mapcount(ptePfn(pte)) === 1;
}
