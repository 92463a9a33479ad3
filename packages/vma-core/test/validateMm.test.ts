import { describe, expect, it } from 'vitest';
import { type DrawnMm, mmFromDiagram } from '../src/diagram/index.ts';
import { kernelProfile, Mm, PAGE_SIZE, TASK_SIZE, type VmaRef } from '../src/index.ts';
import { type Invariant, validateMm } from '../src/validateMm.ts';
import { PROFILES } from './support/profiles.ts';

const page = (n: number): number => n * PAGE_SIZE;

/** Breaks a sound drawing, and gives the invariants that are then found broken, without repeats. */
function broken(drawing: string, breakIt: (drawn: DrawnMm, at: (letter: string) => VmaRef) => void): Invariant[] {
  const drawn = mmFromDiagram(drawing);
  expect(validateMm(drawn.mm)).toEqual([]);
  breakIt(drawn, (letter) => drawn.ref(letter));
  return [...new Set(validateMm(drawn.mm).map(({ invariant }) => invariant))];
}

describe('validateMm finds nothing', () => {
  it('in an empty address space', () => {
    expect(validateMm(new Mm({ profile: kernelProfile('6.19') }))).toEqual([]);
  });

  it('in neighbours that could merge but did not: a failed second split leaves such', () => {
    expect(validateMm(mmFromDiagram('AABB.CC').mm)).toEqual([]);
  });

  it('in what a fork child, a userfaultfd, a lock and a file look like', () => {
    const { mm } = mmFromDiagram('ABCD', {
      letters: {
        A: { anonVma: 2, anonVmaChain: 3 },
        B: { flags: 'rd wr mr mw um', userfaultfd: 1 },
        C: { flags: 'rd lo lf' },
        D: { flags: 'rd sh mr ms', file: 5, pgoff: 2 ** 40 },
      },
    });
    expect(validateMm(mm)).toEqual([]);
  });
});

describe('validateMm names the broken invariant', () => {
  it.each<[string, string, Invariant[], Parameters<typeof broken>[1]]>([
    ['a start that is not a page', 'AB', ['aligned'], ({ mm }, at) => mm.setRange(at('A'), 1, page(1), 0, 0)],
    ['an end that is not a page', 'A', ['aligned'], ({ mm }, at) => mm.setRange(at('A'), 0, 5000, 0, 0)],
    ['a VMA of no pages', 'AB', ['empty'], ({ mm }, at) => mm.setRange(at('A'), 0, 0, 0, 0)],
    [
      'a VMA beyond user space',
      'A',
      ['empty'],
      ({ mm }, at) => mm.setRange(at('A'), TASK_SIZE, TASK_SIZE + PAGE_SIZE, 0, 0),
    ],
    ['two that overlap', 'AB', ['overlap'], ({ mm }, at) => mm.setRange(at('A'), 0, page(2), 0, 0)],
    [
      'two in the wrong order',
      'AB',
      ['index', 'sorted'],
      ({ mm }, at) => {
        mm.setRange(at('A'), page(4), page(5), 4, 4);
      },
    ],
    [
      'a start that the index does not know',
      'AB',
      ['index'],
      ({ mm }, at) => {
        mm.store.start[at('B')] = page(3);
        mm.store.end[at('B')] = page(4);
      },
    ],
  ])('%s', (_, drawing, invariants, breakIt) => {
    expect(broken(drawing, breakIt)).toEqual(invariants);
  });

  it.each<
    [string, 'anonVma' | 'anonVmaChain' | 'uffd' | 'flagsLo' | 'pgoff' | 'anonPgoff' | 'file', number, Invariant]
  >([
    ['a chain without an anon_vma', 'anonVmaChain', 1, 'anonVma'],
    ['an anon_vma without a chain', 'anonVma', 1, 'anonVma'],
    ['a userfaultfd without flags', 'uffd', 1, 'userfaultfd'],
    ['userfaultfd flags without a context', 'flagsLo', 0x1000, 'userfaultfd'],
    ['a negative offset', 'pgoff', -1, 'pgoff'],
    ['half an offset', 'anonPgoff', 0.5, 'pgoff'],
    ['an offset past the largest file', 'pgoff', 2 ** 52, 'pgoff'],
    ['shared, but never shareable', 'flagsLo', 0x9, 'flags'],
    ['locked on fault, but not locked', 'flagsLo', 0x8_0001, 'flags'],
    ['a file that is not open', 'file', 99, 'file'],
  ])('%s', (_, column, value, invariant) => {
    const change = ({ mm }: DrawnMm, at: (letter: string) => VmaRef): void => {
      mm.store[column][at('A')] = value;
    };
    expect(broken('A', change)).toEqual([invariant]);
  });

  it('and says which VMA, with its values, as plain data', () => {
    const drawn = mmFromDiagram('AB', { base: 0x10000 });
    drawn.mm.setRange(drawn.ref('A'), 0x10000, 0x12000, 16, 16);
    const found = validateMm(drawn.mm);
    expect(found).toEqual([
      {
        invariant: 'overlap',
        message: '[0x10000, 0x12000) and [0x11000, 0x12000) overlap',
        vma: drawn.mm.view(drawn.ref('B')),
      },
    ]);
    expect(structuredClone(found)).toEqual(found);
  });

  it('a VMA that is in the index twice, and does not walk in circles', () => {
    const drawn = mmFromDiagram('ABCD');
    drawn.mm.index.insert(drawn.ref('B'));
    expect(validateMm(drawn.mm).length).toBeGreaterThan(0);
  });
});

describe.each(PROFILES)('guard markers in profile %s', (_, profile) => {
  const guarded = (letters: Record<string, { flags: string }>, ranges: readonly (readonly [number, number])[]) =>
    validateMm(mmFromDiagram('AABB.C', { profile, letters }).mm, {
      guards: () => ranges.map(([start, end]) => ({ start: page(start), end: page(end) })),
    });
  const flagged = { flags: 'rd wr mr mw gu' };

  it('may lie in a VMA with VM_MAYBE_GUARD', () => {
    expect(
      guarded({ A: flagged, B: flagged }, [
        [0, 1],
        [1, 3],
      ]),
    ).toEqual([]);
  });

  it('may lie in any other only where the profile has no such flag', () => {
    const messages = guarded({ A: flagged }, [[1, 4]]).map(({ message }) => message);
    const expected = 'a guard marker at 0x2000 lies in [0x2000, 0x4000), which has no VM_MAYBE_GUARD';
    expect(messages).toEqual(profile.guardSetsFlag ? [expected] : []);
  });

  it('may not lie in a hole', () => {
    expect(guarded({ A: flagged, B: flagged, C: flagged }, [[3, 6]]).map(({ message }) => message)).toEqual([
      'a guard marker at 0x4000 lies in no VMA',
    ]);
    expect(guarded({ C: flagged }, [[9, 10]])).toMatchObject([{ invariant: 'guard', vma: null }]);
  });
});
