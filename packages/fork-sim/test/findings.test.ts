import { describe, expect, it } from 'vitest';
import { type Op, type ProcessViolation, stepScenario, validateFork, validateProcess } from '../src/index.ts';

// Kernels (and the series as posted) that break an invariant of their own: the shortest calls that show it, and by trying
// every shorter sequence over the same calls, that none is shorter.

/** Runs the operations, then forks; what is broken before the fork, and by it. */
function broken(ops: readonly Op[], profile: string): ProcessViolation[] {
  const found: ProcessViolation[] = [];
  for (const { arena } of stepScenario({ id: 'finding', ops }, { profile, softDirty: false, faultAroundPages: 1 })) {
    if (arena.world.processes.size === 1) found.push(...validateProcess(arena.current));
  }
  const steps = [...stepScenario({ id: 'finding', ops }, { profile, softDirty: false, faultAroundPages: 1 })];
  const parent = steps.at(-1)?.arena.current;
  if (parent !== undefined) found.push(...validateFork(parent, parent.fork().child));
  return found;
}

function invariantsOf(ops: readonly Op[], profile: string): string[] {
  return [...new Set(broken(ops, profile).map(({ invariant }) => invariant))].sort();
}

/** The length of the shortest sequence that breaks something, a fork after it included; tried up to `most` calls. */
function shortest(alphabet: readonly Op[], profile: string, most: number): number | null {
  let sequences: readonly (readonly Op[])[] = [[]];
  for (let length = 1; length <= most; length++) {
    sequences = sequences.flatMap((ops) => alphabet.map((op) => [...ops, op]));
    if (sequences.some((ops) => broken(ops, profile).length > 0)) return length;
  }
  return null;
}

const file = (page: number, pgoff: number, prot = 'rw'): Op => ({
  op: 'mmap',
  page,
  pages: 2,
  prot,
  backing: 'file0',
  pgoff,
});
const guard = (page: number): Op => ({ op: 'madvise', page, pages: 1, advice: 'GUARD_INSTALL' });
const write = (page: number): Op => ({ op: 'touch', page, access: 'write' });
const protect = (page: number, prot: string): Op => ({ op: 'mprotect', page, pages: 2, prot });
const move = (page: number, newPage: number): Op => ({ op: 'mremap', page, pages: 2, newPages: 2, newPage });

const POSTED: readonly Op[] = [
  file(0, 0),
  file(2, 2, 'r'),
  guard(0),
  guard(2),
  write(2),
  protect(2, 'rw'),
  protect(0, 'r'),
];
const MOVED: readonly Op[] = [file(0, 0), file(8, 2), guard(8), write(8), move(8, 2), move(2, 8), protect(0, 'r')];

describe('the series as posted: an mprotect that merges loses VM_MAYBE_GUARD', () => {
  const ops = [file(0, 0), guard(0), file(2, 2, 'r'), protect(2, 'rw')];

  it('breaks invariant 2 in four calls, and then invariant 3 at a fork', () => {
    expect(invariantsOf(ops, 'as-posted')).toEqual(['childGuards', 'guard']);
    expect(invariantsOf(ops.slice(0, 3), 'as-posted')).toEqual([]);
  });

  it('keeps the child whole for anonymous memory, whose anon_vma has it copied; the flag is lost all the same', () => {
    const anonymous = ops.map((op) =>
      op.op === 'mmap' ? { op: op.op, page: op.page ?? 0, pages: 2, prot: op.prot } : op,
    );
    expect(invariantsOf(anonymous, 'as-posted')).toEqual(['guard']);
  });

  it.each(['6.16', '6.18', 'guard-flag', '6.19', '7.3'])('%s breaks nothing there', (profile) => {
    expect(invariantsOf(ops, profile)).toEqual([]);
  });

  it('no three of these calls break anything', () => {
    expect(shortest(POSTED, 'as-posted', 4)).toBe(4);
  });
});

describe('6.16: an mremap that merges loses the anon_vma of what it moved', () => {
  const markers = [file(0, 0), file(8, 2), guard(8), move(8, 2)];
  const contents = [file(0, 0), file(8, 2), write(8), move(8, 2)];

  it('breaks invariant 3 in four calls and a fork: the guard is not in the child', () => {
    expect(invariantsOf(markers, '6.16')).toEqual(['childGuards']);
  });

  it('breaks invariant 7 in four calls and a fork: the child reads the file, not what was written', () => {
    expect(invariantsOf(contents, '6.16')).toEqual(['childContents']);
    const steps = [...stepScenario({ id: 'read', ops: contents }, { profile: '6.16', softDirty: false })];
    const parent = steps.at(-1)?.arena.current;
    const at = steps[0]?.arena.addr(2) as number;
    const child = parent?.fork().child;
    expect([parent?.access(at, 'read').value, child?.access(at, 'read').value]).toEqual([3, 66]);
  });

  it.each(['6.12', '6.18', 'guard-flag', 'as-posted', '6.19', '7.3'])('%s breaks nothing there', (profile) => {
    expect(invariantsOf(contents, profile)).toEqual([]);
    expect(invariantsOf(markers, profile)).toEqual([]);
  });

  it('no three of these calls break anything', () => {
    expect(shortest(MOVED, '6.16', 4)).toBe(4);
  });
});
