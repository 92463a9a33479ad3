import { expect, it } from 'vitest';
import {
  HI_DROPPABLE,
  kernelProfile,
  MAP_ANONYMOUS,
  MAP_FIXED,
  MAP_PRIVATE,
  MLOCK_ONFAULT,
  Mm,
  MREMAP_DONTUNMAP,
  MREMAP_FIXED,
  MREMAP_MAYMOVE,
  PAGE_SIZE,
  PROT_READ,
  PROT_WRITE,
  VM_DROPPABLE,
  VM_LOCKED,
} from '../../src/index.ts';
import { mlock, mmap, mprotect, mremap } from '../../src/mm/index.ts';
import { defineKernelProfile } from '../../src/profiles/index.ts';

// Two mistakes that a search of small spaces does not see: scripts/mutants.

const page = (at: number): number => (at + 16) * PAGE_SIZE;
const map = (mm: Mm, at: number, prot = PROT_READ | PROT_WRITE): unknown =>
  mmap(mm, { addr: page(at), length: PAGE_SIZE, prot, flags: MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED });

it('a sticky flag of the high half survives the merge of an existing range', () => {
  // No kernel has one so far; an own profile may.
  const flags = ['SOFTDIRTY', 'MAYBE_GUARD', 'DROPPABLE'];
  const mm = new Mm({ profile: defineKernelProfile('own', '6.19', { sticky: flags, ignoreMerge: flags }) });
  map(mm, 0);
  map(mm, 1);
  mprotect(mm, page(1), PAGE_SIZE, PROT_READ);
  mm.store.flagsHi[mm.vmaLookup(page(1))] = HI_DROPPABLE;
  mprotect(mm, page(1), PAGE_SIZE, PROT_READ | PROT_WRITE);
  expect(mm.vmas().map(({ vmStart, vmFlags }) => [vmStart, vmFlags & VM_DROPPABLE])).toEqual([[page(0), VM_DROPPABLE]]);
});

it('MREMAP_DONTUNMAP unlocks what its copy and both neighbours became, where the source is one of them', () => {
  const mm = new Mm({ profile: kernelProfile('6.19') });
  map(mm, 0);
  map(mm, 2);
  for (const at of [0, 2]) mlock(mm, page(at), PAGE_SIZE, MLOCK_ONFAULT);
  const flags = MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP;
  mremap(mm, { oldAddr: page(2), oldLength: PAGE_SIZE, newLength: PAGE_SIZE, newAddr: page(1), flags });
  expect(mm.vmas().map(({ vmStart, vmEnd, vmFlags }) => [vmStart, vmEnd, vmFlags & VM_LOCKED])).toEqual([
    [page(0), page(3), 0n],
  ]);
});
