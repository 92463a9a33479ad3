import { describe, expect, it } from 'vitest';
import { type DiagramOptions, type LetterOptions, mmFromDiagram } from '../src/diagram/index.ts';
import { NO_VMA } from '../src/index.ts';
import {
  anonVmaClone,
  anonVmaCompatible,
  anonVmaFork,
  anonVmaPrepare,
  dupAnonVma,
  findMergeableAnonVma,
  isForkChild,
  unlinkAnonVmas,
} from '../src/merge/index.ts';
import { PROFILES } from './support/profiles.ts';

/** Whose anon_vma B takes at its first write: A's, C's, or a new one. */
function reused(drawing: string, options: DiagramOptions): string {
  const drawn = mmFromDiagram(drawing, options);
  const from = findMergeableAnonVma(drawn.mm, drawn.ref('B'));
  expect(anonVmaPrepare(drawn.mm, drawn.ref('B'))).toBe(true);
  const { anonVma, anonVmaChain } = drawn.mm.view(drawn.ref('B'));
  expect(anonVmaChain).toBe(1);
  if (from === NO_VMA) {
    expect(drawn.mm.vmas().filter((vma) => vma.anonVma === anonVma)).toHaveLength(1);
    return 'new';
  }
  expect(anonVma).toBe(drawn.mm.view(from).anonVma);
  return drawn.ref('A') === from ? 'A' : 'C';
}

const RO = 'rd mr mw me ac';

describe.each(PROFILES)('the anon_vma of a first write, profile %s', (_, profile) => {
  const both: Record<string, LetterOptions> = { A: { anonVma: 1 }, B: { flags: RO }, C: { anonVma: 2 } };

  it('is that of the next VMA before that of the previous one', () => {
    expect(reused('ABC', { profile, letters: both })).toBe('C');
  });

  it('is that of the previous one where the next has none, or there is none', () => {
    expect(reused('ABC', { profile, letters: { ...both, C: {} } })).toBe('A');
    expect(reused('AB', { profile, letters: { A: { anonVma: 1 } } })).toBe('A');
  });

  it('is a new one where no neighbour has one', () => {
    expect(reused('ABC', { profile })).toBe('new');
  });

  it('stays what it is at the second write', () => {
    const drawn = mmFromDiagram('BC', { profile, letters: { B: { anonVma: 7 }, C: { anonVma: 2 } } });
    anonVmaPrepare(drawn.mm, drawn.ref('B'));
    expect(drawn.mm.view(drawn.ref('B')).anonVma).toBe(7);
  });

  // Each condition on the next VMA, with the previous one out of the way.
  it.each<[string, string, LetterOptions]>([
    ['a hole between', 'AB.C', {}],
    ['the anon_vma of a fork child', 'ABC', { anonVma: 2, anonVmaChain: 2 }],
    ['another file', 'ABC', { file: 3 }],
    ['another policy', 'ABC', { policy: 1 }],
    ['an offset that does not continue', 'ABC', { pgoff: 40 }],
    ['a flag other than the access flags', 'ABC', { flags: 'rd wr mr mw me ac lo' }],
    ['another MAY flag', 'ABC', { flags: 'rd wr mr mw ac' }],
    ['a flag past bit 31', 'ABC', { flags: 'rd wr mr mw me ac sl' }],
  ])('is not shared across %s', (_name, drawing, next) => {
    const letters = { A: { policy: 9 }, C: { anonVma: 2, ...next } };
    expect(reused(drawing, { profile, letters })).toBe('new');
  });

  it.each<[string, LetterOptions]>([
    ['other access flags: an mprotect could make them alike', { flags: 'mr mw me ac' }],
    ['soft-dirty, which is in VM_IGNORE_MERGE', { flags: 'rd wr mr mw me ac sd' }],
    ['another userfaultfd, which is not asked', { userfaultfd: 4 }],
    ['another name, which is not asked', { anonName: 'x' }],
  ])('is shared in spite of %s', (_name, next) => {
    expect(reused('ABC', { profile, letters: { A: { policy: 9 }, C: { anonVma: 2, ...next } } })).toBe('C');
  });

  it('is shared across VM_MAYBE_GUARD where the profile ignores it', () => {
    const letters = { A: { policy: 9 }, C: { anonVma: 2, flags: 'rd wr mr mw me gu ac' } };
    const ignores = ['as-posted', '6.19', '7.3'].includes(profile.name);
    expect(reused('ABC', { profile, letters })).toBe(ignores ? 'C' : 'new');
  });

  it('is shared by private file mappings whose anonymous offsets do not continue, but in 7.3', () => {
    const letters = { A: { policy: 9 }, B: { file: 1 }, C: { file: 1, anonVma: 2, anonPgoff: 50 } };
    expect(reused('ABC', { profile, letters })).toBe(profile.name === '7.3' ? 'new' : 'C');
  });
});

