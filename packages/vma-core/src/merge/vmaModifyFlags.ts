import { type Errno, isErrno } from '../errno.ts';
import type { Mm } from '../mm.ts';
import type { VmaRef } from '../vmaStore.ts';
import { NO_VMA } from '../vmaStore.ts';
import { splitAtEdges } from './splitVma.ts';
import { vmaMergeExistingRange } from './vmaMergeExistingRange.ts';
import { type VmaMergeStruct, vmgVmaState } from './vmaMergeStruct.ts';

/** The flags that the caller of {@link vmaModifyFlags} has to store on the VMA it gets, in halves. */
export interface FlagsToStore {
  /** Low half. */
  lo: number;
  /** High half. */
  hi: number;
}

/**
 * Makes `[start, end)` a VMA of its own, whose attributes may then be changed: by a merge with a neighbour that already has
 * them, else by splitting at the range's edges. A failed merge changes nothing; a failed second split leaves the first.
 * Kernel: `vma_modify()`, mm/vma.c.
 *
 * @param vmg the request, with the attributes that the range is going to have
 * @returns the VMA that holds the range, or ENOMEM
 */
function vmaModify(vmg: VmaMergeStruct): VmaRef | Errno {
  const { mm, middle, proposed } = vmg;
  const merged = vmaMergeExistingRange(vmg);
  if (merged !== NO_VMA) return merged;
  if (vmg.state === 'nomem') return 'ENOMEM';
  return splitAtEdges(mm, middle, mm.store.start[proposed]!, mm.store.end[proposed]!);
}

/**
 * {@link vmaModify} for new flags. Kernel: `vma_modify_flags()`, mm/vma.c.
 *
 * @param prev the VMA below `vma`, or `vma` itself when the range starts inside it
 * @param flags in: the flags wanted. Out: those the caller has to store. From 6.19 a merge hands back the merged
 *   VMA's flags, so that sticky ones survive; before, and as posted, the caller stores what it computed before the merge.
 */
export function vmaModifyFlags(
  mm: Mm,
  prev: VmaRef,
  vma: VmaRef,
  start: number,
  end: number,
  flags: FlagsToStore,
): VmaRef | Errno {
  return modify(vmgVmaState(mm, prev, vma, start, end), flags);
}

/** {@link vmaModifyFlags} for new flags and an anonymous name. Kernel: `vma_modify_name()`, `vma_modify_flags_name()`. */
export function vmaModifyFlagsName(
  mm: Mm,
  prev: VmaRef,
  vma: VmaRef,
  start: number,
  end: number,
  flags: FlagsToStore,
  anonName: number,
): VmaRef | Errno {
  const vmg = vmgVmaState(mm, prev, vma, start, end);
  mm.store.anonName[vmg.proposed] = anonName;
  return modify(vmg, flags);
}

/** {@link vmaModifyFlags} for new flags and a userfaultfd context. Kernel: `vma_modify_flags_uffd()`. */
export function vmaModifyFlagsUffd(
  mm: Mm,
  prev: VmaRef,
  vma: VmaRef,
  start: number,
  end: number,
  flags: FlagsToStore,
  uffd: number,
): VmaRef | Errno {
  const vmg = vmgVmaState(mm, prev, vma, start, end);
  mm.store.uffd[vmg.proposed] = uffd;
  return modify(vmg, flags);
}

function modify(vmg: VmaMergeStruct, flags: FlagsToStore): VmaRef | Errno {
  const { mm } = vmg;
  mm.store.flagsLo[vmg.proposed] = flags.lo;
  mm.store.flagsHi[vmg.proposed] = flags.hi;
  const vma = vmaModify(vmg);
  if (!isErrno(vma) && vmg.state === 'success' && mm.profile.mergeReturnsFlags) {
    flags.lo = mm.store.flagsLo[vma]!;
    flags.hi = mm.store.flagsHi[vma]!;
  }
  return vma;
}
