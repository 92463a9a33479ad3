import {
  adviceByName,
  brk,
  type Errno,
  InvariantError,
  isErrno,
  MAP_ANONYMOUS,
  MAP_DROPPABLE,
  MAP_FIXED,
  MAP_FIXED_NOREPLACE,
  MAP_GROWSDOWN,
  MAP_LOCKED,
  MAP_NORESERVE,
  MAP_POPULATE,
  MAP_PRIVATE,
  MAP_SHARED,
  MAP_STACK,
  MLOCK_ONFAULT,
  MREMAP_DONTUNMAP,
  MREMAP_FIXED,
  MREMAP_MAYMOVE,
  PAGE_SIZE,
  PROT_EXEC,
  PROT_READ,
  PROT_WRITE,
  setBrk,
} from 'vma-core';
import type { Process } from '../process/process.ts';
import type { Arena } from './arena.ts';
import { fillMaps } from './fillMaps.ts';
import { isUffdOp, performUffdOp } from './performUffdOp.ts';
import { ARENA_BASE, type Op, type StepRecord } from './scenario.ts';
import type { UffdTable } from './uffdTable.ts';

/** What an operation reports besides the state: the fields of a step that are its own. */
export type OpReport = Pick<StepRecord, 'res' | 'at' | 'faults' | 'vals' | 'brk' | 'open' | 'done'>;

type OpOf<Name extends Op['op']> = Extract<Op, { op: Name }>;

/** PROT_ bits of `none` or letters of `rwx`. */
export function protOf(prot: string): number {
  if (prot === 'none') return 0;
  return (
    (prot.includes('r') ? PROT_READ : 0) | (prot.includes('w') ? PROT_WRITE : 0) | (prot.includes('x') ? PROT_EXEC : 0)
  );
}

/**
 * Performs one operation in the arena's current process; `fork` is the runner's own.
 *
 * @param step index of the operation: what a write stores depends on it
 */
export function performOp(arena: Arena, uffds: UffdTable, op: Op, step: number): OpReport {
  const process = arena.current;
  if (isUffdOp(op)) return performUffdOp(arena, uffds, op, step);
  switch (op.op) {
    case 'mmap':
      return landing(arena, process, performMmap(arena, process, op), op.pages);
    case 'mremap':
      return landing(arena, process, performMremap(arena, process, op), op.newPages);
    case 'touch':
      return touch(arena, process, op, step);
    case 'munmap':
      return report(process.munmap(arena.addr(op.page), op.pages * PAGE_SIZE));
    case 'mprotect':
      return report(process.mprotect(arena.addr(op.page), op.pages * PAGE_SIZE, protOf(op.prot)));
    case 'madvise':
      return report(process.madvise(arena.addr(op.page), op.pages * PAGE_SIZE, adviceByName(op.advice) ?? -1));
    case 'mlock':
      return report(process.mlock(arena.addr(op.page), op.pages * PAGE_SIZE));
    case 'mlock2':
      return report(process.mlock(arena.addr(op.page), op.pages * PAGE_SIZE, MLOCK_ONFAULT));
    case 'munlock':
      return report(process.munlock(arena.addr(op.page), op.pages * PAGE_SIZE));
    case 'mseal':
      return report(process.mseal(arena.addr(op.page), op.pages * PAGE_SIZE));
    case 'setname':
      return report(process.setAnonName(arena.addr(op.page), op.pages * PAGE_SIZE, op.name ?? null));
    case 'clear_refs':
      process.clearRefs(op.value);
      return { res: 'ok' };
    case 'set_brk':
      setBrk(process.mm, arena.addr(op.page));
      return { res: 'ok' };
    case 'brk':
      return performBrk(arena, process, op);
    case 'rlimit_stack':
      process.mm.stackLimit = op.pages * PAGE_SIZE;
      return { res: 'ok' };
    case 'fill_maps':
      fillMaps(arena, process, op.slack);
      return { res: 'ok' };
    case 'fork':
      throw new InvariantError('fork is performed by runScenario');
    default:
      return op satisfies never;
  }
}

