import { type Errno, isErrno } from '../errno.ts';
import { vmaMergeNewRange } from '../merge/vmaMergeNewRange.ts';
import { vmgState } from '../merge/vmaMergeStruct.ts';
import type { Mm } from '../mm.ts';
import { PAGE_SIZE, pageAlign, type VirtAddr, virtAddr } from '../units.ts';
import { NO_VMA, type VmaRef } from '../vmaStore.ts';
import {
  HI_DROPPABLE,
  LO_ACCOUNT,
  LO_DONTDUMP,
  LO_GROWSDOWN,
  LO_HUGETLB,
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
  type VmFlags,
} from '../vmFlags.ts';
import { mapDenyWriteExec } from './mdwe.ts';
import { canDoMlock, mlockFutureOk } from './memlock.ts';
import { unmapRange } from './munmap.ts';
import { executeOnlyPkey } from './pkeys.ts';
import {
  MAP_32BIT,
  MAP_ABOVE4G,
  MAP_ANONYMOUS,
  MAP_DENYWRITE,
  MAP_DROPPABLE,
  MAP_EXECUTABLE,
  MAP_FIXED,
  MAP_FIXED_NOREPLACE,
  MAP_GROWSDOWN,
  MAP_HUGE_SIZES,
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
  MAP_UNINITIALIZED,
  PROT_EXEC,
  PROT_READ,
  PROT_WRITE,
} from './uapi.ts';
import { getUnmappedArea, roundHintToMin } from './unmappedArea.ts';

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
  /** Flags that the architecture adds, such as those of PROT_MTE; default none. */
  readonly archFlags?: VmFlags | undefined;
  /** The file was opened for reading. Default true. */
  readonly fileReadable?: boolean;
}

const MAY_ALL: number = LO_MAYREAD | LO_MAYWRITE | LO_MAYEXEC;

/** What a mapping is to be: its flags, and the object it maps. */
interface Mapping {
  lo: number;
  hi: number;
  /** 0: anonymous memory. */
  file: number;
  pgoff: number;
  /** It maps an object of its own: shared anonymous memory. */
  ownObject: boolean;
}

/**
 * Maps memory. What MAP_FIXED covers is unmapped first, with cuts at the edges; then the new range is merged with what
 * touches it, or becomes a VMA. Kernel: `do_mmap()`, mm/mmap.c, and `mmap_region()`, mm/vma.c.
 *
 * @param at where it goes, as if the request had this address and MAP_FIXED; bytes
 * @returns the address, or EBADF (no file, or one that {@link Mm.addFile} was not told of), EINVAL (empty, unaligned, or a combination no kernel takes), ENOMEM (no room, or more than
 *   `max_map_count` VMAs even if it would merge), EEXIST (MAP_FIXED_NOREPLACE), EPERM (over a sealed VMA, execution of a file that has
 *   none, MAP_LOCKED where RLIMIT_MEMLOCK is 0), EAGAIN (past RLIMIT_MEMLOCK), EACCES (the file was not opened so), EOPNOTSUPP, EOVERFLOW
 */
export function mmap(mm: Mm, request: MmapRequest, at?: number): VirtAddr | Errno {
  const { length: asked, pgoff: pageOffset = 0 } = request;
  let { flags } = request;
  const file = (flags & MAP_ANONYMOUS) !== 0 ? 0 : (request.file ?? 0);
  if ((flags & MAP_ANONYMOUS) === 0 && !mm.files.has(file)) return 'EBADF';
  if (!(asked > 0)) return 'EINVAL';
  if ((flags & MAP_FIXED_NOREPLACE) !== 0 || at !== undefined) flags |= MAP_FIXED;
  const wish = at ?? request.addr ?? 0;
  const hint = (flags & MAP_FIXED) === 0 ? roundHintToMin(wish) : wish;
  const length = pageAlign(asked);
  if (mm.mapCount > mm.maxMapCount) return 'ENOMEM';
  const addr = getUnmappedArea(mm, file, hint, length, pageOffset, flags);
  if (isErrno(addr)) return addr;
  if ((flags & MAP_FIXED_NOREPLACE) !== 0 && mm.index.findIntersection(addr, addr + length) !== NO_VMA) {
    return 'EEXIST';
  }
  if ((flags & MAP_LOCKED) !== 0 && !canDoMlock(mm)) return 'EPERM';
  const lockedLo = (flags & MAP_LOCKED) !== 0 ? LO_LOCKED : mm.defFlagsLo;
  if (!mlockFutureOk(mm, lockedLo, length)) return 'EAGAIN';
  const mapping = file === 0 ? anonymousMapping(mm, request, addr) : fileMapping(mm, request, flags);
  if (isErrno(mapping)) return mapping;
  if ((flags & MAP_NORESERVE) !== 0) mapping.lo |= LO_NORESERVE;
  mapping.hi |= archBits(mm, request);
  const mapped = mmapRegion(mm, addr, length, mapping);
  if (isErrno(mapped)) return mapped;
  const locked = (flags & MAP_LOCKED) !== 0 || (mm.defFlagsLo & LO_LOCKED) !== 0;
  if (locked || (flags & (MAP_POPULATE | MAP_NONBLOCK)) === MAP_POPULATE) {
    mm.pageOps.populate(addr, addr + length, true);
  }
  return virtAddr(addr);
}

