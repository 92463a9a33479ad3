import type { Errno } from '../errno.ts';
import type { Mm } from '../mm.ts';
import { isPageAligned, PAGE_SIZE, PMD_SIZE, TASK_SIZE } from '../units.ts';
import { NO_VMA, type VmaRef } from '../vmaStore.ts';
import { LO_GROWSDOWN } from '../vmFlags.ts';
import { MAP_FIXED, MAP_SHARED } from './uapi.ts';

/** Bytes kept free below a growing stack. Kernel: `stack_guard_gap`, 256 pages. */
export const STACK_GUARD_GAP: number = 256 * PAGE_SIZE;
/** Lowest address that placement gives. Kernel: `mmap_min_addr`. */
const MMAP_MIN_ADDR = 0x1_0000;
/** Where the fallback, bottom-up search starts. Kernel: `TASK_UNMAPPED_BASE`. */
const UNMAPPED_BASE: number = Math.ceil(TASK_SIZE / 3 / PAGE_SIZE) * PAGE_SIZE;

/** The VMA's start, less the guard gap when it grows downwards. Kernel: `vm_start_gap()`. */
export function vmStartGap(mm: Mm, vma: VmaRef): number {
  const start = mm.store.start[vma]!;
  if ((mm.store.flagsLo[vma]! & LO_GROWSDOWN) === 0) return start;
  return Math.max(0, start - STACK_GUARD_GAP);
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
  let at = -1;
  if ((flags & MAP_FIXED) !== 0) at = addr;
  else {
    if (file !== 0) {
      if (mm.files.get(file)?.thpAligned === true) at = alignedArea(mm, addr, length, pageOffset * PAGE_SIZE);
    } else if (addr === 0 && (flags & MAP_SHARED) === 0 && length % PMD_SIZE === 0) at = alignedArea(mm, 0, length, 0);
    if (at < 0) at = addr !== 0 && isHintFree(mm, addr, length) ? addr : searchArea(mm, length);
    if (at < 0) return 'ENOMEM';
  }
  if (at > TASK_SIZE - length) return 'ENOMEM';
  return isPageAligned(at) ? at : 'EINVAL';
}

function isHintFree(mm: Mm, addr: number, length: number): boolean {
  if (addr > TASK_SIZE - length) return false;
  const above = mm.findVma(addr);
  return above === NO_VMA || addr + length <= vmStartGap(mm, above);
}

function searchArea(mm: Mm, length: number): number {
  const topDown = highestArea(mm, length);
  return topDown >= 0 ? topDown : lowestArea(mm, length);
}

/**
 * Kernel: `__thp_get_unmapped_area()`: looks for 2 MiB more than asked for, then moves up to where memory and offset are
 * aligned alike. A hint that has so much room is taken as it is. -1: not for this one, or no such hole.
 */
function alignedArea(mm: Mm, hint: number, length: number, offset: number): number {
  const firstWhole = Math.ceil(offset / PMD_SIZE) * PMD_SIZE;
  if (offset + length - firstWhole < PMD_SIZE) return -1;
  if (hint !== 0 && isHintFree(mm, hint, length + PMD_SIZE)) return hint;
  const at = searchArea(mm, length + PMD_SIZE);
  if (at < 0) return -1;
  const up = (((offset - at) % PMD_SIZE) + PMD_SIZE) % PMD_SIZE;
  return up === 0 ? at + PMD_SIZE : at + up;
}

/** Kernel: `unmapped_area_topdown()`, mm/vma.c. */
function highestArea(mm: Mm, length: number): number {
  let high = mm.mmapBase;
  for (;;) {
    const end = mm.index.highestGap(MMAP_MIN_ADDR, high, length);
    if (end < 0) return -1;
    const above = mm.findVma(end);
    if (above === NO_VMA || vmStartGap(mm, above) >= end) return end - length;
    high = vmStartGap(mm, above);
  }
}

/** Kernel: `unmapped_area()`, mm/vma.c, from TASK_UNMAPPED_BASE up: only when nothing is free below `mmapBase`. */
function lowestArea(mm: Mm, length: number): number {
  let at = UNMAPPED_BASE;
  for (let vma = mm.findVma(at); vma !== NO_VMA; vma = mm.index.next(vma)) {
    if (vmStartGap(mm, vma) - at >= length) return at;
    at = Math.max(at, mm.store.end[vma]!);
  }
  return at + length <= TASK_SIZE ? at : -1;
}