function report(result: 0 | Errno | 'LIVELOCK'): OpReport {
  return { res: result === 0 ? 'ok' : result };
}

/** Where a mapping landed; one outside the arena is unmapped at once. */
function landing(arena: Arena, process: Process, result: number | Errno, pages: number): OpReport {
  if (isErrno(result)) return { res: result };
  const at = arena.pageAt(result);
  if (at === 'outside') process.munmap(result, pages * PAGE_SIZE);
  return { res: 'ok', at };
}

function performMmap(arena: Arena, process: Process, op: OpOf<'mmap'>): number | Errno {
  const backing = op.backing ?? 'anon';
  const length = op.pages * PAGE_SIZE;
  const chosen = op.anywhere || op.hint !== undefined;
  const addr = op.hint !== undefined ? arena.addr(op.hint) : op.anywhere ? 0 : arena.addr(op.page ?? 0);
  const fixed = chosen ? 0 : op.noreplace ? MAP_FIXED_NOREPLACE : MAP_FIXED;
  const file = backing === 'anon' ? 0 : arena.fileFor(backing, op.pages);
  if (backing === 'sysv') {
    // shmat(SHM_REMAP): always shared and writable; it takes no other flag.
    const flags = MAP_SHARED | fixed;
    return process.mmap({ addr, length, prot: PROT_READ | PROT_WRITE, flags, file, pgoff: 0 });
  }
  let flags = fixed | (op.droppable ? MAP_DROPPABLE : op.shared ? MAP_SHARED : MAP_PRIVATE);
  if (file === 0) flags |= MAP_ANONYMOUS;
  if (op.noreserve) flags |= MAP_NORESERVE;
  if (op.locked) flags |= MAP_LOCKED;
  if (op.populate) flags |= MAP_POPULATE;
  if (op.growsdown) flags |= MAP_GROWSDOWN;
  if (op.stack) flags |= MAP_STACK;
  return process.mmap({ addr, length, prot: protOf(op.prot), flags, file, pgoff: op.pgoff ?? 0 });
}

function performMremap(arena: Arena, process: Process, op: OpOf<'mremap'>): number | Errno {
  const fixed = op.newPage !== undefined;
  let flags = fixed || op.mayMove || op.dontUnmap ? MREMAP_MAYMOVE : 0;
  if (fixed) flags |= MREMAP_FIXED;
  if (op.dontUnmap) flags |= MREMAP_DONTUNMAP;
  return process.mremap({
    oldAddr: arena.addr(op.page),
    oldLength: op.pages * PAGE_SIZE,
    newLength: op.newPages * PAGE_SIZE,
    flags,
    ...(op.newPage === undefined ? {} : { newAddr: arena.addr(op.newPage) }),
  });
}

/** Touches page after page; a fault is noted, and the later pages are still touched. */
function touch(arena: Arena, process: Process, op: OpOf<'touch'>, step: number): OpReport {
  const value = (step % 63) + 1;
  const values: (number | null)[] = [];
  let letters = '';
  let first: string | null = null;
  for (let i = 0; i < (op.pages ?? 1); i++) {
    const addr = arena.addr(op.page + i * (op.stride ?? 1));
    const result = process.access(addr, op.access, op.access === 'write' ? value : undefined);
    values.push(result.value);
    letters += result.fault === null ? '.' : { MAPERR: 'M', ACCERR: 'P', SIGBUS: 'B' }[result.fault];
    if (result.fault !== null) first ??= result.fault === 'SIGBUS' ? 'SIGBUS' : 'SIGSEGV';
  }
  return {
    res: first ?? 'ok',
    ...(first === null ? {} : { faults: letters }),
    ...(op.access === 'read' ? { vals: values } : {}),
  };
}

function performBrk(arena: Arena, process: Process, op: OpOf<'brk'>): OpReport {
  const wish = arena.addr(op.page) + (op.bytes ?? 0);
  const now = brk(process.mm, wish);
  const offset = now - ARENA_BASE;
  const page = Math.floor(offset / PAGE_SIZE);
  return { res: now === wish ? 'ok' : 'refused', brk: [page, offset - page * PAGE_SIZE] };
}