/** The protection key of memory that may only be executed, and what the architecture adds; high half. Kernel: `arch_calc_vm_prot_bits()`. */
function archBits(mm: Mm, { prot, archFlags }: MmapRequest): number {
  const pkey = prot === PROT_EXEC ? Math.max(0, executeOnlyPkey(mm)) : 0;
  return archFlags === undefined ? pkey : mm.spareBits.hi(archFlags) | pkey;
}

/** Flags that any mapping gets by what it is asked for. Kernel: `calc_vm_prot_bits()`, `calc_vm_flag_bits()`. */
function flagsAskedFor(mm: Mm, { prot, flags }: MmapRequest): number {
  let lo = (prot & (PROT_READ | PROT_WRITE | PROT_EXEC)) | MAY_ALL | mm.defFlagsLo;
  if ((flags & MAP_GROWSDOWN) !== 0) lo |= LO_GROWSDOWN;
  if ((flags & MAP_LOCKED) !== 0) lo |= LO_LOCKED;
  if ((flags & MAP_STACK) !== 0 && mm.profile.mapStackNoHugepage) lo |= LO_NOHUGEPAGE;
  if ((flags & MAP_SYNC) !== 0) lo |= LO_SYNC;
  return lo;
}

function anonymousMapping(mm: Mm, request: MmapRequest, addr: number): Mapping | Errno {
  const { flags } = request;
  const lo = flagsAskedFor(mm, request);
  const growsDown = (lo & LO_GROWSDOWN) !== 0;
  const mapping: Mapping = { lo, hi: 0, file: 0, pgoff: addr / PAGE_SIZE, ownObject: false };
  switch (flags & MAP_TYPE) {
    case MAP_SHARED:
      return growsDown ? 'EINVAL' : { ...mapping, lo: lo | LO_MAYSHARE | LO_SHARED, pgoff: 0, ownObject: true };
    case MAP_DROPPABLE:
      if (!mm.profile.mapDroppable || (flags & (MAP_LOCKED | MAP_HUGETLB)) !== 0 || growsDown) return 'EINVAL';
      return { ...mapping, lo: lo | LO_NORESERVE | LO_WIPEONFORK | LO_DONTDUMP, hi: HI_DROPPABLE };
    case MAP_PRIVATE:
      return mapping;
    default:
      return 'EINVAL';
  }
}

