import {
  adviceByName,
  type Errno,
  InvariantError,
  isErrno,
  LO_MAYWRITE,
  LO_SHARED,
  MAP_ANONYMOUS,
  MAP_FIXED,
  MAP_PRIVATE,
  MLOCK_ONFAULT,
  type Mm,
  NO_VMA,
  PAGE_SIZE,
} from 'vma-core';
import { brk, processMadvise, setBrk } from 'vma-core/calls';
import type { Process } from '../process/process.ts';
import { punchHole, truncate } from '../process/punchHole.ts';
import type { UffdTable } from '../process/uffdTable.ts';
import type { Arena } from './arena.ts';
import { mmapArgs, mremapArgs, pageAddress, protBits, rangeOf } from './callArgs.ts';
import { isUffdOp, type OpReport, performUffdOp, report } from './performUffdOp.ts';
import { ARENA_BASE, type Op, type OpOf } from './scenario.ts';

/** Distance from the arena to the first page that is filled in, in bytes: 16 TiB, so that no page table is shared with it. */
const FAR = 2 ** 44;

/**
 * Performs one operation in the arena's current process; `fork` is the runner's own.
 *
 * @param step index of the operation: what a write stores depends on it
 * @param processOf the process of a name
 */
export function performOp(
  arena: Arena,
  uffds: UffdTable,
  op: Op,
  step: number,
  processOf: (name: string) => Process | undefined,
): OpReport {
  const process = arena.current;
  if (isUffdOp(op)) return performUffdOp(arena, uffds, op, step);
  switch (op.op) {
    case 'mmap': {
      const { backing = 'anon', pages, pgoff = 0 } = op;
      const file = backing === 'anon' ? 0 : arena.fileFor(backing, pages);
      const fileWritable = backing !== 'file0r';
      const request = { ...mmapArgs(op), file, fileWritable, pgoff: backing === 'sysv' ? 0 : pgoff };
      return landing(arena, process, process.mmap(request), pages);
    }
    case 'mremap': {
      const { addr: oldAddr, newAddr, ...args } = mremapArgs(op);
      const request = { oldAddr, ...args, ...(newAddr === null ? {} : { newAddr }) };
      return landing(arena, process, process.mremap(request), op.newPages);
    }
    case 'touch':
      return touch(arena, process, op, step);
    case 'munmap':
      return report(process.munmap(...bytes(op)));
    case 'mprotect':
      return report(process.mprotect(...bytes(op), protBits(op.prot)));
    case 'madvise':
      return report(process.madvise(...bytes(op), adviceByName(op.advice) ?? -1));
    case 'process_madvise':
      return advise(process, op.of === undefined ? process : processOf(op.of), op);
    case 'mlock':
      return report(process.mlock(...bytes(op)));
    case 'mlock2':
      return report(process.mlock(...bytes(op), MLOCK_ONFAULT));
    case 'munlock':
      return report(process.munlock(...bytes(op)));
    case 'mseal':
      return report(process.mseal(...bytes(op)));
    case 'setname':
      return report(process.setAnonName(...bytes(op), op.name ?? null));
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
    case 'truncate':
      truncate(arena.world, arena.world.inodeOf(arena.fileFor(op.file, 0)), op.size);
      return { res: 'ok' };
    case 'punch':
      return punch(arena, op);
    case 'seal':
      return seal(arena, op);
    case 'fork':
      throw new InvariantError('fork is performed by runScenario');
    default:
      return op satisfies never;
  }
}

/** Kernel: `memfd_add_seals()`, `mapping_deny_writable()`. */
function seal(arena: Arena, { file, by = 'future' }: OpOf<'seal'>): OpReport {
  const { world } = arena;
  const id = arena.fileFor(file, 0);
  if (by === 'write' && [...world.processes.values()].some(({ mm }) => mayBeWritten(mm, id))) return { res: 'EBUSY' };
  const before = world.files.get(id);
  world.files.set(id, { id, ...before, sealed: true, ...(by === 'write' ? { writeSealed: true } : {}) });
  return { res: 'ok' };
}

/** Is there a shared mapping of a file that may be made writable? Before 6.7 each shared one counted. */
function mayBeWritten(mm: Mm, file: number): boolean {
  const wanted = mm.profile.madviseRemoveMayWrite ? LO_SHARED | LO_MAYWRITE : LO_SHARED;
  const { index, store } = mm;
  for (let vma = index.first(); vma !== NO_VMA; vma = index.next(vma)) {
    if (store.file[vma] === file && (store.flagsLo[vma]! & wanted) === wanted) return true;
  }
  return false;
}

/** Kernel: `shmem_fallocate()`; a file that is sealed against writing keeps its pages. */
function punch(arena: Arena, { file, page, pages }: OpOf<'punch'>): OpReport {
  const { world } = arena;
  const id = arena.fileFor(file, 0);
  if (world.files.get(id)?.sealed === true) return { res: 'EPERM' };
  punchHole(world, world.inodeOf(id), page, page + pages);
  return { res: 'ok' };
}

/** @param target the process whose memory it is */
function advise(process: Process, target: Process | undefined, { ranges, advice }: OpOf<'process_madvise'>): OpReport {
  if (target === undefined) throw new InvariantError('process_madvise: no such process');
  const vector = ranges.map(([page, pages]) => rangeOf({ page, pages }));
  const request = { advice: adviceByName(advice) ?? -1, own: target === process };
  const result = processMadvise(target.mm, vector, request);
  return typeof result === 'string' ? { res: result } : { res: 'ok', done: result / PAGE_SIZE };
}

function bytes(range: { readonly page: number; readonly pages: number }): readonly [addr: number, length: number] {
  return [pageAddress(range.page), range.pages * PAGE_SIZE];
}

/** Where a mapping landed; one outside the arena is unmapped at once. */
function landing(arena: Arena, process: Process, result: number | Errno, pages: number): OpReport {
  if (isErrno(result)) return { res: result };
  const at = arena.pageAt(result);
  if (at === 'outside') process.munmap(result, pages * PAGE_SIZE);
  return { res: 'ok', at };
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

/**
 * Maps single inaccessible pages far above the arena until the process has `max_map_count - slack` VMAs; -1 is one more
 * than `max_map_count`, which a kernel still allows.
 */
function fillMaps(arena: Arena, process: Process, slack: number): void {
  const { mm } = process;
  let addr = arena.addr(arena.span) + FAR;
  while (mm.mapCount < mm.maxMapCount - slack) {
    const flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
    const before = mm.mapCount;
    process.mmap({ addr, length: PAGE_SIZE, prot: 0, flags });
    if (mm.mapCount !== before + 1) throw new InvariantError('fill_maps: the address space is full');
    addr += 2 * PAGE_SIZE;
  }
}
