import {
  mkGuardMarker,
  mkPte,
  mkUffdWpMarker,
  PTE_DIRTY,
  PTE_NONE,
  PTE_SOFT_DIRTY,
  PTE_UFFD_WP,
  PTE_WRITE,
  type Pte,
  pfn,
  pteClearBits,
  pteDirty,
  pteGuard,
  pteMarker,
  ptePfn,
  ptePresent,
  pteSoftDirty,
  pteSwap,
  pteUffdWp,
  pteUffdWpMarker,
  pteWrite,
} from 'pt-model';
import { describe, expect, it } from 'vitest';
import { mkSwapPte } from './support/lab.ts';

const ALL = PTE_WRITE | PTE_DIRTY | PTE_SOFT_DIRTY | PTE_UFFD_WP;
const LAST_PFN = 2 ** 26 - 1;

describe('an entry is of one kind', () => {
  const kinds = { present: ptePresent, guard: pteGuard, uffdWpMarker: pteUffdWpMarker, swap: pteSwap };
  it.each([
    { name: 'none', pte: PTE_NONE, kind: null, marker: false },
    { name: 'page 0 without bits', pte: mkPte(pfn(0), 0), kind: 'present', marker: false },
    { name: 'the last frame with all bits', pte: mkPte(pfn(LAST_PFN), ALL), kind: 'present', marker: false },
    { name: 'guard', pte: mkGuardMarker(), kind: 'guard', marker: true },
    { name: 'soft-dirty guard', pte: mkGuardMarker(true), kind: 'guard', marker: true },
    { name: 'write-protect marker', pte: mkUffdWpMarker(), kind: 'uffdWpMarker', marker: true },
    { name: 'swap entry', pte: mkSwapPte(LAST_PFN), kind: 'swap', marker: false },
    { name: 'swap entry that is write-protected', pte: (mkSwapPte(1) + ALL) as Pte, kind: 'swap', marker: false },
  ])('$name', ({ pte, kind, marker }) => {
    const found = Object.entries(kinds).filter(([, is]) => is(pte));
    expect(found.map(([name]) => name)).toEqual(kind === null ? [] : [kind]);
    expect(pteMarker(pte)).toBe(marker);
    expect(pte).toBe(pte >>> 0);
  });
});

describe('bits', () => {
  const readers = [
    { name: 'PTE_WRITE', bit: PTE_WRITE, read: pteWrite },
    { name: 'PTE_DIRTY', bit: PTE_DIRTY, read: pteDirty },
    { name: 'PTE_SOFT_DIRTY', bit: PTE_SOFT_DIRTY, read: pteSoftDirty },
    { name: 'PTE_UFFD_WP', bit: PTE_UFFD_WP, read: pteUffdWp },
  ];
  it.each(readers)('$name is set and cleared alone', ({ bit }) => {
    for (const frame of [0, 1, LAST_PFN]) {
      const pte = mkPte(pfn(frame), bit);
      expect(readers.filter((reader) => reader.read(pte)).map((reader) => reader.bit)).toEqual([bit]);
      expect(ptePfn(pte)).toBe(frame);
      expect(pteClearBits(pte, bit)).toBe(mkPte(pfn(frame), 0));
    }
  });

  it('none stays none, and frame bits are out of reach', () => {
    expect(pteClearBits(PTE_NONE, ALL)).toBe(PTE_NONE);
    expect(pteClearBits(mkPte(pfn(4), 0), 4)).toBe(mkPte(pfn(4), 0));
    expect(mkPte(pfn(4), 3)).toBe(mkPte(pfn(4), 0));
  });

  it('a marker of a userfaultfd reads as write-protected, a guard does not', () => {
    expect([mkUffdWpMarker(), mkGuardMarker()].map(pteUffdWp)).toEqual([true, false]);
  });
});
