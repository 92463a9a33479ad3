import { describe, expect, it } from 'vitest';
import { type DrawnMm, mmFromDiagram } from '../../src/diagram/index.ts';
import {
  type AllocationPoint,
  isErrno,
  MADV,
  MAP_ANONYMOUS,
  MAP_FIXED,
  MAP_PRIVATE,
  MLOCK_ONFAULT,
  MREMAP_DONTUNMAP,
  MREMAP_FIXED,
  MREMAP_MAYMOVE,
  NO_VMA,
  PAGE_SIZE,
  PROT_READ,
  PROT_WRITE,
} from '../../src/index.ts';
import {
  anonVmaFork,
  anonVmaPrepare,
  splitVma,
  vmaMergeCopiedRange,
  vmaMergeExistingRange,
  vmaMergeNewRange,
} from '../../src/merge/index.ts';
import { brk, expandStack, madvise, mlock, mmap, mprotect, mremap, mseal, munmap, setBrk } from '../../src/mm/index.ts';
import { validateMm } from '../../src/validateMm.ts';
import { failEach } from '../support/failures.ts';
import { PROFILES } from '../support/profiles.ts';

const RW = PROT_READ | PROT_WRITE;
const FIXED = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
const GUARDED = 'rd wr mr mw me gu ac';
/** Every neighbour differs from the range in a flag that the profile ignores, and in having an anon_vma. */
const STICKY = { A: { flags: GUARDED }, C: { flags: GUARDED, anonVma: 4 } };

describe.each(['as-posted', '6.19', '7.3'])(
  'a merge that fails to allocate changes nothing, flags included, profile %s',
  (profile) => {
    const newRange = ['AA**CC', 'AA**.', '.**CC'];
    const existing = ['AAbbCC', 'AAbb', 'bbCC', 'AAbbB', 'BbbCC'];
    const letters = (drawing: string): typeof STICKY =>
      Object.fromEntries(Object.entries(STICKY).filter(([letter]) => drawing.includes(letter))) as typeof STICKY;

    it.each(newRange)('vmaMergeNewRange: %s', (drawing) => {
      const make = (): DrawnMm => mmFromDiagram(drawing, { profile, letters: letters(drawing) });
      const { failed, points } = failEach(make, (drawn) => {
        const vmg = drawn.vmg();
        return [vmaMergeNewRange(vmg), vmg.state];
      });
      const takesOver = drawing === 'AA**CC';
      expect(points).toEqual(takesOver ? ['dupAnonVma', 'mergePrealloc'] : ['mergePrealloc']);
      for (const { result, before, after } of failed) {
        expect(result).toEqual([NO_VMA, 'nomem']);
        expect(after).toEqual(before);
      }
    });

    it.each(existing)('vmaMergeExistingRange: %s', (drawing) => {
      const make = (): DrawnMm =>
        mmFromDiagram(drawing, { profile, letters: { ...letters(drawing), B: { anonVma: 4 } } });
      const { failed, points } = failEach(make, (drawn) => {
        const vmg = drawn.vmg();
        return [vmaMergeExistingRange(vmg), vmg.state];
      });
      const takesOver = drawing.includes('A');
      expect(points).toEqual(takesOver ? ['dupAnonVma', 'mergePrealloc'] : ['mergePrealloc']);
      for (const { result, before, after, drawn } of failed) {
        expect(result).toEqual([NO_VMA, 'nomem']);
        expect(after).toEqual(before);
        expect(drawn.mm.stats).toMatchObject({ merges: 0, mergedAway: 0 });
        expect(validateMm(drawn.mm)).toEqual([]);
      }
    });

    it('vmaMergeCopiedRange: the anon_vma that was taken over already is given back', () => {
      const make = (): DrawnMm =>
        mmFromDiagram('AA**.S', {
          profile,
          letters: { A: { flags: GUARDED }, S: { anonVma: 6 }, '*': { anonVma: 6 } },
        });
      const { failed, points } = failEach(make, (drawn) => vmaMergeCopiedRange(drawn.vmg(), drawn.ref('S'), NO_VMA));
      expect(points).toEqual(['dupAnonVma', 'mergePrealloc']);
      for (const { result, before, after } of failed) {
        expect(result).toBe(NO_VMA);
        expect(after).toEqual(before);
      }
    });
  },
);

