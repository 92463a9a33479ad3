import {
  formatStraceCall,
  InputError,
  parseStrace,
  type StraceArgs,
  type StraceCall,
  type StraceCallName,
} from 'proc-io';
import {
  adviceName,
  MADV,
  MAP_ANONYMOUS,
  MAP_DROPPABLE,
  MAP_FIXED_NOREPLACE,
  MAP_SHARED,
  MAP_SHARED_VALIDATE,
  MAP_TYPE,
  MLOCK_ONFAULT,
  MREMAP_DONTUNMAP,
  MREMAP_FIXED,
  MREMAP_MAYMOVE,
  PAGE_SIZE,
} from 'vma-core';
import { MAP_FLAG_FIELDS, mmapArgs, mremapArgs, pageAddress, protBits, protLetters, rangeOf } from './callArgs.ts';
import { formatOp, LineError, type ReadLine } from './notation.ts';
import { ARENA_BASE, ARENA_PAGES, type Backing, type Op } from './scenario.ts';

/** The descriptors under which calls name a scenario's files. */
const DESCRIPTORS: Readonly<Record<Backing, number>> = {
  anon: -1,
  file0: 3,
  file1: 4,
  file0b: 5,
  file0r: 6,
  memfd0: 7,
  sysv: -1,
};
/** From descriptor 3 on. @internal */
export const BACKINGS = ['file0', 'file1', 'file0b', 'file0r', 'memfd0'] as const;
/** PIDFD_SELF_THREAD_GROUP. */
const PIDFD_SELF = -10_001;
const PIDFD_SELF_THREAD = -10_000;
/** A flag of `shmat`: what is mapped there goes. */
const SHM_REMAP = 0o40000;

/** True for a line that looks like a system call of strace's, rather than a scenario line. */
export function isStraceLine(line: string): boolean {
  return /^\s*(?:\[pid\s+\d+\]\s*|\d+\s+)?[a-z_0-9]+\(/.test(line);
}

/** Turns one line of strace's into an operation; into none where it concerns no memory. */
export function straceLine(line: string): ReadLine {
  // A call without its result is fine here: who types it does not know it yet.
  const whole = /\)\s*=\s*\S/.test(line) ? line : `${withoutEquals(line)} = 0`;
  try {
    const call = firstCall(whole);
    return { ops: call === null ? [] : [opOf(call)], problems: [] };
  } catch (error) {
    if (!(error instanceof CallError)) throw error;
    const { message, shown, column } = error;
    // An argument that is wrong is looked for where it stands as strace prints it.
    const at = shown === null ? -1 : findArgument(line, shown);
    return { ops: [], problems: [new LineError(message, at < 0 ? column : at + 1, line.length + 1)] };
  }
}

/** The line without the ` = ` behind its call, which has nothing behind it yet. */
function withoutEquals(line: string): string {
  const call = line.trimEnd();
  return call.endsWith('=') ? call.slice(0, -1).trimEnd() : call;
}

