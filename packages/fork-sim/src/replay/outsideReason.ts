import type { StraceCall } from 'proc-io';
import {
  type AdviceName,
  adviceName,
  LO_ACCESS,
  LO_EXEC,
  LO_LOCKED,
  MAP_ANONYMOUS,
  MAP_HUGETLB,
  MAP_LOCKED,
  MAP_NORESERVE,
  MAP_PRIVATE,
  MAP_TYPE,
  NO_VMA,
  PROT_EXEC,
  PROT_WRITE,
  pageAlign,
} from 'vma-core';
import { isMapped } from './isMapped.ts';
import type { ReplaySpace } from './replaySpace.ts';

type MmapArgs = Extract<StraceCall, { name: 'mmap' }>['args'];

/** VMAs below `max_map_count` within which a refusal may be the limit's. */
const NEAR_THE_LIMIT = 64;

const MEMORY = 'memory ran out, or the overcommit limit, RLIMIT_AS or RLIMIT_DATA was reached';
const UNACCOUNTED = 'RLIMIT_AS was reached, or memory ran out';
const SIZES = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
const HUGE_PAGES = 'no huge pages were free';
const EXECUTE_ONLY = 'memory that can only be executed cannot be faulted in where the processor has protection keys';
const POLICY = 'a security policy (SELinux, MDWE, seccomp) refused it';

/** Advice that a kernel knows only if it is new enough, or built for it. */
const OPTIONAL_ADVICE: ReadonlySet<AdviceName> = new Set<AdviceName>([
  'MERGEABLE',
  'UNMERGEABLE',
  'HUGEPAGE',
  'NOHUGEPAGE',
  'WIPEONFORK',
  'KEEPONFORK',
  'COLD',
  'PAGEOUT',
  'POPULATE_READ',
  'POPULATE_WRITE',
  'DONTNEED_LOCKED',
  'GUARD_INSTALL',
  'GUARD_REMOVE',
]);

/** What an errno says by itself, of any call. */
const BY_ERRNO: { readonly [errno: string]: string | undefined } = {
  EBADF: 'the log does not show whether the descriptor was open',
  EBUSY: 'the pages or the file were in use',
  EINTR: 'a signal came first',
  EIO: 'reading the file failed',
  ENFILE: 'the system had no more open files',
  ENODEV: 'the file cannot be mapped',
  ENOSPC: 'the file system or the protection keys were used up',
  ENOSYS: 'that kernel does not have the call, or a filter refused it',
  ENXIO: 'the device refused it',
  EOPNOTSUPP: 'the file does not support it',
  EOVERFLOW: 'the offset is past the largest file of that file system',
  ETXTBSY: 'the file was a swap file, or was being executed',
};

/**
 * Why a kernel may have refused a call that the model would have let pass: a reason that lies outside of what the model holds (memory, limits,
 * privileges, devices, the build of the kernel). `null`: the model should know the reason, and its answer is wrong.
 *
 * @param file id of the file that the call maps; 0: none
 */
export function outsideReason(space: ReplaySpace, call: StraceCall, file = 0): string | null {
  switch (call.errno) {
    case 'ENOMEM':
      return memoryReason(space, call);
    case 'EAGAIN':
      return locks(space, call) ? memlockReason(space) : null;
    case 'EPERM':
      return permissionReason(space, call);
    case 'EACCES':
      return accessReason(call);
    case 'EINVAL':
      return invalidReason(call) ?? driverReason(space, call, file);
    case 'EFAULT':
      return call.name === 'madvise' ? 'a page could not be had' : null;
    default:
      return BY_ERRNO[call.errno ?? ''] ?? null;
  }
}

/** Why a call failed that makes a process or a thread; what it needs of memory and limits is outside of the model. */
export function cloneReason({ errno }: StraceCall): string {
  switch (errno) {
    case 'EAGAIN':
      return 'RLIMIT_NPROC, the pids limit of the cgroup or kernel.threads-max was reached';
    case 'ENOMEM':
      return 'memory ran out, or the overcommit limit was reached: a fork accounts for all private writable memory once more';
    case 'EPERM':
      return 'privileges were absent, or a filter refused it';
    default:
      return BY_ERRNO[errno ?? ''] ?? 'the kernel refused its arguments, or a filter did';
  }
}