describe.each(PROFILES)('pieces that fail change nothing, profile %s', (_, profile) => {
  it('splitVma, at each of its three allocations', () => {
    const make = (): DrawnMm => mmFromDiagram('AAAA', { profile, letters: { A: { anonVma: 3 } } });
    const { failed, points } = failEach(make, (drawn) => splitVma(drawn.mm, drawn.ref('A'), drawn.addr(2), true));
    expect(points).toEqual(['vmAreaDup', 'splitPrealloc', 'anonVmaClone']);
    for (const { result, before, after, drawn } of failed) {
      expect(result).toBe('ENOMEM');
      expect(after).toEqual(before);
      // The slot that was taken is given back: the next VMA gets it.
      expect(drawn.mm.store.alloc()).toBe(make().mm.store.alloc());
    }
  });

  it('anonVmaPrepare: the VMA is as if never written', () => {
    const { failed } = failEach(
      () => mmFromDiagram('A', { profile }),
      (drawn) => anonVmaPrepare(drawn.mm, drawn.ref('A')),
    );
    expect(failed).toMatchObject([{ point: 'anonVmaPrepare', result: false }]);
    for (const { before, after } of failed) expect(after).toEqual(before);
  });

  it("anonVmaFork: the child's VMA has no anon_vma", () => {
    const parent = mmFromDiagram('A', { profile, letters: { A: { anonVma: 3 } } });
    const { failed } = failEach(
      () => mmFromDiagram('A', { profile }),
      (child) => anonVmaFork(child.mm, child.ref('A'), parent.mm, parent.ref('A')),
    );
    expect(failed).toMatchObject([{ point: 'anonVmaClone', result: false, after: [{ anonVma: null }] }]);
  });
});

/** A system call on a drawing, and for each allocation in turn: what it returns and leaves when that one fails. */
interface SyscallCase {
  readonly name: string;
  readonly drawing: string;
  readonly run: (drawn: DrawnMm) => unknown;
  readonly fails: readonly (readonly [AllocationPoint, result: unknown, after: string])[];
}

