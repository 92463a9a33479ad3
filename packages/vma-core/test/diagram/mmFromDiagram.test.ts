import { describe, expect, it } from 'vitest';
import {
  DIAGRAM_FLAGS,
  DiagramError,
  type DrawnMm,
  mergeDiagram,
  mergeDrawn,
  mmFromDiagram,
} from '../../src/diagram/index.ts';
import {
  formatVmFlags,
  InvariantError,
  MAP_ANONYMOUS,
  MAP_FIXED,
  MAP_PRIVATE,
  NO_VMA,
  PAGE_SIZE,
  PROT_NONE,
  VM_LOCKED,
  VM_READ,
  type VmFlags,
  vmFlags,
} from '../../src/index.ts';
import { mmap, mprotect, munmap } from '../../src/mm/index.ts';
import { validateMm } from '../../src/validateMm.ts';

describe('mmFromDiagram', () => {
  it('makes a VMA a letter, with continuous offsets and plain private memory', () => {
    const { mm } = mmFromDiagram('AA.B', { base: 0x10000 });
    expect(mm.vmas()).toMatchObject([
      { vmStart: 0x10000, vmEnd: 0x12000, vmPgoff: 16, vmFlags: DIAGRAM_FLAGS, vmFile: null, anonVma: null },
      { vmStart: 0x13000, vmEnd: 0x14000, vmPgoff: 19, vmFlags: DIAGRAM_FLAGS, vmFile: null, anonVmaChain: 0 },
    ]);
    expect(formatVmFlags(DIAGRAM_FLAGS)).toBe('rd wr mr mw me ac');
    expect(validateMm(mm)).toEqual([]);
  });

  it('takes attributes by letter, over those of all', () => {
    const { mm } = mmFromDiagram('AB', {
      all: { flags: 'rd mr', file: 1 },
      letters: { B: { file: 2, pgoff: 7, anonPgoff: 8, anonVma: 5, policy: 3, anonName: 'x' } },
      files: [{ id: 2, hasCloseHook: true }],
    });
    expect(mm.vmas()).toMatchObject([
      { vmFile: 1, vmPgoff: 0, anonVma: null },
      { vmFile: 2, vmPgoff: 7, anonPgoff: 8, anonVma: 5, anonVmaChain: 1, policy: 3, anonName: 'x' },
    ]);
    expect(formatVmFlags(mm.vmas()[1]?.vmFlags as VmFlags)).toBe('rd mr');
    expect(mm.files.get(1)).toEqual({ id: 1 });
    expect(mm.files.get(2)).toEqual({ id: 2, hasCloseHook: true });
  });

  it('takes flags as letters or as a set', () => {
    const { mm } = mmFromDiagram('A', { letters: { A: { flags: vmFlags(DIAGRAM_FLAGS, VM_LOCKED) } } });
    expect(formatVmFlags(mm.vmas()[0]?.vmFlags as VmFlags)).toBe('rd wr mr mw me lo ac');
  });

  it('gives later anon_vmas ids that no letter has', () => {
    const { mm } = mmFromDiagram('AB', { letters: { A: { anonVma: 9 } } });
    expect(mm.anonVmaIds.next()).toBe(10);
  });

  it('passes other fields to the Mm', () => {
    const { mm } = mmFromDiagram('A', { profile: '7.3.4', softDirty: false, maxMapCount: 3 });
    expect([mm.profile.name, mm.softDirty, mm.maxMapCount]).toEqual(['7.3', false, 3]);
  });

  it('finds VMAs by letter and addresses by column', () => {
    const drawn = mmFromDiagram('.AB', { base: 0x5000 });
    expect(drawn.mm.view(drawn.ref('B')).vmStart).toBe(drawn.addr(2));
    expect(drawn.addr(2)).toBe(0x7000);
  });

  it.each([
    ['an option for a letter that is not drawn', () => mmFromDiagram('A', { letters: { B: {} } }), DiagramError],
    ['an option for a range that is not drawn', () => mmFromDiagram('A', { letters: { '*': {} } }), DiagramError],
    ['a VMA that is not drawn', () => mmFromDiagram('A').ref('B'), DiagramError],
    ['a range that is not drawn', () => mmFromDiagram('A').range, DiagramError],
    ['a merge over two VMAs', () => mergeDiagram('AabB'), InvariantError],
    ['a merge over a VMA and a hole', () => mergeDiagram('Aa*.'), InvariantError],
  ])('refuses %s', (_, call, error) => {
    expect(call).toThrow(error);
  });
});