/** The program break stayed where it was, though the model would have moved it. */
export function brkReason(space: ReplaySpace): string | null {
  return isNearLimit(space) ? null : MEMORY;
}

function memoryReason(space: ReplaySpace, call: StraceCall): string | null {
  if (call.name === 'mmap' && (call.args.flags & MAP_HUGETLB) !== 0) return HUGE_PAGES;
  if (call.name === 'mlock' || call.name === 'mlock2') {
    return locksExecuteOnly(space, call) ? EXECUTE_ONLY : memlockReason(space);
  }
  if (call.name === 'mlockall') return memlockReason(space);
  if (isNearLimit(space)) return null;
  switch (call.name) {
    case 'mmap':
    case 'mmap2':
    case 'old_mmap':
      return askedFor(space, accountedByMmap(call.args));
    case 'mremap':
      return askedFor(space, Math.max(0, call.args.newLength - call.args.oldLength));
    case 'mprotect':
    case 'pkey_mprotect': {
      // Memory that becomes writable is accounted; otherwise only a cut can fail, or a hole.
      const { length, prot } = call.args;
      return (prot & PROT_WRITE) !== 0 ? askedFor(space, length) : cutReason(space, call);
    }
    case 'munmap':
      return cutReason(space, call);
    case 'madvise':
      return adviceName(call.args.advice) === 'POPULATE_WRITE' ? MEMORY : null;
    default:
      return null;
  }
}

/**
 * Does the range of a `mlock` hold memory that can be executed and nothing else? Where the processor has protection keys, the kernel gives
 * it one of its own, and cannot read it either: the range is locked, and faulting it in fails.
 */
export function locksExecuteOnly({ process }: ReplaySpace, call: StraceCall): boolean {
  if (call.name !== 'mlock' && call.name !== 'mlock2') return false;
  const { index, store } = process.mm;
  const { addr, length } = call.args;
  for (let vma = index.find(addr); vma !== NO_VMA && store.start[vma]! < addr + length; vma = index.next(vma)) {
    if ((store.flagsLo[vma]! & LO_ACCESS) === LO_EXEC) return true;
  }
  return false;
}

/** A call asked for memory, not for VMAs. */
function askedFor(space: ReplaySpace, bytes: number): string {
  const { machine } = space.notes;
  const full = machine === null ? '' : `, or the address space of ${machine} was full`;
  const count = space.startsFrom === 'unknown' ? `${full}, or the process was above max_map_count` : full;
  if (bytes === 0) return `${UNACCOUNTED}${count}`;
  return `the call asks for ${sizeText(bytes)} of accounted memory: ${MEMORY}${count}`;
}

/** Bytes that the kernel accounts for a mapping: `accountable_mapping()`; shared anonymous memory is accounted as its file is made. */
function accountedByMmap({ length, prot, flags }: MmapArgs): number {
  if ((flags & MAP_NORESERVE) !== 0) return 0;
  const isPrivate = (flags & MAP_TYPE) === MAP_PRIVATE;
  const accounted = isPrivate ? (prot & PROT_WRITE) !== 0 : (flags & MAP_ANONYMOUS) !== 0;
  return accounted ? length : 0;
}

/** A call cuts VMAs, and whether there was room for the parts is not known. */
function cutReason(space: ReplaySpace, call: StraceCall): string | null {
  const needed = partsNeeded(space, call);
  if (space.startsFrom !== 'unknown' || needed < 1) return null;
  const more = `${needed === 1 ? 'one VMA' : `${needed} VMAs`} more`;
  return `the call needs ${more}, and how many there were before the log is not known: at max_map_count it fails so`;
}

/** VMAs that a call would add by cutting others; 0 for calls that cut none. */
export function partsNeeded(space: ReplaySpace, call: StraceCall): number {
  switch (call.name) {
    case 'mprotect':
    case 'pkey_mprotect':
    case 'madvise':
    case 'munmap': {
      const { addr, length } = call.args;
      const cuts = cutsOf(space, addr, addr + pageAlign(length));
      return call.name === 'munmap' ? Math.max(0, cuts - 1) : cuts;
    }
    default:
      return 0;
  }
}