const SYSCALLS: readonly SyscallCase[] = [
  {
    name: 'mmap goes on unmerged, unless it is the new VMA that fails',
    drawing: 'AA..BB',
    run: ({ mm }) => mmap(mm, { addr: 2 * PAGE_SIZE, length: 2 * PAGE_SIZE, prot: RW, flags: FIXED }),
    fails: [['mergePrealloc', 2 * PAGE_SIZE, 'AACCBB']],
  },
  {
    name: 'mmap of what does not merge: a hole stays where MAP_FIXED had unmapped',
    drawing: 'AABBCC',
    run: ({ mm }) => mmap(mm, { addr: 2 * PAGE_SIZE, length: 2 * PAGE_SIZE, prot: PROT_READ, flags: FIXED }),
    fails: [
      ['vmAreaAlloc', 'ENOMEM', 'AA..CC'],
      ['mergePrealloc', 'ENOMEM', 'AA..CC'],
    ],
  },
  {
    name: 'munmap of the middle: a failed second cut leaves the first',
    drawing: 'AAAAAA',
    run: ({ mm }) => munmap(mm, 2 * PAGE_SIZE, 2 * PAGE_SIZE),
    fails: [
      ['vmAreaDup', 'ENOMEM', 'AAAAAA'],
      ['splitPrealloc', 'ENOMEM', 'AAAAAA'],
      ['anonVmaClone', 'ENOMEM', 'AAAAAA'],
      ['vmAreaDup', 'ENOMEM', 'AABBBB'],
      ['splitPrealloc', 'ENOMEM', 'AABBBB'],
      ['anonVmaClone', 'ENOMEM', 'AABBBB'],
    ],
  },
  {
    name: 'mprotect of the middle: a failed second cut leaves the first',
    drawing: 'AAAAAA',
    run: ({ mm }) => mprotect(mm, 2 * PAGE_SIZE, 2 * PAGE_SIZE, PROT_READ),
    fails: [
      ['vmAreaDup', 'ENOMEM', 'AAAAAA'],
      ['splitPrealloc', 'ENOMEM', 'AAAAAA'],
      ['anonVmaClone', 'ENOMEM', 'AAAAAA'],
      ['vmAreaDup', 'ENOMEM', 'AABBBB'],
      ['splitPrealloc', 'ENOMEM', 'AABBBB'],
      ['anonVmaClone', 'ENOMEM', 'AABBBB'],
    ],
  },
  {
    name: 'madvise says EAGAIN instead',
    drawing: 'AAAAAA',
    run: ({ mm }) => madvise(mm, 2 * PAGE_SIZE, 2 * PAGE_SIZE, MADV.DONTFORK),
    fails: [
      ['vmAreaDup', 'EAGAIN', 'AAAAAA'],
      ['splitPrealloc', 'EAGAIN', 'AAAAAA'],
      ['anonVmaClone', 'EAGAIN', 'AAAAAA'],
      ['vmAreaDup', 'EAGAIN', 'AABBBB'],
      ['splitPrealloc', 'EAGAIN', 'AABBBB'],
      ['anonVmaClone', 'EAGAIN', 'AABBBB'],
    ],
  },
  {
    name: 'mlock',
    drawing: 'AAAA',
    run: ({ mm }) => mlock(mm, 0, 2 * PAGE_SIZE, MLOCK_ONFAULT),
    fails: [
      ['vmAreaDup', 'ENOMEM', 'AAAA'],
      ['splitPrealloc', 'ENOMEM', 'AAAA'],
      ['anonVmaClone', 'ENOMEM', 'AAAA'],
    ],
  },
  {
    name: 'mseal',
    drawing: 'AAAA',
    run: ({ mm }) => mseal(mm, 2 * PAGE_SIZE, 2 * PAGE_SIZE),
    fails: [
      ['vmAreaDup', 'ENOMEM', 'AAAA'],
      ['splitPrealloc', 'ENOMEM', 'AAAA'],
      ['anonVmaClone', 'ENOMEM', 'AAAA'],
    ],
  },
  {
    name: 'brk does not go on unmerged: the break stays',
    drawing: '.AA....',
    run: ({ mm }) => {
      setBrk(mm, PAGE_SIZE);
      mm.brk = 3 * PAGE_SIZE;
      return brk(mm, 5 * PAGE_SIZE);
    },
    fails: [['mergePrealloc', 3 * PAGE_SIZE, '.AA....']],
  },
  {
    name: 'brk of the first page: the break stays',
    drawing: 'A.......',
    run: ({ mm }) => {
      setBrk(mm, 3 * PAGE_SIZE);
      return brk(mm, 5 * PAGE_SIZE);
    },
    fails: [
      ['vmAreaAlloc', 3 * PAGE_SIZE, 'A.......'],
      ['mergePrealloc', 3 * PAGE_SIZE, 'A.......'],
    ],
  },
  {
    name: 'mremap that grows in place needs its merge',
    drawing: 'AA..BB',
    run: ({ mm }) => mremap(mm, { oldAddr: 0, oldLength: 2 * PAGE_SIZE, newLength: 4 * PAGE_SIZE, flags: 0 }),
    fails: [['mergePrealloc', 'ENOMEM', 'AA..BB']],
  },
  {
    name: 'mremap that moves goes on unmerged, unless it is the copy that fails',
    drawing: 'AA..BB',
    run: ({ mm }) =>
      mremap(mm, {
        oldAddr: 4 * PAGE_SIZE,
        oldLength: 2 * PAGE_SIZE,
        newLength: 2 * PAGE_SIZE,
        flags: MREMAP_MAYMOVE | MREMAP_FIXED,
        newAddr: 8 * PAGE_SIZE,
      }),
    fails: [
      ['vmAreaDup', 'ENOMEM', 'AA..BB'],
      ['anonVmaClone', 'ENOMEM', 'AA..BB'],
    ],
  },
  {
    name: 'mremap that leaves its source',
    drawing: 'AA..BB',
    run: ({ mm }) =>
      mremap(mm, {
        oldAddr: 4 * PAGE_SIZE,
        oldLength: 2 * PAGE_SIZE,
        newLength: 2 * PAGE_SIZE,
        flags: MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP,
        newAddr: 8 * PAGE_SIZE,
      }),
    fails: [
      ['vmAreaDup', 'ENOMEM', 'AA..BB'],
      ['anonVmaClone', 'ENOMEM', 'AA..BB'],
    ],
  },
];

describe.each(SYSCALLS)('$name: $drawing', ({ drawing, run, fails }) => {
  // Different anon_vmas, so that A and B never merge with each other.
  const letters = (drawn: string): Record<string, { anonVma: number }> =>
    Object.fromEntries([...new Set(drawn.replaceAll('.', ''))].map((letter, i) => [letter, { anonVma: i + 1 }]));

  it.each(PROFILES)('profile %s', (_, profile) => {
    const make = (): DrawnMm => mmFromDiagram(drawing, { profile, letters: letters(drawing), softDirty: false });
    const { failed, result } = failEach(make, run);
    expect(isErrno(result)).toBe(false);
    const seen = failed.map(({ point, result: got, drawn }) => [point, got, drawn.draw()]);
    expect(seen).toEqual(fails);
    for (const { drawn, before, after } of failed) {
      expect(validateMm(drawn.mm)).toEqual([]);
      // No page has other flags or another anon_vma than before.
      for (const vma of after) {
        const old = before.find(({ vmStart, vmEnd }) => vmStart <= vma.vmStart && vmEnd >= vma.vmEnd);
        if (old) expect([vma.vmFlags, vma.anonVma]).toEqual([old.vmFlags, old.anonVma]);
      }
    }
  });
});