describe('the request of a drawn range', () => {
  it('is of a new range over a hole, between the nearest VMAs', () => {
    const drawn = mmFromDiagram('A.**.B');
    const vmg = drawn.vmg();
    expect([vmg.prev, vmg.middle, vmg.next]).toEqual([drawn.ref('A'), NO_VMA, drawn.ref('B')]);
    const proposed = drawn.mm.view(vmg.proposed);
    expect(proposed).toMatchObject({ vmStart: 2 * PAGE_SIZE, vmEnd: 4 * PAGE_SIZE, vmPgoff: 2 });
  });

  it('is of an existing range in a VMA, whose attributes it has', () => {
    const drawn = mmFromDiagram('AbBC', { letters: { B: { pgoff: 40, anonVma: 3 } } });
    const vmg = drawn.vmg();
    expect([vmg.prev, vmg.middle]).toEqual([drawn.ref('A'), drawn.ref('B')]);
    expect(drawn.mm.view(vmg.proposed)).toMatchObject({ vmPgoff: 40, anonVma: 3 });
  });

  it('has its VMA for prev when it starts inside, as the callers of the kernel do', () => {
    const drawn = mmFromDiagram('ABbC');
    expect(drawn.vmg().prev).toBe(drawn.ref('B'));
    expect(drawn.mm.view(drawn.vmg().proposed).vmPgoff).toBe(2);
  });

  it('takes the attributes of the star', () => {
    const drawn = mmFromDiagram('Ab', {
      letters: {
        '*': { flags: 'rd', file: 4, pgoff: 5, anonPgoff: 6, anonVma: 7, policy: 8, userfaultfd: 9, anonName: 'n' },
      },
    });
    expect(drawn.mm.view(drawn.vmg().proposed)).toMatchObject({
      vmFlags: VM_READ,
      vmFile: 4,
      vmPgoff: 5,
      anonPgoff: 6,
      anonVma: 7,
      policy: 8,
      userfaultfd: 9,
      anonName: 'n',
    });
  });

  it('of a new range has the attributes of all, but was never written', () => {
    const drawn = mmFromDiagram('A*', { all: { file: 3, anonVma: 2 } });
    expect(drawn.mm.view(drawn.vmg().proposed)).toMatchObject({ vmFile: 3, anonVma: null });
  });
});

describe('a drawn address space', () => {
  it.each<[string, string, (drawn: DrawnMm) => void, string]>([
    ['a cut leaves the letter below', 'AAAAAA', ({ mm }) => mprotect(mm, 2 * PAGE_SIZE, 2 * PAGE_SIZE, 0), 'AABBCC'],
    ['a part that goes leaves the others', 'AAAAAA', ({ mm }) => munmap(mm, 2 * PAGE_SIZE, 2 * PAGE_SIZE), 'AA..BB'],
    ['a start that goes leaves the letter to what stays', 'AAAA', ({ mm }) => munmap(mm, 0, 2 * PAGE_SIZE), '..AA'],
    ['and so does an end', 'AAAA', ({ mm }) => munmap(mm, 2 * PAGE_SIZE, 2 * PAGE_SIZE), 'AA..'],
    ['a VMA that goes takes its letter along', 'AABB', ({ mm }) => munmap(mm, 0, 3 * PAGE_SIZE), '...B'],
    ['a merge keeps the letter of the VMA that grew', 'AA**BB', (drawn) => mergeDrawn(drawn), 'AAAAAA'],
    ['and so does one downwards', '**BB', (drawn) => mergeDrawn(drawn), 'BBBB'],
    ['and one that takes a part of the other', 'AAbbB', (drawn) => mergeDrawn(drawn), 'AAAAB'],
  ])('%s: %s', (_, drawing, change, after) => {
    const drawn = mmFromDiagram(drawing);
    change(drawn);
    expect(drawn.draw()).toBe(after);
  });

  it('gives a new VMA a letter that none ever had, also in the slot of one that is gone', () => {
    const drawn = mmFromDiagram('AB');
    munmap(drawn.mm, PAGE_SIZE, PAGE_SIZE);
    const flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
    mmap(drawn.mm, { addr: 3 * PAGE_SIZE, length: PAGE_SIZE, prot: PROT_NONE, flags });
    expect(drawn.draw()).toBe('A..C');
  });

  it('is drawn as wide as before, and wider where it grew', () => {
    expect(mmFromDiagram('A.....').draw()).toBe('A.....');
    const drawn = mmFromDiagram('A');
    drawn.mm.setRange(drawn.ref('A'), 0, 3 * PAGE_SIZE, 0, 0);
    expect(drawn.draw()).toBe('AAA');
  });
});

describe('mergeDiagram', () => {
  it('says what a merge made of a new range', () => {
    expect(mergeDiagram('AA**BB')).toMatchObject({
      state: 'success',
      into: 'both',
      merged: { vmStart: 0, vmEnd: 6 * PAGE_SIZE },
      removed: [{ vmStart: 4 * PAGE_SIZE }],
      prev: null,
      next: null,
      after: 'AAAAAA',
    });
  });

  it('says what a merge made of an existing range', () => {
    expect(mergeDiagram('AAbbCC')).toMatchObject({ state: 'success', into: 'both', after: 'AAAAAA' });
    expect(mergeDiagram('AAbbB')).toMatchObject({ state: 'success', into: 'prev', removed: [], after: 'AAAAB' });
    expect(mergeDiagram('BbbCC')).toMatchObject({ state: 'success', into: 'next', removed: [], after: 'BCCCC' });
  });

  it('says why a neighbour stayed out of it', () => {
    expect(mergeDiagram('AA**BB', { letters: { B: { pgoff: 9 } } })).toMatchObject({
      state: 'success',
      into: 'prev',
      prev: null,
      next: { rule: 'pgoff', want: 4, got: 9 },
      after: 'AAAABB',
    });
  });

  it('says that there was no merge, and why', () => {
    expect(mergeDiagram('AA**', { letters: { A: { file: 3 } } })).toEqual({
      state: 'nomerge',
      prev: { rule: 'vmFile', range: null, neighbour: 3 },
      next: null,
      after: 'AA..',
    });
  });

  it('says that an allocation failed', () => {
    expect(mergeDiagram('AA**', { failAllocation: () => true })).toMatchObject({ state: 'nomem', after: 'AA..' });
  });
});
