import type { StraceCall } from 'proc-io';
import { adviceName, isErrno, MCL_CURRENT, PAGE_SIZE, pageAlign, TASK_SIZE } from 'vma-core';
import {
  madvise,
  mlock,
  mlockall,
  mprotect,
  mseal,
  munlock,
  munlockall,
  munmap,
  setAnonName,
  setBrk,
} from 'vma-core/calls';
import type { UffdTable } from '../process/uffdTable.ts';
import { argumentResult } from './argumentResult.ts';
import { failedInLog } from './failures.ts';
import { pastMemlock, underMemlock } from './memlock.ts';
import { onRange } from './onRange.ts';
import type { OpenFiles } from './openFiles.ts';
import { otherMachine } from './otherMachine.ts';
import { partsNeeded } from './outsideReason.ts';
import { performAio } from './performAio.ts';
import { performMmap } from './performMmap.ts';
import { performBrk, performMremap } from './performMremap.ts';
import { performPkeyAlloc, performPkeyFree, protChange } from './performPkey.ts';
import { performProcessMadvise } from './performProcessMadvise.ts';
import { performRemapFilePages } from './performRemapFilePages.ts';
import { performShmat, performShmdt, type ShmSegments } from './performShm.ts';
import { performUffdio } from './performUffdio.ts';
import type { ReplaySpace } from './replaySpace.ts';

/** What a call needs besides the address space. */
export interface CallContext {
  readonly files: OpenFiles;
  readonly segments: ShmSegments;
  readonly uffds: UffdTable;
  /** The address space of a pid of the log; `null`: the log does not show it. */
  readonly spaceOf: (pid: number) => ReplaySpace | null;
}

const PR_MDWE_REFUSE_EXEC_GAIN = 1;
const PR_MDWE_NO_INHERIT = 2;

type CallOf<Name extends StraceCall['name']> = Extract<StraceCall, { name: Name }>;

/** Performs one call of the log on its address space, compares the result, and notes what differs. */
export function performCall(space: ReplaySpace, call: StraceCall, context: CallContext): void {
  if (call.injected) {
    space.notes.missing(call.name, 'its result was injected: the kernel did not do it', call.line);
    return;
  }
  if (isUnusable(call)) {
    space.notes.missing(call.name, 'an argument that is no number of bytes', call.line);
    return;
  }
  space.current = call;
  space.notes.seesMachine(otherMachine(call));
  space.notes.calls++;
  if (failedInLog(call)) performFailed(space, call, context);
  else if (!answeredByArguments(space, call)) pastMemlock(space, call, () => perform(space, call, context));
  space.current = null;
}

/** Performs a call that failed in the log, and notes why it did. */
function performFailed(space: ReplaySpace, call: StraceCall, context: CallContext): void {
  const { notes, process } = space;
  const [limited, unknown] = [notes.limitFailures.count, notes.unknownMemory.count];
  const vmas = process.mm.mapCount;
  const byArguments = answeredByArguments(space, call);
  if (!byArguments) underMemlock(space, () => perform(space, call, context));
  const outside = notes.outside?.why ?? null;
  const seen = {
    limited: notes.limitFailures.count > limited,
    unknownMemory: notes.unknownMemory.count > unknown,
    alike: notes.mismatch === null,
    outside,
    memlock: notes.memlock,
    maybeLimit: outside !== null && space.startsFrom === 'unknown' && partsNeeded(space, call) > 0,
  };
  notes.failures.add(call, seen, vmas);
}

/** Compares the result of a call whose arguments alone decide it; false: its map does. */
function answeredByArguments(space: ReplaySpace, call: StraceCall): boolean {
  const result = argumentResult(call);
  if (result === null || call.ret === null) return false;
  const { notes } = space;
  const log = call.errno ?? (call.ret as number);
  if (result !== log) notes.wrongResult({ call, log, model: result });
  else if (isErrno(result)) notes.failedAlike++;
  // A mapping that is there is there; a range that wraps is nothing that could be changed.
  return !('offset' in call.args && call.errno === null);
}