describe.each(['as-posted', '6.19', '7.3'])('a merge that fails within a system call, profile %s', (profile) => {
  const merging = (): DrawnMm =>
    mmFromDiagram('AABB', { profile, letters: { A: { flags: GUARDED }, B: { flags: 'rd mr mw me ac' } } });

  it('mprotect fails, and both VMAs are as before', () => {
    const { failed, points } = failEach(merging, ({ mm }) => mprotect(mm, 2 * PAGE_SIZE, 2 * PAGE_SIZE, RW));
    expect(points).toEqual(['mergePrealloc']);
    expect(failed).toMatchObject([{ result: 'ENOMEM' }]);
    for (const { before, after } of failed) expect(after).toEqual(before);
  });

  it('madvise fails with EAGAIN, and both VMAs are as before', () => {
    const make = (): DrawnMm =>
      mmFromDiagram('AABB', { profile, letters: { A: { flags: GUARDED }, B: { flags: 'rd wr mr mw me dd ac' } } });
    const { failed, points } = failEach(make, ({ mm }) => madvise(mm, 2 * PAGE_SIZE, 2 * PAGE_SIZE, MADV.DODUMP));
    expect(points).toEqual(['mergePrealloc']);
    expect(failed).toMatchObject([{ result: 'EAGAIN' }]);
    for (const { before, after } of failed) expect(after).toEqual(before);
  });

  it('mmap goes on, and the neighbour with the sticky flag keeps it to itself', () => {
    const make = (): DrawnMm =>
      mmFromDiagram('AA..', { profile, letters: { A: { flags: GUARDED } }, softDirty: false });
    const { failed } = failEach(make, ({ mm }) =>
      mmap(mm, { addr: 2 * PAGE_SIZE, length: 2 * PAGE_SIZE, prot: RW, flags: FIXED }),
    );
    expect(failed).toMatchObject([{ point: 'mergePrealloc', result: 2 * PAGE_SIZE }]);
    for (const { drawn, before, after } of failed) {
      expect(drawn.draw()).toBe('AABB');
      expect(after[0]).toEqual(before[0]);
      expect(after[1]?.vmFlags).not.toBe(before[0]?.vmFlags);
    }
  });

  it('mremap goes on, and the copy stays a VMA of its own', () => {
    const make = (): DrawnMm =>
      mmFromDiagram('AA...B', { profile, letters: { A: { flags: GUARDED }, B: { pgoff: 2 } }, softDirty: false });
    const move = ({ mm }: DrawnMm): unknown =>
      mremap(mm, {
        oldAddr: 5 * PAGE_SIZE,
        oldLength: PAGE_SIZE,
        newLength: PAGE_SIZE,
        flags: MREMAP_MAYMOVE | MREMAP_FIXED,
        newAddr: 2 * PAGE_SIZE,
      });
    expect(failEach(make, move).failed).toMatchObject([{ point: 'mergePrealloc', result: 2 * PAGE_SIZE }]);
    for (const { drawn } of failEach(make, move).failed) expect(drawn.mm.mapCount).toBe(2);
  });
});

describe('a guard that cannot have an anon_vma, or a stack that cannot', () => {
  it('GUARD_INSTALL is ENOMEM, and no flag is set', () => {
    const make = (): DrawnMm => mmFromDiagram('AA');
    const { failed } = failEach(make, ({ mm }) => madvise(mm, 0, PAGE_SIZE, MADV.GUARD_INSTALL));
    expect(failed).toMatchObject([{ point: 'anonVmaPrepare', result: 'ENOMEM' }]);
    for (const { before, after } of failed) expect(after).toEqual(before);
  });

  it('expandStack does not grow it', () => {
    const make = (): DrawnMm => mmFromDiagram('....A', { letters: { A: { flags: 'rd wr mr mw me gd ac' } } });
    const { failed } = failEach(make, ({ mm }) => expandStack(mm, 2 * PAGE_SIZE));
    expect(failed).toMatchObject([{ point: 'anonVmaPrepare', result: NO_VMA }]);
    for (const { before, after } of failed) expect(after).toEqual(before);
  });
});
