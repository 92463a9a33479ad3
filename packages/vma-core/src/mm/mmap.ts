import { type Errno, isErrno } from '../errno.ts';
import { vmaMergeNewRange } from '../merge/vmaMergeNewRange.ts';
import { vmgState } from '../merge/vmaMergeStruct.ts';
import type { Mm } from '../mm.ts';
import { isPageAligned, PAGE_SIZE, pageAlign, TASK_SIZE, type VirtAddr, virtAddr } from '../units.ts';
import { NO_VMA, type VmaRef } from '../vmaStore.ts';
import {
  HI_DROPPABLE,
  LO_ACCOUNT,
  LO_DONTDUMP,
  LO_GROWSDOWN,
  LO_LOCKED,
  LO_LOCKED_MASK,
  LO_MAYEXEC,
  LO_MAYREAD,
  LO_MAYSHARE,
  LO_MAYWRITE,
  LO_NOHUGEPAGE,
  LO_NORESERVE,
  LO_SHARED,
  LO_SOFTDIRTY,
  LO_SPECIAL,
  LO_SYNC,
  LO_WIPEONFORK,
  LO_WRITE,
} from '../vmFlags.ts';
import { unmapRange } from './munmap.ts';
import {
  MAP_ANONYMOUS,
  MAP_DROPPABLE,
  MAP_FIXED,
  MAP_FIXED_NOREPLACE,
  MAP_GROWSDOWN,
  MAP_HUGETLB,
  MAP_LOCKED,
  MAP_NONBLOCK,
  MAP_NORESERVE,
  MAP_POPULATE,
  MAP_PRIVATE,
  MAP_SHARED,
  MAP_SHARED_VALIDATE,
  MAP_STACK,
  MAP_SYNC,
  MAP_TYPE,
  PROT_EXEC,
  PROT_READ,
  PROT_WRITE,
} from './uapi.ts';
import { getUnmappedArea } from './unmappedArea.ts';

/** The arguments of `mmap(2)`. */
export interface MmapRequest {
  /** Address or hint in bytes; absent or 0: the kernel chooses. */
  readonly addr?: number;
  /** Bytes; rounded up to whole pages. */
  readonly length: number;
  /** PROT_ bits. */
  readonly prot: number;
  /** MAP_ bits. */
  readonly flags: number;
  /** Id of the open file ({@link Mm.addFile}); absent or 0: anonymous. */
  readonly file?: number;
  /** Offset in the file; pages. */
  readonly pgoff?: number;
  /** The file was opened for writing. Default true. */
  readonly fileWritable?: boolean;
}

const MAY_ALL: number = LO_MAYREAD | LO_MAYWRITE | LO_MAYEXEC;

/**
 * Maps memory. What MAP_FIXED covers is unmapped first, with cuts at the edges; then the new range is merged with what
 * touches it, or becomes a VMA. Kernel: `do_mmap()`, mm/mmap.c, and `mmap_region()`, mm/vma.c.
 *
 * @returns the address, or EINVAL (empty, unaligned, or a combination no kernel takes), ENOMEM (no room, or more than
 *   `max_map_count` VMAs even if it would merge), EEXIST (MAP_FIXED_NOREPLACE), EPERM (over a sealed VMA), EACCES, EOVERFLOW
 */
