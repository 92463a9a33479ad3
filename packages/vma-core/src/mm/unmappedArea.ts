import type { Errno } from '../errno.ts';
import type { Mm } from '../mm.ts';
import { isPageAligned, PAGE_SIZE, PMD_SIZE, TASK_SIZE } from '../units.ts';
import { NO_VMA, type VmaRef } from '../vmaStore.ts';
import { LO_GROWSDOWN } from '../vmFlags.ts';
import { MAP_32BIT, MAP_FIXED, MAP_SHARED } from './uapi.ts';

/** Bytes kept free below a growing stack. Kernel: `stack_guard_gap`, 256 pages. */
export const STACK_GUARD_GAP: number = 256 * PAGE_SIZE;
/** Lowest address that placement gives. Kernel: `mmap_min_addr`. */
const MMAP_MIN_ADDR = 0x1_0000;
/** MAP_32BIT: the search goes upwards from here, or with address randomization from up to 32 MiB above. Kernel: `find_start_end()`. */
const LOW_BASE = 0x4000_0000;
/** How far randomization moves the start of that search. */
const LOW_RANDOM = 0x200_0000;
/** MAP_32BIT: addresses end here. */
const LOW_END = 0x8000_0000;
/** Where the fallback, bottom-up search starts. Kernel: `TASK_UNMAPPED_BASE`. */
const UNMAPPED_BASE: number = Math.ceil(TASK_SIZE / 3 / PAGE_SIZE) * PAGE_SIZE;

/** The VMA's start, less the guard gap when it grows downwards. Kernel: `vm_start_gap()`. */
export function vmStartGap(mm: Mm, vma: VmaRef): number {
  const start = mm.store.start[vma]!;
  if ((mm.store.flagsLo[vma]! & LO_GROWSDOWN) === 0) return start;
  return Math.max(0, start - STACK_GUARD_GAP);
}

/** A hint as whole pages, and none below the lowest address. Kernel: `round_hint_to_min()`. */
export function roundHintToMin(hint: number): number {
  const at = Math.floor(hint / PAGE_SIZE) * PAGE_SIZE;
  return at > 0 && at < MMAP_MIN_ADDR ? MMAP_MIN_ADDR : at;
}

/**
 * Chooses the address of a mapping. Kernel: `__get_unmapped_area()`, x86's `arch_get_unmapped_area_topdown()`.
 *
 * MAP_FIXED: the address itself. A hint: taken if it is free and not right below a growing stack. Else the highest hole
 * that fits below `mmapBase`, at its upper end; files that ask for it, and without a hint also private anonymous memory of
 * whole 2 MiB, at a 2 MiB boundary if a hole has room for 2 MiB more. With such files, a hint too needs that room.
 *
 * @param file id of the open file, 0 for anonymous memory
 * @param addr the address or hint, 0 for none; bytes
 * @param pageOffset the file's offset; pages
 * @param flags MAP_FIXED and MAP_SHARED count
 */
export function getUnmappedArea(
  mm: Mm,
  file: number,
  addr: number,
  length: number,
  pageOffset: number,
  flags: number,
): number | Errno {
  if (length > TASK_SIZE) return 'ENOMEM';
  if ((flags & MAP_FIXED) !== 0) return fixedArea(addr, length);
  const search: Search = (flags & MAP_32BIT) === 0 ? searchArea : searchLow;
  let at = -1;
  const { thpAligned = false, hugePage } = mm.files.get(file) ?? {};
  if (hugePage !== undefined) return hugeArea(mm, search, addr, length, hugePage);
  if (file !== 0) {
    if (thpAligned) at = alignedArea(mm, search, addr, length, pageOffset * PAGE_SIZE);
  } else if (addr === 0 && (flags & MAP_SHARED) === 0 && isThpAligned(mm, length)) {
    at = alignedArea(mm, search, 0, length, 0);
  }
  if (at < 0) at = search(mm, addr, length);
  return at < 0 ? 'ENOMEM' : isPageAligned(at) ? at : 'EINVAL';
}

/** The last page of 64 bits begins here; its addresses are the numbers of errnos. */
const LAST_PAGE: number = 2 ** 64 - PAGE_SIZE;

function fixedArea(addr: number, length: number): number | Errno {
  // An address of -1 is taken for an errno, that of EPERM. Kernel: `IS_ERR_VALUE()`.
  if (addr > LAST_PAGE) return 'EPERM';
  if (addr > TASK_SIZE - length) return 'ENOMEM';
  return isPageAligned(addr) ? addr : 'EINVAL';
}