function perform(space: ReplaySpace, call: StraceCall, context: CallContext): void {
  switch (call.name) {
    case 'mmap':
    case 'mmap2':
    case 'old_mmap':
      performMmap(space, call, context.files);
      break;
    case 'munmap': {
      const { addr, length } = call.args;
      if (!space.mapKnown && call.errno === null) space.seen.add(addr, addr + pageAlign(length));
      onRange(space, call, addr, length, (mm) => munmap(mm, addr, length));
      break;
    }
    case 'pkey_mprotect':
    case 'mprotect': {
      const { addr, length, prot } = call.args;
      const more = protChange(space, call);
      onRange(space, call, addr, length, (mm) => mprotect(mm, addr, length, prot, more));
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
      onRange(space, call, from, addr + length - from, (mm) =>
        call.name === 'munlock' ? munlock(mm, addr, length) : mlock(mm, addr, length, flags),
      );
      break;
    }
    case 'mlockall': {
      const { flags } = call.args;
      const end = (flags & MCL_CURRENT) === 0 ? 0 : TASK_SIZE;
      onRange(space, call, 0, end, (mm) => mlockall(mm, flags));
      break;
    }
    case 'munlockall':
      onRange(space, call, 0, TASK_SIZE, (mm) => munlockall(mm));
      break;
    case 'mseal': {
      const { addr, length, flags } = call.args;
      onRange(space, call, addr, length, (mm) => mseal(mm, addr, length, flags));
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
    case 'pkey_alloc':
      performPkeyAlloc(space, call);
      break;
    case 'pkey_free':
      performPkeyFree(space, call);
      break;
    case 'ioctl':
      performUffdio(space, call, context.uffds);
      break;
    case 'setrlimit':
    case 'prlimit64':
      if (call.errno === null) seesLimit(space, call, context);
      break;
    case 'remap_file_pages':
      performRemapFilePages(space, call);
      break;
    case 'process_madvise':
      performProcessMadvise(space, call, context.files, context.spaceOf);
      break;
    case 'map_shadow_stack':
      space.notes.missing(call.name, 'not modelled', call.line);
      break;
    case 'unmodelled':
      if (performAio(space, call, context.files)) break;
      space.notes.missing(call.args.syscall, 'not modelled', call.line);
      break;
    default:
      // Descriptors, processes and segments: the replay itself deals with those.
      break;
  }
}

/** A limit is set or read, of another process too where `prlimit64` names one. */
function seesLimit(space: ReplaySpace, { args, pid }: CallOf<'setrlimit' | 'prlimit64'>, context: CallContext): void {
  const of = args.pid === 0 || args.pid === pid ? space : context.spaceOf(args.pid);
  if (of === null) return;
  if (args.resource === 'RLIMIT_STACK') of.process.mm.stackLimit = args.cur;
  if (args.resource === 'RLIMIT_MEMLOCK') of.memlock = { ...of.memlock, limit: args.cur };
}

function performMadvise(space: ReplaySpace, call: CallOf<'madvise'>): void {
  const { addr, length, advice } = call.args;
  const name = adviceName(advice);
  if (name === undefined && call.errno === null) {
    space.notes.missing('madvise', `advice ${advice} is unknown`, call.line);
  }
  if (name === 'COLLAPSE' || name === 'HWPOISON' || name === 'SOFT_OFFLINE') {
    space.notes.missing(`madvise ${name}`, 'changes no VMA; its effect on pages is not modelled', call.line);
    return;
  }
  onRange(space, call, addr, length, (mm) => madvise(mm, addr, length, advice));
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
      onRange(space, call, addr, length, (mm) => setAnonName(mm, addr, length, name ?? null));
    }
  } else if (args.option === 'PR_SET_MM') {
    if (call.errno !== null) return;
    if (args.field === 'PR_SET_MM_START_BRK') setBrk(process.mm, args.value);
    else if (args.field === 'PR_SET_MM_BRK') process.mm.brk = args.value;
    else if (/^PR_SET_MM_MAP$/.test(args.field)) notes.missing('prctl PR_SET_MM_MAP', 'not modelled', call.line);
  } else if (args.option === 'PR_SET_MDWE') {
    if (call.errno !== null) return;
    process.mm.hasMdwe = (args.value & PR_MDWE_REFUSE_EXEC_GAIN) !== 0;
    process.mm.mdweNoInherit = (args.value & PR_MDWE_NO_INHERIT) !== 0;
  } else if (args.option === 'PR_SET_MEMORY_MERGE' && args.value !== 0) {
    notes.missing('prctl PR_SET_MEMORY_MERGE', 'new mappings get no mergeable flag', call.line);
  }
}

/** True where an argument is no whole number of bytes: the log is not of this machine. */
function isUnusable(call: StraceCall): boolean {
  // What nearly every line is, each with arguments of its own form; the others are asked for every name there is.
  switch (call.name) {
    case 'mmap':
      return !(isBytes(call.args.addr) && isBytes(call.args.length) && isBytes(call.args.offset));
    case 'munmap':
    case 'mprotect':
    case 'madvise':
    case 'mlock':
      return !(isBytes(call.args.addr) && isBytes(call.args.length));
    case 'brk':
      return !isBytes(call.args.addr);
    default: {
      const { addr = 0, length = 0, offset = 0 } = call.args as Readonly<Record<string, unknown>>;
      return !(isBytes(addr) && isBytes(length) && isBytes(offset));
    }
  }
}

function isBytes(value: unknown): boolean {
  return value === null || (Number.isInteger(value) && (value as number) >= 0);
}
