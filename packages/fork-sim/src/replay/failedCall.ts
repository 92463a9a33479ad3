import type { StraceCall } from 'proc-io';
import {
  type Errno,
  isErrno,
  MAP_ANONYMOUS,
  MAP_FIXED,
  MAP_FIXED_NOREPLACE,
  MAP_HUGETLB,
  MAP_SHARED,
  MAP_SYNC,
  MAP_TYPE,
  type Mm,
  MREMAP_FIXED,
  pageAlign,
} from 'vma-core';
import { cutForMunmap, munmap } from 'vma-core/calls';
import { wholeHugePages } from './hugePages.ts';
import { memlockRefusal } from './memlock.ts';
import { cloneReason, locksExecuteOnly, outsideReason } from './outsideReason.ts';
import { count } from './replayNotes.ts';
import type { ReplaySpace } from './replaySpace.ts';
import type { CallRange } from './trial.ts';

/** A call of the log that is to be performed. */
interface FailedCall<R> {
  readonly call: StraceCall;
  /** What it may look at or change. */
  readonly ranges: readonly CallRange[];
  /** Id of the file that it maps; absent: none. */
  readonly file?: number;
  readonly perform: (mm: Mm) => R | Errno;
  /** What its result is called where the model would have let it pass. */
  readonly shown?: string;
}

/** What a kernel says of the file, or of the call, before it looks at the rest of the arguments. */
const FIRST: ReadonlySet<string> = new Set(['EBADF', 'EINTR', 'ENODEV', 'ENOSYS', 'EOVERFLOW', 'ETXTBSY']);

/**
 * Replays a call that failed in the log. It is performed, with all it does before it fails, only where it fails in the model as in the log;
 * otherwise that is noted, and what the kernel leaves behind is done instead.
 *
 * @returns what the model would have answered
 */
export function replayFailed<R extends string | number>(
  space: ReplaySpace,
  { call, ranges, file, perform, shown }: FailedCall<R>,
): R | Errno {
  const { notes, process } = space;
  const log = call.errno as string;
  const result = space.trial.ask(ranges, perform, file);
  if (result === log) {
    notes.failedAlike++;
    notes.memlock = memlockRefusal(space, call, result, () => space.trial.ask(ranges, perform, file));
    perform(process.mm);
    return result;
  }
  if (!space.mapKnown && (result === 'ENOMEM' || result === 'EFAULT')) {
    count(notes.unknownMemory, () => call);
    return result;
  }
  const why = isErrno(result) && !FIRST.has(log) ? null : outsideReason(space, call, file);
  notes.differs({ call, log, model: isErrno(result) ? result : (shown ?? result) }, why);
  if (isErrno(result)) return result;
  if (call.errno === 'ENOMEM' && locksExecuteOnly(space, call)) perform(process.mm);
  else leaveBehind(space, call);
  return result;
}

/** Notes a call that made no process and no thread. */
export function noteFailedClone({ notes, process }: ReplaySpace, call: StraceCall): void {
  if (call.errno === null) return;
  const seen = {
    limited: false,
    unknownMemory: false,
    alike: true,
    maybeLimit: false,
    memlock: null,
    outside: cloneReason(call),
  };
  notes.failures.add(call, seen, process.mm.mapCount);
}

/**
 * What a call leaves behind that fails after it has begun, for a reason outside of the model. Asked of 6.18.44; since 6.12 a mapping that is
 * refused for want of memory leaves what was there, cut at the edges.
 */
function leaveBehind(space: ReplaySpace, call: StraceCall): void {
  const { mm } = space.process;
  if (call.name === 'mremap') {
    // The target is unmapped before the memory is charged.
    const { newAddr, newLength, flags } = call.args;
    if (call.errno === 'ENOMEM' && (flags & MREMAP_FIXED) !== 0 && newAddr !== null) munmap(mm, newAddr, newLength);
    return;
  }
  if (call.name !== 'mmap' || (call.args.flags & MAP_FIXED) === 0) return;
  const { addr, length, flags } = call.args;
  if ((flags & MAP_FIXED_NOREPLACE) !== 0) return;
  if (failsInDriver(call.errno, flags, call.args.fd.path)) munmap(mm, addr, bytesOf(length, flags));
  else if (call.errno === 'ENOMEM') cutForMunmap(mm, addr, addr + pageAlign(length));
}

/** Huge pages are mapped whole. */
function bytesOf(length: number, flags: number): number {
  const isHuge = (flags & MAP_HUGETLB) !== 0;
  return isHuge ? wholeHugePages(length, flags) : length;
}

/** What lies in memory, or is a device. */
const NO_SYNC = /^\/(?:memfd:|dev\/|proc\/|sys\/)/;

/** Does a mapping fail where its object is made or its file asked, when what was there is gone? */
function failsInDriver(errno: string | null, flags: number, path: string | null): boolean {
  const isAnonymous = (flags & MAP_ANONYMOUS) !== 0;
  switch (errno) {
    case 'ENOMEM':
      return (flags & MAP_HUGETLB) !== 0 || (isAnonymous && (flags & MAP_TYPE) === MAP_SHARED);
    case 'EOPNOTSUPP':
      // Where the file system does not know MAP_SYNC (FOP_MMAP_SYNC: ext4, xfs, fuse), the flags are refused before.
      return (flags & MAP_SYNC) !== 0 && !NO_SYNC.test(path ?? '');
    case 'EINVAL':
    case 'ENXIO':
    case 'EIO':
      // What the model knows of a file's arguments is checked before; the rest is its driver's.
      return !isAnonymous;
    default:
      return false;
  }
}