function fileMapping(mm: Mm, request: MmapRequest, flags: number): Mapping | Errno {
  const { prot, pgoff = 0, fileWritable = true, fileReadable = true } = request;
  const id = request.file ?? 0;
  const file = mm.files.get(id);
  // A file system may have less.
  if (pgoff + pageAlign(request.length) / PAGE_SIZE >= MAX_PGOFF) return 'EOVERFLOW';
  let lo = flagsAskedFor(mm, request);
  const type = flags & MAP_TYPE;
  if (type === MAP_SHARED_VALIDATE && (flags & ~VALIDATED_FLAGS) !== 0) return 'EOPNOTSUPP';
  const shared = type === MAP_SHARED || type === MAP_SHARED_VALIDATE;
  if (shared) {
    if (!fileWritable && (prot & PROT_WRITE) !== 0) return 'EACCES';
    if (file?.sealed === true && (prot & PROT_WRITE) !== 0) return 'EPERM';
    // Before "mm: drop the assumption that VM_SHARED always implies writable", as in MADV_REMOVE.
    if (file?.writeSealed === true && fileWritable && !mm.profile.madviseRemoveMayWrite) return 'EPERM';
    if (file?.sealed === true) lo &= ~LO_MAYWRITE;
    lo |= LO_MAYSHARE;
    if (fileWritable) lo |= LO_SHARED;
    else lo &= ~LO_MAYWRITE;
  } else if (type !== MAP_PRIVATE) return 'EINVAL';
  if (!fileReadable) return 'EACCES';
  if (file?.noExec === true) {
    if ((prot & PROT_EXEC) !== 0) return 'EPERM';
    lo &= ~LO_MAYEXEC;
  }
  if ((lo & LO_GROWSDOWN) !== 0) return 'EINVAL';
  if (!shared && file?.sharedOnly === true) return 'EINVAL';
  if (file?.keepsReadOnly === true && (prot & PROT_WRITE) === 0) lo &= ~LO_MAYWRITE;
  const ownObject = shared && file?.zero === true;
  return { lo: lo | (file?.mapFlags ?? 0), hi: 0, file: ownObject ? 0 : id, pgoff, ownObject };
}

/** Pages of 64 bits of bytes. */
const MAX_PGOFF: number = 2 ** 52;

/** What MAP_SHARED_VALIDATE lets pass: LEGACY_MAP_MASK, and MAP_SYNC, which the file decides on. MAP_FIXED_NOREPLACE is not among them. */
const VALIDATED_FLAGS: number =
  MAP_TYPE |
  MAP_FIXED |
  MAP_32BIT |
  MAP_ABOVE4G |
  MAP_GROWSDOWN |
  MAP_DENYWRITE |
  MAP_EXECUTABLE |
  MAP_LOCKED |
  MAP_NORESERVE |
  MAP_POPULATE |
  MAP_NONBLOCK |
  MAP_STACK |
  MAP_HUGETLB |
  MAP_SYNC |
  MAP_UNINITIALIZED |
  MAP_HUGE_SIZES;

/** Kernel: `mmap_region()`. Private writable memory is accounted, and a new or grown VMA is soft-dirty as a whole. */
function mmapRegion(mm: Mm, addr: number, length: number, mapping: Mapping): VmaRef | Errno {
  const { lo: flagsLo, hi, file, pgoff, ownObject } = mapping;
  const end = addr + length;
  if (mapDenyWriteExec(mm, flagsLo, flagsLo)) return 'EACCES';
  const unmapped = unmapRange(mm, addr, end);
  if (unmapped !== 0) return unmapped;
  const accountable = (flagsLo & (LO_NORESERVE | LO_SHARED | LO_WRITE | LO_HUGETLB)) === LO_WRITE;
  const lo = (accountable ? flagsLo | LO_ACCOUNT : flagsLo) >>> 0;

  const store = mm.store;
  const vmg = vmgState(mm, addr, end, pgoff, lo, hi, file).findNeighbours();
  vmg.nextFirst = mm.profile.mmapAsksNextFirst;
  let vma = vmaMergeNewRange(vmg);
  if (vma === NO_VMA) {
    if (mm.failAllocation !== null && (mm.fails('vmAreaAlloc') || mm.fails('mergePrealloc'))) return 'ENOMEM';
    if (ownObject) store.file[vmg.proposed] = mm.newShmemFile(length / PAGE_SIZE);
    vma = store.dup(vmg.proposed);
    mm.linkVma(vma);
  }
  if (mm.softDirty) store.flagsLo[vma] = store.flagsLo[vma]! | LO_SOFTDIRTY;
  if ((lo & LO_LOCKED) !== 0 && ((lo & (LO_SPECIAL | LO_HUGETLB)) !== 0 || (hi & HI_DROPPABLE) !== 0)) {
    store.flagsLo[vma] = store.flagsLo[vma]! & ~LO_LOCKED_MASK;
    mm.counters.add(lo & ~LO_LOCKED, length / PAGE_SIZE);
  } else mm.counters.add(lo, length / PAGE_SIZE);
  return vma;
}
