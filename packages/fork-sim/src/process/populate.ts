import {
  LO_ACCESS,
  LO_HUGETLB,
  LO_IO,
  LO_LOCKONFAULT,
  LO_PFNMAP,
  LO_READ,
  LO_SHARED,
  LO_WRITE,
  type Mm,
  NO_VMA,
  PAGE_SIZE,
  type SyscallResult,
  type VmaRef,
} from 'vma-core';
import { handleMmFault } from './fault.ts';
import type { ProcessState } from './processState.ts';

const LO_UNREACHABLE = LO_IO | LO_PFNMAP;

/** Faults in a part of one VMA that allows the access: 0, ENOMEM, or EFAULT where the fault raises a signal. Addresses in bytes. */
export type FaultIn = (vma: VmaRef, start: number, end: number, write: boolean) => SyscallResult;

/**
 * Faults in what is mapped in `[start, end)`, for `mlock` and MAP_POPULATE; holes are passed over.
 * Kernel: `__mm_populate()`, mm/gup.c.
 *
 * @returns 0, or EFAULT where a page could not be faulted in (the ones before it stay)
 */
export function populate(mm: Mm, faultIn: FaultIn, start: number, end: number, ignoreErrors: boolean): SyscallResult {
  const store = mm.store;
  for (let vma = mm.index.findIntersection(start, end); vma !== NO_VMA; vma = mm.index.next(vma)) {
    const from = Math.max(start, store.start[vma]!);
    if (from >= end) break;
    const result = populateVma(mm, faultIn, vma, from, Math.min(end, store.end[vma]!));
    if (result !== 0 && !ignoreErrors) return result;
  }
  return 0;
}

/**
 * Faults in a part of one VMA: private writable memory by write faults, so that no later write faults; the rest by reads.
 * Kernel: `populate_vma_page_range()`, mm/gup.c.
 */
function populateVma(mm: Mm, faultIn: FaultIn, vma: VmaRef, start: number, end: number): SyscallResult {
  const lo = mm.store.flagsLo[vma]!;
  // Huge pages hang in tables above, which are not modelled.
  if ((lo & (LO_UNREACHABLE | LO_HUGETLB)) !== 0) return 0;
  const onFault = (lo & LO_LOCKONFAULT) !== 0;
  if (onFault && mm.profile.lockOnFaultTakesAll) return 0;
  if ((lo & LO_ACCESS) === 0) return 'EFAULT';
  if (onFault) return 0;
  return faultIn(vma, start, end, (lo & (LO_WRITE | LO_SHARED)) === LO_WRITE);
}

/**
 * MADV_POPULATE_READ and _WRITE: page after page, up to the first that fails. Kernel access grows no stack.
 * Kernel: `madvise_populate()`, mm/madvise.c; `faultin_page_range()`, mm/gup.c.
 *
 * @returns ENOMEM at a hole, EINVAL where the VMA forbids the access, EFAULT where the fault raises a signal
 */
export function madvisePopulate(mm: Mm, faultIn: FaultIn, start: number, end: number, write: boolean): SyscallResult {
  const store = mm.store;
  let at = start;
  for (let vma = mm.vmaLookup(at); at < end; vma = mm.index.next(vma)) {
    if (vma === NO_VMA || store.start[vma]! > at) return 'ENOMEM';
    const lo = store.flagsLo[vma]!;
    if ((lo & LO_UNREACHABLE) !== 0 || (lo & (write ? LO_WRITE : LO_READ)) === 0) return 'EINVAL';
    const to = Math.min(end, store.end[vma]!);
    const result = (lo & LO_HUGETLB) !== 0 ? 0 : faultIn(vma, at, to, write);
    if (result !== 0) return result;
    at = to;
  }
  return 0;
}

/** Faults pages in, one after the other. */
export function faultingIn(process: ProcessState): FaultIn {
  return (vma, start, end, write) => {
    const last = end / PAGE_SIZE;
    for (let page = start / PAGE_SIZE; page < last; page++) {
      const outcome = handleMmFault(process, vma, page, write);
      if (outcome !== 'handled') return outcome === 'OOM' ? 'ENOMEM' : 'EFAULT';
    }
    return 0;
  };
}