/** Edges of a range that lie within a VMA. */
function cutsOf({ process: { mm } }: ReplaySpace, start: number, end: number): number {
  return [start, end].filter((edge) => {
    const vma = mm.vmaLookup(edge);
    return vma !== NO_VMA && mm.store.start[vma]! < edge;
  }).length;
}

function sizeText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  for (; value >= 1024 && unit < SIZES.length - 1; unit++) value /= 1024;
  return `${Number(value.toFixed(1))} ${SIZES[unit]}`;
}

/** A call that locks memory, or maps what is to be locked. */
function locks(space: ReplaySpace, call: StraceCall): boolean {
  const { mm } = space.process;
  if (call.name === 'mmap') return (call.args.flags & MAP_LOCKED) !== 0 || (mm.defFlagsLo & LO_LOCKED) !== 0;
  if (call.name === 'shmat') return (mm.defFlagsLo & LO_LOCKED) !== 0;
  if (call.name === 'mremap') {
    const vma = mm.vmaLookup(call.args.addr);
    return vma !== NO_VMA && (mm.store.flagsLo[vma]! & LO_LOCKED) !== 0;
  }
  return call.name === 'mlock' || call.name === 'mlock2' || call.name === 'mlockall';
}

/** The model does not refuse the call for the limit, so the log does not show all that the kernel went by. */
function memlockReason({ memlock: { limit } }: ReplaySpace): string {
  if (limit === null)
    return 'more memory would have been locked than RLIMIT_MEMLOCK allows, which the log does not show';
  return `RLIMIT_MEMLOCK was less than the ${limit} bytes that the log shows, or memory is locked that it does not show`;
}

function permissionReason(space: ReplaySpace, call: StraceCall): string | null {
  if (call.name === 'mlock' || call.name === 'mlock2' || call.name === 'mlockall') return memlockReason(space);
  if (call.name === 'mmap') {
    if ((call.args.flags & MAP_LOCKED) !== 0) return memlockReason(space);
    return (call.args.prot & PROT_EXEC) !== 0
      ? 'the file system is mounted noexec'
      : 'privileges, or a seal of the file';
  }
  // Memory is sealed by a call that the log would show, or by the loader of a map that is not known.
  if (call.name === 'mremap') return null;
  if (call.name === 'munmap' || call.name === 'mprotect') {
    const { addr, length } = call.args;
    const isKnown = space.mapKnown || isMapped(space.process.mm, addr, addr + length);
    return isKnown ? null : 'the memory may have been sealed before the log';
  }
  return 'privileges were absent';
}

function accessReason(call: StraceCall): string | null {
  if (call.name === 'mmap') {
    const isFile = (call.args.flags & MAP_ANONYMOUS) === 0;
    return isFile ? 'how the file was opened is not in the log, or a security policy refused it' : POLICY;
  }
  if (call.name !== 'mprotect' && call.name !== 'pkey_mprotect') return null;
  return (call.args.prot & PROT_EXEC) !== 0 ? POLICY : 'how the file was opened is not in the log';
}

function invalidReason(call: StraceCall): string | null {
  if (call.name === 'pkey_mprotect') return 'the protection key was not allocated';
  if (call.name === 'mlock2' || call.name === 'mseal') return 'that kernel does not have the call';
  if (call.name !== 'madvise') return null;
  const name = adviceName(call.args.advice);
  if (name === undefined || !OPTIONAL_ADVICE.has(name)) return null;
  return `that kernel does not know MADV_${name}, or is built without it`;
}

/** Devices and anonymous inodes: what lengths and offsets they take, and how often, only their driver knows. */
function driverReason({ process }: ReplaySpace, { name }: StraceCall, file: number): string | null {
  const { mapFlags, noExec = false } = process.mm.files.get(file) ?? {};
  const hasDriver = name === 'mmap' && (mapFlags !== undefined || noExec);
  return hasDriver ? 'the driver of the file refused the length, the offset, or a second mapping' : null;
}

function isNearLimit({ process, mapKnown }: ReplaySpace): boolean {
  const { mapCount, maxMapCount } = process.mm;
  return mapKnown && mapCount + NEAR_THE_LIMIT >= maxMapCount;
}