export function mmap(mm: Mm, request: MmapRequest): VirtAddr | Errno {
  const { prot } = request;
  let flags = request.flags;
  const file = (flags & MAP_ANONYMOUS) !== 0 ? 0 : (request.file ?? 0);
  const pageOffset = request.pgoff ?? 0;
  if (!(request.length > 0)) return 'EINVAL';
  if (file === 0 && (flags & MAP_ANONYMOUS) === 0) return 'EBADF';
  const length = pageAlign(request.length);
  if (length > TASK_SIZE) return 'ENOMEM';
  if (file !== 0 && pageOffset + length / PAGE_SIZE > 2 ** 52) return 'EOVERFLOW';
  if ((flags & MAP_FIXED_NOREPLACE) !== 0) flags |= MAP_FIXED;
  let hint = request.addr ?? 0;
  if ((flags & MAP_FIXED) === 0) hint = Math.floor(hint / PAGE_SIZE) * PAGE_SIZE;
  if (mm.mapCount > mm.maxMapCount) return 'ENOMEM';

  const shared = isShared(flags);
  if (shared === null) return 'EINVAL';
  const addr = getUnmappedArea(mm, file, hint, length, pageOffset, shared ? flags | MAP_SHARED : flags & ~MAP_SHARED);
  if (isErrno(addr)) return addr;
  if (!isPageAligned(addr)) return 'EINVAL';
  if ((flags & MAP_FIXED_NOREPLACE) !== 0 && mm.index.findIntersection(addr, addr + length) !== NO_VMA) {
    return 'EEXIST';
  }

  let lo = (prot & (PROT_READ | PROT_WRITE | PROT_EXEC)) | MAY_ALL | mm.defFlagsLo;
  let hi = 0;
  if ((flags & MAP_GROWSDOWN) !== 0) lo |= LO_GROWSDOWN;
  if ((flags & MAP_LOCKED) !== 0) lo |= LO_LOCKED;
  if ((flags & MAP_STACK) !== 0) lo |= LO_NOHUGEPAGE;
  if ((flags & MAP_SYNC) !== 0 && file !== 0) lo |= LO_SYNC;
  if ((lo & LO_GROWSDOWN) !== 0 && (file !== 0 || shared)) return 'EINVAL';
  let pgoff = file === 0 ? addr / PAGE_SIZE : pageOffset;
  if (shared) {
    const writable = file === 0 || (request.fileWritable ?? true);
    if (!writable && (prot & PROT_WRITE) !== 0) return 'EACCES';
    lo |= LO_MAYSHARE;
    if (writable) lo |= LO_SHARED;
    else lo &= ~LO_MAYWRITE;
    if (file === 0) pgoff = 0;
  } else if ((flags & MAP_TYPE) === MAP_DROPPABLE) {
    if (file !== 0 || (flags & (MAP_LOCKED | MAP_HUGETLB)) !== 0 || (lo & LO_GROWSDOWN) !== 0) return 'EINVAL';
    lo |= LO_NORESERVE | LO_WIPEONFORK | LO_DONTDUMP;
    hi |= HI_DROPPABLE;
  }
  if ((flags & MAP_NORESERVE) !== 0) lo |= LO_NORESERVE;

  const mapped = mmapRegion(mm, addr, length, lo, hi, file, pgoff, shared && file === 0);
  if (isErrno(mapped)) return mapped;
  const locked = (lo & LO_LOCKED) !== 0;
  if (locked || (flags & (MAP_POPULATE | MAP_NONBLOCK)) === MAP_POPULATE) {
    mm.pageOps.populate(addr, addr + length, true);
  }
  return virtAddr(addr);
}

/** `null`: no valid type of mapping. */
function isShared(flags: number): boolean | null {
  switch (flags & MAP_TYPE) {
    case MAP_SHARED:
    case MAP_SHARED_VALIDATE:
      return true;
    case MAP_PRIVATE:
      return false;
    case MAP_DROPPABLE:
      return (flags & MAP_ANONYMOUS) !== 0 ? false : null;
    default:
      return null;
  }
}

/** Kernel: `mmap_region()`. Private writable memory is accounted, and a new or grown VMA is soft-dirty as a whole. */
function mmapRegion(
  mm: Mm,
  addr: number,
  length: number,
  flagsLo: number,
  hi: number,
  file: number,
  pgoff: number,
  sharedAnonymous: boolean,
): VmaRef | Errno {
  const end = addr + length;
  const unmapped = unmapRange(mm, addr, end);
  if (unmapped !== 0) return unmapped;
  const accountable = (flagsLo & (LO_NORESERVE | LO_SHARED | LO_WRITE)) === LO_WRITE;
  const lo = (accountable ? flagsLo | LO_ACCOUNT : flagsLo) >>> 0;

  const store = mm.store;
  const vmg = vmgState(mm, addr, end, pgoff, lo, hi, file).findNeighbours();
  let vma = vmaMergeNewRange(vmg);
  if (vma === NO_VMA) {
    if (mm.failAllocation !== null && (mm.fails('vmAreaAlloc') || mm.fails('mergePrealloc'))) return 'ENOMEM';
    if (sharedAnonymous) store.file[vmg.proposed] = mm.newShmemFile(length / PAGE_SIZE);
    vma = store.dup(vmg.proposed);
    mm.linkVma(vma);
  }
  if (mm.softDirty) store.flagsLo[vma] = store.flagsLo[vma]! | LO_SOFTDIRTY;
  if ((lo & LO_LOCKED) !== 0 && ((lo & LO_SPECIAL) !== 0 || (hi & HI_DROPPABLE) !== 0)) {
    store.flagsLo[vma] = store.flagsLo[vma]! & ~LO_LOCKED_MASK;
  }
  return vma;
}
