import { anonVmaClone } from '../anonVma.ts';
import { type Errno, isErrno } from '../errno.ts';
import { InvariantError } from '../errors.ts';
import type { Mm } from '../mm.ts';
import { isPageAligned, PAGE_SIZE, PMD_SIZE } from '../units.ts';
import type { VmaRef } from '../vmaStore.ts';
import { LO_HUGETLB } from '../vmFlags.ts';

/**
 * Cuts a VMA in two at `addr`, without asking `max_map_count`.
 *
 *   |-------------------|   ->   |--------|----------|
 *                                start   addr       end
 *
 * Both halves have all flags, the sticky ones too: a flag that came by a merge stays on both. They share file, policy,
 * anon_vma and chain. Kernel: `__split_vma()`, mm/vma.c.
 *
 * @param newBelow the lower half is the new VMA; otherwise the upper one is, and `vma` stays the lower
 * @returns the new VMA; EINVAL within a huge page of hugetlbfs, or ENOMEM where an allocation was made to fail: then nothing has changed
 */
export function splitVmaUnlimited(mm: Mm, vma: VmaRef, addr: number, newBelow: boolean): VmaRef | Errno {
  const store = mm.store;
  const start = store.start[vma]!;
  const end = store.end[vma]!;
  if (!(addr > start && addr < end && isPageAligned(addr))) {
    throw new InvariantError(`split of [${start}, ${end}) at ${addr}`);
  }
  if ((store.flagsLo[vma]! & LO_HUGETLB) !== 0 && addr % hugePageOf(mm, vma) !== 0) return 'EINVAL';
  if (mm.failAllocation !== null && mm.fails('vmAreaDup')) return 'ENOMEM';
  const made = store.dup(vma);
  if (mm.failAllocation !== null && (mm.fails('splitPrealloc') || !anonVmaClone(mm, made, vma))) {
    store.release(made);
    return 'ENOMEM';
  }
  const pages = (addr - start) / PAGE_SIZE;
  const pageOffset = store.pgoff[vma]! + pages;
  const anonPageOffset = store.anonPgoff[vma]! + pages;
  if (newBelow) {
    store.end[made] = addr;
    mm.setRange(vma, addr, end, pageOffset, anonPageOffset);
  } else {
    store.start[made] = addr;
    store.pgoff[made] = pageOffset;
    store.anonPgoff[made] = anonPageOffset;
    mm.setRange(vma, start, addr, store.pgoff[vma]!, store.anonPgoff[vma]!);
  }
  mm.linkVma(made);
  mm.stats.splits++;
  if (mm.observer !== null) {
    mm.observer({
      kind: 'split',
      below: mm.view(newBelow ? made : vma),
      above: mm.view(newBelow ? vma : made),
    });
  }
  return made;
}

/** Kernel: `hugetlb_vm_op_split()`, mm/hugetlb.c. */
function hugePageOf(mm: Mm, vma: VmaRef): number {
  return mm.files.get(mm.store.file[vma]!)?.hugePage ?? PMD_SIZE;
}

/**
 * Cuts a VMA in two at `addr`, unless the address space already has `max_map_count` VMAs.
 * Kernel: `split_vma()`, mm/vma.c.
 *
 * @returns the new VMA, or ENOMEM or EINVAL; then nothing has changed
 */
export function splitVma(mm: Mm, vma: VmaRef, addr: number, newBelow: boolean): VmaRef | Errno {
  if (mm.mapCount >= mm.maxMapCount) return 'ENOMEM';
  return splitVmaUnlimited(mm, vma, addr, newBelow);
}

/**
 * Makes `[start, end)`, which lies in one VMA, a VMA of its own. A failed second split leaves the first.
 *
 *   |---------------|   ->   |---|-------|---|
 *       start    end
 *
 * @returns `vma`, which then is just the range; or ENOMEM at `max_map_count`, EINVAL within a huge page of hugetlbfs
 */
export function splitAtEdges(mm: Mm, vma: VmaRef, start: number, end: number): VmaRef | Errno {
  const store = mm.store;
  if (store.start[vma]! < start) {
    const below = splitVma(mm, vma, start, true);
    if (isErrno(below)) return below;
  }
  if (store.end[vma]! > end) {
    const above = splitVma(mm, vma, end, false);
    if (isErrno(above)) return above;
  }
  return vma;
}
