import type { StraceCall } from 'proc-io';
import { adviceName, MCL_CURRENT, PAGE_SIZE, pageAlign, setBrk, TASK_SIZE } from 'vma-core';
import type { UffdTable } from '../process/uffdTable.ts';
import { onRange } from './onRange.ts';
import type { OpenFiles } from './openFiles.ts';
import { performMmap } from './performMmap.ts';
import { performBrk, performMremap } from './performMremap.ts';
import { performShmat, performShmdt, type ShmSegments } from './performShm.ts';
import { performUffdio } from './performUffdio.ts';
import type { ReplaySpace } from './replaySpace.ts';

/** What a call needs besides the address space. */
export interface CallContext {
  readonly files: OpenFiles;
  readonly segments: ShmSegments;
  readonly uffds: UffdTable;
}

/** One past the highest address of 47 bits. */
const USER_BITS = 2 ** 47;

type CallOf<Name extends StraceCall['name']> = Extract<StraceCall, { name: Name }>;

/** Performs one call of the log on its address space, compares the result, and notes what differs. */
export function performCall(space: ReplaySpace, call: StraceCall, context: CallContext): void {
  if (call.injected) {
    space.notes.missing(call.name, 'its result was injected: the kernel did not do it', call.line);
    return;
  }
  if (isOutside(call)) {
    // A kernel refuses such a range before it looks at anything; what it says then is not modelled call by call.
    if (call.errno === null) space.notes.missing(call.name, 'a range outside of user space', call.line);
    return;
  }
  space.current = call;
  space.notes.calls++;
  const { process } = space;
  switch (call.name) {
    case 'mmap':
    case 'mmap2':
    case 'old_mmap':
      performMmap(space, call, context.files);
      break;
    case 'munmap': {
      const { addr, length } = call.args;
      onRange(space, call, addr, length, () => process.munmap(addr, length));
      break;
    }
    case 'pkey_mprotect':
    case 'mprotect': {
      const { addr, length, prot } = call.args;
      if (call.name === 'pkey_mprotect' && call.args.pkey > 0) {
        space.notes.missing('pkey_mprotect', 'protection keys are not in the flags', call.line);
      }
      onRange(space, call, addr, length, () => process.mprotect(addr, length, prot));
      break;
    }
    case 'madvise':
      performMadvise(space, call);
      break;
    case 'mremap':
      performMremap(space, call);
      break;
    case 'brk':
      performBrk(space, call);
      break;
    case 'mlock':
    case 'mlock2':
    case 'munlock': {
      const { addr, length } = call.args;
      const flags = call.name === 'mlock2' ? call.args.flags : 0;
      const from = addr - (addr % PAGE_SIZE);
      onRange(space, call, from, addr + length - from, () =>
        call.name === 'munlock' ? process.munlock(addr, length) : process.mlock(addr, length, flags),
      );
      break;
    }
    case 'mlockall': {
      const { flags } = call.args;
      const end = (flags & MCL_CURRENT) === 0 ? 0 : TASK_SIZE;
      onRange(space, call, 0, end, () => process.mlockall(flags));
      break;
    }
    case 'munlockall':
      onRange(space, call, 0, TASK_SIZE, () => process.munlockall());
      break;
    case 'mseal': {
      const { addr, length, flags } = call.args;
      onRange(space, call, addr, length, () => process.mseal(addr, length, flags));
      break;
    }
    case 'shmat':
      performShmat(space, call, context.segments);
      break;
    case 'shmdt':
      performShmdt(space, call);
      break;
    case 'prctl':
      performPrctl(space, call);
      break;
    case 'ioctl':
      performUffdio(space, call, context.uffds);
      break;
    case 'setrlimit':
    case 'prlimit64':
      if (call.errno !== null) break;
      if (call.args.resource === 'RLIMIT_STACK') process.mm.stackLimit = call.args.cur;
      if (call.args.resource === 'RLIMIT_MEMLOCK') space.memlockLimit = call.args.cur;
      break;
    case 'process_madvise':
    case 'remap_file_pages':
    case 'map_shadow_stack':
      space.notes.missing(call.name, 'not modelled', call.line);
      break;
    case 'unmodelled':
      space.notes.missing(call.args.syscall, 'not modelled', call.line);
      break;
    default:
      // Descriptors, processes and segments: the replay itself deals with those.
      break;
  }
  space.current = null;
}

function performMadvise(space: ReplaySpace, call: CallOf<'madvise'>): void {
  const { addr, length, advice } = call.args;
  const name = adviceName(advice);
  if (name === undefined) space.notes.missing('madvise', `advice ${advice} is unknown`, call.line);
  if (name === 'COLLAPSE' || name === 'HWPOISON' || name === 'SOFT_OFFLINE') {
    space.notes.missing(`madvise ${name}`, 'changes no VMA; its effect on pages is not modelled', call.line);
    return;
  }
  onRange(space, call, addr, length, () => space.process.madvise(addr, length, advice));
  if (call.errno === null && (name === 'GUARD_INSTALL' || name === 'POPULATE_WRITE')) {
    space.proven(addr, addr + pageAlign(length));
  }
}

function performPrctl(space: ReplaySpace, call: CallOf<'prctl'>): void {
  const { args } = call;
  const { process, notes } = space;
  if (args.option === 'PR_SET_VMA') {
    // EINVAL: that kernel was built without names. Whether it was is known from nowhere else.
    if (call.errno === 'EINVAL') return;
    if (args.name === undefined) notes.missing('prctl PR_SET_VMA', 'the log does not show the name', call.line);
    else {
      const { addr, length, name } = args;
      onRange(space, call, addr, length, () => process.setAnonName(addr, length, name ?? null));
    }
  } else if (args.option === 'PR_SET_MM') {
    if (call.errno !== null) return;
    if (args.field === 'PR_SET_MM_START_BRK') setBrk(process.mm, args.value);
    else if (args.field === 'PR_SET_MM_BRK') process.mm.brk = args.value;
    else if (/^PR_SET_MM_MAP$/.test(args.field)) notes.missing('prctl PR_SET_MM_MAP', 'not modelled', call.line);
  } else if (args.option === 'PR_SET_MEMORY_MERGE' && args.value !== 0) {
    notes.missing('prctl PR_SET_MEMORY_MERGE', 'new mappings get no mergeable flag', call.line);
  }
}

/** True where an address or a length lies beyond what a user address space can hold, or is no whole number of bytes. */
function isOutside(call: StraceCall): boolean {
  // What nearly every line is, each with arguments of its own form; the others are asked for every name there is.
  switch (call.name) {
    case 'mmap': {
      const { addr, length, offset } = call.args;
      return !(offset >= 0) || isNoPlace(addr) || isNoPlace(length);
    }
    case 'munmap':
    case 'mprotect':
    case 'madvise':
    case 'mlock':
    case 'munlock':
      return isNoPlace(call.args.addr) || isNoPlace(call.args.length);
    case 'brk':
      return isNoPlace(call.args.addr);
    default: {
      const args = call.args as Readonly<Record<string, unknown>>;
      const { addr, length, oldLength, newLength, newAddr, offset } = args;
      if (typeof offset === 'number' && !(offset >= 0)) return true;
      return [addr, length, oldLength, newLength, newAddr].some(
        (bytes) => typeof bytes === 'number' && isNoPlace(bytes),
      );
    }
  }
}

function isNoPlace(bytes: number): boolean {
  return !(Number.isInteger(bytes) && bytes >= 0 && bytes <= USER_BITS);
}