/** Is private anonymous memory of this length placed at a 2 MiB boundary? */
function isThpAligned({ profile }: Mm, length: number): boolean {
  return profile.anonThpAligned === 'whole' ? length % PMD_SIZE === 0 : profile.anonThpAligned === 'large';
}

/** Takes the hint (0: none) where it can, else looks for a hole. -1: there is none. */
type Search = (mm: Mm, hint: number, length: number) => number;

/** Kernel: `arch_get_unmapped_area_topdown()`. */
function searchArea(mm: Mm, hint: number, length: number): number {
  if (hint !== 0 && isHintFree(mm, hint, length, TASK_SIZE)) return hint;
  const topDown = highestArea(mm, length);
  return topDown >= 0 ? topDown : lowestArea(mm, length, UNMAPPED_BASE, TASK_SIZE);
}

/** For MAP_32BIT; without the randomization of where it starts. Kernel: x86's `arch_get_unmapped_area()`. */
function searchLow(mm: Mm, hint: number, length: number): number {
  if (hint !== 0 && isHintFree(mm, hint, length, LOW_END)) return hint;
  return lowestArea(mm, length, LOW_BASE, LOW_END);
}

/**
 * Could a mapping with MAP_32BIT and without a hint have got this address? Address randomization moves the start of the search by up to
 * 32 MiB, anew at each call; from there it takes the lowest hole.
 */
export function isLowPlace(mm: Mm, at: number, length: number): boolean {
  const start = Math.min(at, LOW_BASE + LOW_RANDOM - PAGE_SIZE);
  return at >= LOW_BASE && lowestArea(mm, length, start, LOW_END) === at;
}

function isHintFree(mm: Mm, addr: number, length: number, limit: number): boolean {
  if (addr > limit - length) return false;
  const above = mm.findVma(addr);
  return above === NO_VMA || addr + length <= vmStartGap(mm, above);
}

/**
 * Kernel: `__thp_get_unmapped_area()`: looks for 2 MiB more than asked for, then moves up to where memory and offset are
 * aligned alike. A hint that has so much room is taken as it is. -1: not for this one, or no such hole.
 */
function alignedArea(mm: Mm, search: Search, hint: number, length: number, offset: number): number {
  const firstWhole = Math.ceil(offset / PMD_SIZE) * PMD_SIZE;
  if (offset + length - firstWhole < PMD_SIZE) return -1;
  const at = search(mm, hint, length + PMD_SIZE);
  if (at < 0 || (hint !== 0 && at === hint)) return at;
  const up = (((offset - at) % PMD_SIZE) + PMD_SIZE) % PMD_SIZE;
  return up === 0 ? at + PMD_SIZE : at + up;
}

/** A place for huge pages. Kernel: `hugetlb_get_unmapped_area()`, x86's `get_align_mask()`. */
function hugeArea(mm: Mm, search: Search, hint: number, length: number, hugePage: number): number | Errno {
  const wanted = Math.ceil(hint / hugePage) * hugePage;
  if (wanted !== 0 && search(mm, wanted, length) === wanted) return wanted;
  const at = search(mm, 0, length + hugePage - PAGE_SIZE);
  return at < 0 ? 'ENOMEM' : Math.ceil(at / hugePage) * hugePage;
}

/** Kernel: `unmapped_area_topdown()`, mm/vma.c; before 6.1 by holes that are without the guard gaps to begin with. */
function highestArea(mm: Mm, length: number): number {
  let high = mm.mmapBase;
  for (;;) {
    const end = mm.index.highestGap(MMAP_MIN_ADDR, high, length);
    if (end < 0) return -1;
    const above = mm.findVma(end);
    if (above === NO_VMA || vmStartGap(mm, above) >= end) return end - length;
    if (mm.profile.stackGapEndsSearch) high = vmStartGap(mm, above);
    else {
      const below = mm.index.prev(above);
      const bottom = below === NO_VMA ? MMAP_MIN_ADDR : mm.store.end[below]!;
      if (vmStartGap(mm, above) - length >= bottom) return vmStartGap(mm, above) - length;
      high = bottom;
    }
  }
}

/** The lowest hole from `start` up that ends below `limit`; -1: none. Kernel: `unmapped_area()`, mm/vma.c. */
function lowestArea(mm: Mm, length: number, start: number, limit: number): number {
  let at = start;
  for (let vma = mm.findVma(at); vma !== NO_VMA && mm.store.start[vma]! < limit; vma = mm.index.next(vma)) {
    if (vmStartGap(mm, vma) - at >= length) break;
    at = Math.max(at, mm.store.end[vma]!);
  }
  return at + length <= limit ? at : -1;
}
