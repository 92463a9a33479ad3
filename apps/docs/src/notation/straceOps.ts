import { ARENA_BASE, type Op } from 'fork-sim';
import { InputError, parseStrace, type StraceCall } from 'proc-io';
import {
  adviceName,
  MAP_ANONYMOUS,
  MAP_DROPPABLE,
  MAP_FIXED_NOREPLACE,
  MAP_GROWSDOWN,
  MAP_LOCKED,
  MAP_NORESERVE,
  MAP_POPULATE,
  MAP_SHARED,
  MAP_STACK,
  MAP_TYPE,
  MREMAP_DONTUNMAP,
  MREMAP_FIXED,
  MREMAP_MAYMOVE,
  PAGE_SIZE,
  PROT_EXEC,
  PROT_READ,
  PROT_WRITE,
} from 'vma-core';
import { ARENA_SPAN } from './opText.ts';

/** A call that the playground cannot take, and why. */
export class StraceLineError extends Error {
  override readonly name = 'StraceLineError';
  /** Where in the line, from 1. */
  readonly column: number;
  constructor(message: string, column = 1) {
    super(message);
    this.column = column;
  }
}

/** True for a line that looks like a system call of strace's, rather than a scenario line. */
export function isStraceLine(line: string): boolean {
  return /^\s*(?:\[pid\s+\d+\]\s*|\d+\s+)?[a-z_0-9]+\(/.test(line);
}

const BACKINGS: Readonly<Record<number, 'file0' | 'file1' | 'file0b'>> = { 3: 'file0', 4: 'file1', 5: 'file0b' };

/** Turns one line of strace's into an operation; `null`: a line that concerns no memory. @throws StraceLineError */
export function straceOp(line: string): Op | null {
  // A call without its result is fine here: whoever types it does not know it yet.
  const whole = /=\s*\S/.test(line.slice(line.lastIndexOf(')'))) ? line : `${line.replace(/\s*=?\s*$/, '')} = 0`;
  const event = firstCall(whole);
  if (event === null) return null;
  try {
    return opOf(event);
  } catch (error) {
    throw error instanceof StraceLineError ? placed(error, line) : error;
  }
}

/** The call of a line; `null`: it concerns no memory. @throws StraceLineError for a line that is no call, or half of one */
function firstCall(line: string): StraceCall | null {
  try {
    for (const event of parseStrace(`${line}\n`)) {
      if (event.kind === 'unreadable') throw new StraceLineError(event.why, event.column);
      if (event.kind === 'call') return event;
    }
    return null;
  } catch (error) {
    // A text that begins with what is no call is no log to the parser. Here it is a line that is still being typed.
    if (!(error instanceof InputError)) throw error;
    throw new StraceLineError(error.message.replace(/^not a strace log: /, ''), error.column);
  }
}

/** A problem with an address, at its place in the line. */
function placed(error: StraceLineError, line: string): StraceLineError {
  const address = /^0x[0-9a-f]+|^file \d+/.exec(error.message)?.[0].replace('file ', '');
  const at = address === undefined ? -1 : line.search(new RegExp(`(?<=[(,]\\s*)${address}\\b`));
  return at < 0 ? error : new StraceLineError(error.message, at + 1);
}

function pageOf(addr: number): number {
  const page = (addr - ARENA_BASE) / PAGE_SIZE;
  if (Number.isInteger(page) && page >= 0 && page < ARENA_SPAN) return page;
  const first = `0x${ARENA_BASE.toString(16)}`;
  throw new StraceLineError(
    `0x${addr.toString(16)} is not a page of the playground, which has ${ARENA_SPAN} from ${first}`,
  );
}

const pagesOf = (bytes: number): number => Math.ceil(bytes / PAGE_SIZE);

function protOf(prot: number): string {
  const letters = `${prot & PROT_READ ? 'r' : ''}${prot & PROT_WRITE ? 'w' : ''}${prot & PROT_EXEC ? 'x' : ''}`;
  return letters === '' ? 'none' : letters;
}

function opOf(call: StraceCall): Op {
  switch (call.name) {
    case 'mmap':
    case 'mmap2':
    case 'old_mmap':
      return mmapOf(call.args, call.ret);
    case 'munmap':
    case 'mlock':
    case 'munlock':
      return { op: call.name, page: pageOf(call.args.addr), pages: pagesOf(call.args.length) };
    case 'mlock2':
    case 'mseal':
      return { op: call.name, page: pageOf(call.args.addr), pages: pagesOf(call.args.length) };
    case 'mprotect': {
      const { addr, length, prot } = call.args;
      return { op: 'mprotect', page: pageOf(addr), pages: pagesOf(length), prot: protOf(prot) };
    }
    case 'madvise': {
      const advice = adviceName(call.args.advice);
      if (advice === undefined) throw new StraceLineError(`no advice has the number ${call.args.advice}`);
      return { op: 'madvise', page: pageOf(call.args.addr), pages: pagesOf(call.args.length), advice };
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
      throw new StraceLineError(`the playground has no ${call.name}; drop the whole log to replay it`);
  }
}

type MmapArgs = Extract<StraceCall, { name: 'mmap' }>['args'];

function mmapOf({ addr, length, prot, flags, fd, offset }: MmapArgs, ret: number | null): Op {
  const anonymous = (flags & MAP_ANONYMOUS) !== 0;
  const backing = anonymous ? undefined : BACKINGS[fd.fd];
  if (!anonymous && backing === undefined) {
    throw new StraceLineError(
      `file ${fd.fd}: the playground's files are 3 (file0), 4 (file1) and 5 (file0 opened again)`,
    );
  }
  const type = flags & MAP_TYPE;
  const set = (bit: number, name: string): Record<string, true> => ((flags & bit) !== 0 ? { [name]: true } : {});
  return {
    op: 'mmap',
    page: pageOf(addr === 0 && ret !== null && ret > 0 ? ret : addr),
    pages: pagesOf(length),
    prot: protOf(prot),
    ...(backing === undefined ? {} : { backing }),
    ...(offset > 0 ? { pgoff: offset / PAGE_SIZE } : {}),
    ...(type === MAP_SHARED || type === 3 ? { shared: true } : {}),
    ...(type === MAP_DROPPABLE ? { droppable: true } : {}),
    ...set(MAP_NORESERVE, 'noreserve'),
    ...set(MAP_LOCKED, 'locked'),
    ...set(MAP_POPULATE, 'populate'),
    ...set(MAP_GROWSDOWN, 'growsdown'),
    ...set(MAP_STACK, 'stack'),
    ...set(MAP_FIXED_NOREPLACE, 'noreplace'),
  };
}