/** Where an argument begins that is printed so; -1: none is. */
function findArgument(line: string, shown: string): number {
  for (let at = line.indexOf(shown); at >= 0; at = line.indexOf(shown, at + 1)) {
    const begins = /[(,]$/.test(line.slice(0, at).trimEnd().slice(-1));
    if (begins && !/^\w/.test(line.slice(at + shown.length, at + shown.length + 1))) return at;
  }
  return -1;
}

/** A call that no scenario can take. */
class CallError extends Error {
  /** The argument that is wrong, as it is printed; `null`: the whole call. */
  readonly shown: string | null;
  readonly column: number;
  constructor(message: string, shown: string | null = null, column = 1) {
    super(message);
    this.shown = shown;
    this.column = column;
  }
}

/** An operation as strace prints it, with the result that it had; what is no single system call is a comment, in the notation. */
export function straceText(op: Op, res: string, at?: number | 'outside', done?: number): string {
  const ret = res !== 'ok' ? -1 : typeof at === 'number' ? pageAddress(at) : (done ?? 0) * PAGE_SIZE;
  const call = straceCall(op, ret, res === 'ok' ? null : res);
  return call === null ? `# ${formatOp(op)}` : formatStraceCall(call);
}

/** The system call that an operation makes; `null` where it is not just one. */
export function straceCall(op: Op, ret = 0, errno: string | null = null): StraceCall | null {
  const call = callOf(op);
  if (call === null) return null;
  return {
    ...call,
    kind: 'call',
    line: 1,
    endLine: 1,
    openSince: null,
    pid: null,
    time: null,
    duration: null,
    ret,
    errno,
    injected: false,
    unknownNames: null,
    inexact: false,
  };
}

type NamedArgs = {
  readonly [Name in StraceCallName]: { readonly name: Name; readonly args: StraceArgs[Name] };
}[StraceCallName];

function callOf(op: Op): NamedArgs | null {
  switch (op.op) {
    case 'mmap': {
      const { backing = 'anon', pgoff = 0 } = op;
      const args = mmapArgs(op);
      if (backing === 'sysv') return { name: 'shmat', args: { shmid: 0, addr: args.addr, flags: SHM_REMAP } };
      const fd = { fd: DESCRIPTORS[backing], path: null, deleted: false, device: null };
      return { name: 'mmap', args: { ...args, fd, offset: pgoff * PAGE_SIZE } };
    }
    case 'munmap':
    case 'mlock':
    case 'munlock':
      return { name: op.op, args: rangeOf(op) };
    case 'mlock2':
      return { name: 'mlock2', args: { ...rangeOf(op), flags: MLOCK_ONFAULT } };
    case 'mseal':
      return { name: 'mseal', args: { ...rangeOf(op), flags: 0 } };
    case 'mprotect':
      return { name: 'mprotect', args: { ...rangeOf(op), prot: protBits(op.prot) } };
    case 'madvise':
      return { name: 'madvise', args: { ...rangeOf(op), advice: MADV[op.advice] } };
    case 'process_madvise': {
      if (op.of !== undefined) return null;
      const ranges = op.ranges.map(([page, pages]) => rangeOf({ page, pages }));
      const pidfd = { fd: PIDFD_SELF, path: null, deleted: false, device: null };
      const args = { pidfd, ranges, count: ranges.length, advice: MADV[op.advice], flags: 0 };
      return { name: 'process_madvise', args };
    }
    case 'mremap':
      return { name: 'mremap', args: mremapArgs(op) };
    case 'setname':
      return { name: 'prctl', args: { option: 'PR_SET_VMA', ...rangeOf(op), name: op.name ?? null } };
    case 'fork':
      return { name: 'fork', args: {} };
    default:
      return null;
  }
}

/** The call of a line; `null`: it concerns no memory. @throws CallError for a line that is no call, or half of one */
function firstCall(line: string): StraceCall | null {
  try {
    for (const event of parseStrace(`${line}\n`)) {
      if (event.kind === 'unreadable') throw new CallError(event.why, null, event.column);
      if (event.kind === 'call') return event;
    }
    return null;
  } catch (error) {
    // A text that begins with what is no call is no log to the parser. Here it is a line that is still being typed.
    if (!(error instanceof InputError)) throw error;
    throw new CallError(error.message.replace(/^not a strace log: /, ''), null, error.column);
  }
}

function pageOf(addr: number): number {
  const page = (addr - ARENA_BASE) / PAGE_SIZE;
  if (Number.isInteger(page) && page >= 0 && page < ARENA_PAGES) return page;
  const [shown, first] = [addr, ARENA_BASE].map((at) => `0x${at.toString(16)}`) as [string, string];
  throw new CallError(`${shown} is not a page of the arena, which has ${ARENA_PAGES} from ${first}`, shown);
}

const pagesOf = (bytes: number): number => Math.ceil(bytes / PAGE_SIZE);

function opOf(call: StraceCall): Op {
  switch (call.name) {
    case 'mmap':
    case 'mmap2':
    case 'old_mmap':
      return mmapOf(call.args, call.ret);
    case 'munmap':
    case 'mlock':
    case 'munlock':
    case 'mlock2':
    case 'mseal':
      return { op: call.name, page: pageOf(call.args.addr), pages: pagesOf(call.args.length) };
    case 'mprotect': {
      const { addr, length, prot } = call.args;
      return { op: 'mprotect', page: pageOf(addr), pages: pagesOf(length), prot: protLetters(prot) };
    }
    case 'madvise': {
      const advice = adviceName(call.args.advice);
      if (advice === undefined) throw new CallError(`no advice has the number ${call.args.advice}`);
      return { op: 'madvise', page: pageOf(call.args.addr), pages: pagesOf(call.args.length), advice };
    }
    case 'process_madvise': {
      const { pidfd, ranges, advice: number } = call.args;
      const advice = adviceName(number);
      if (advice === undefined) throw new CallError(`no advice has the number ${number}`);
      if (pidfd.fd !== PIDFD_SELF && pidfd.fd !== PIDFD_SELF_THREAD)
        throw new CallError('a scenario takes process_madvise for PIDFD_SELF alone (-10000, -10001)');
      return {
        op: 'process_madvise',
        ranges: ranges.map(({ addr, length }) => [pageOf(addr), pagesOf(length)] as const),
        advice,
      };
    }
    case 'mremap': {
      const { addr, oldLength, newLength, flags, newAddr } = call.args;
      return {
        op: 'mremap',
        page: pageOf(addr),
        pages: pagesOf(oldLength),
        newPages: pagesOf(newLength),
        ...(flags & MREMAP_FIXED && newAddr !== null ? { newPage: pageOf(newAddr) } : {}),
        ...(flags & MREMAP_MAYMOVE && !(flags & MREMAP_FIXED) ? { mayMove: true } : {}),
        ...(flags & MREMAP_DONTUNMAP ? { dontUnmap: true } : {}),
      };
    }
    case 'fork':
    case 'vfork':
    case 'clone':
    case 'clone3':
      return { op: 'fork' };
    default:
      throw new CallError(`a scenario has no ${call.name}; replay the whole log instead`);
  }
}

function mmapOf({ addr, length, prot, flags, fd, offset }: StraceArgs['mmap'], ret: number | null): Op {
  const anonymous = (flags & MAP_ANONYMOUS) !== 0;
  const backing = anonymous ? 'anon' : BACKINGS.find((name) => DESCRIPTORS[name] === fd.fd);
  if (backing === undefined) {
    throw new CallError(`file ${fd.fd}: the files are 3 (file0), 4 (file1) and 5 (file0 opened again)`, String(fd.fd));
  }
  const type = flags & MAP_TYPE;
  const set = [...MAP_FLAG_FIELDS, ['noreplace', MAP_FIXED_NOREPLACE] as const].filter(
    ([, bit]) => (flags & bit) !== 0,
  );
  return {
    op: 'mmap',
    page: pageOf(addr === 0 && ret !== null && ret > 0 ? ret : addr),
    pages: pagesOf(length),
    prot: protLetters(prot),
    ...(anonymous ? {} : { backing }),
    ...(offset > 0 ? { pgoff: offset / PAGE_SIZE } : {}),
    ...(type === MAP_SHARED || type === MAP_SHARED_VALIDATE ? { shared: true } : {}),
    ...(type === MAP_DROPPABLE ? { droppable: true } : {}),
    ...Object.fromEntries(set.map(([field]) => [field, true])),
  };
}