describe('anonVmaCompatible', () => {
  it('is asked of the lower VMA and the one right above it, in that order', () => {
    const { mm } = mmFromDiagram('AB.C');
    const [a, b, c] = mm.vmas();
    expect(anonVmaCompatible(mm, a?.ref ?? NO_VMA, b?.ref ?? NO_VMA)).toBe(true);
    expect(anonVmaCompatible(mm, b?.ref ?? NO_VMA, a?.ref ?? NO_VMA)).toBe(false);
    expect(anonVmaCompatible(mm, b?.ref ?? NO_VMA, c?.ref ?? NO_VMA)).toBe(false);
  });
});

describe('taking over, cloning and unlinking an anon_vma', () => {
  const letters = { A: { anonVma: 3, anonVmaChain: 2 }, C: { anonVma: 5 } };
  const drawn = () => mmFromDiagram('ABC', { letters });

  it('dupAnonVma gives a VMA without one the anon_vma and chain of the other', () => {
    const { mm, ref } = bind(drawn());
    expect(dupAnonVma(mm, ref('B'), ref('A'))).toBe(true);
    expect(mm.view(ref('B'))).toMatchObject({ anonVma: 3, anonVmaChain: 2 });
  });

  it('dupAnonVma leaves a VMA that has one alone, and takes nothing from one that has none', () => {
    const { mm, ref } = bind(drawn());
    dupAnonVma(mm, ref('C'), ref('A'));
    dupAnonVma(mm, ref('A'), ref('B'));
    expect(mm.view(ref('C'))).toMatchObject({ anonVma: 5, anonVmaChain: 1 });
    expect(mm.view(ref('A'))).toMatchObject({ anonVma: 3, anonVmaChain: 2 });
  });

  it('anonVmaClone copies it over anything that was there', () => {
    const { mm, ref } = bind(drawn());
    anonVmaClone(mm, ref('C'), ref('A'));
    expect(mm.view(ref('C'))).toMatchObject({ anonVma: 3, anonVmaChain: 2 });
  });

  it('unlinkAnonVmas takes it away', () => {
    const { mm, ref } = bind(drawn());
    unlinkAnonVmas(mm, ref('A'));
    expect(mm.view(ref('A'))).toMatchObject({ anonVma: null, anonVmaChain: 0 });
  });
});

describe('anonVmaFork', () => {
  it("gives the child's VMA an anon_vma of its own, and a chain one link longer: a fork child", () => {
    const parent = bind(mmFromDiagram('A', { letters: { A: { anonVma: 1 } } }));
    const child = bind(mmFromDiagram('A', { anonVmaIds: parent.mm.anonVmaIds }));
    const grandchild = bind(mmFromDiagram('A', { anonVmaIds: parent.mm.anonVmaIds }));
    expect(anonVmaFork(child.mm, child.ref('A'), parent.mm, parent.ref('A'))).toBe(true);
    expect(anonVmaFork(grandchild.mm, grandchild.ref('A'), child.mm, child.ref('A'))).toBe(true);
    expect(child.mm.vmas()).toMatchObject([{ anonVma: 2, anonVmaChain: 2 }]);
    expect(grandchild.mm.vmas()).toMatchObject([{ anonVma: 3, anonVmaChain: 3 }]);
    expect([parent, child, grandchild].map(({ mm, ref }) => isForkChild(mm, ref('A')))).toEqual([false, true, true]);
  });

  it('gives none where the parent has none', () => {
    const parent = bind(mmFromDiagram('A'));
    const child = bind(mmFromDiagram('A', { letters: { A: { anonVma: 4 } } }));
    expect(anonVmaFork(child.mm, child.ref('A'), parent.mm, parent.ref('A'))).toBe(true);
    expect(child.mm.vmas()).toMatchObject([{ anonVma: null, anonVmaChain: 0 }]);
  });

  it('gives each of two VMAs that shared one an anon_vma of its own: in the child they never merge again', () => {
    const letters = { A: { anonVma: 1 }, B: { anonVma: 1 } };
    const parent = bind(mmFromDiagram('AB', { letters }));
    const child = bind(mmFromDiagram('AB', { anonVmaIds: parent.mm.anonVmaIds }));
    for (const letter of ['A', 'B']) anonVmaFork(child.mm, child.ref(letter), parent.mm, parent.ref(letter));
    const [a, b] = child.mm.vmas();
    expect(a?.anonVma).not.toBe(b?.anonVma);
  });
});

function bind(drawn: ReturnType<typeof mmFromDiagram>) {
  return { mm: drawn.mm, ref: (letter: string) => drawn.ref(letter) };
}
