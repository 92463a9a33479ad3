import { type Errno, isErrno } from '../errno.ts';
import type { Mm } from '../mm.ts';
import { NO_VMA, type VmaRef } from '../vmaStore.ts';
import { splitAtEdges } from './splitVma.ts';
import { vmaMergeExistingRange } from './vmaMergeExistingRange.ts';
import { type VmaMergeStruct, vmgVmaState } from './vmaMergeStruct.ts';

/**
 * Makes `[start, end)` a VMA of its own, whose attributes may then be changed: by a merge with a neighbour that already has
 * them, else by splitting at the range's edges. A failed merge changes nothing; a failed second split leaves the first.
 * Kernel: `vma_modify()`, mm/vma.c.
 *
 * @param vmg the request, with the attributes that the range is going to have
 * @returns the VMA that holds the range, or ENOMEM
 */
export function vmaModify(vmg: VmaMergeStruct): VmaRef | Errno {
  const { mm, middle, proposed } = vmg;
  const merged = vmaMergeExistingRange(vmg);
  if (merged !== NO_VMA) return merged;
  if (vmg.state === 'nomem') return 'ENOMEM';
  return splitAtEdges(mm, middle, mm.store.start[proposed]!, mm.store.end[proposed]!);
}

/**
 * {@link vmaModify} for new flags and, where one is given, a new anonymous name, which are then stored on the VMA.
 *
 * From 6.19 a merge keeps the merged VMA's flags, so that sticky ones survive; before, and as posted, the flags that
 * were asked for are stored over them. Kernel: `vma_modify_flags()`, `vma_modify_flags_name()`, mm/vma.c, and what their
 * callers do.
 *
 * @param prev the VMA below `vma`, or `vma` itself when the range starts inside it
 * @param lo the flags wanted, low half
 * @param hi the high half
 * @param keepsMerged a merged VMA keeps its flags
 */
export function vmaModifyFlags(
  mm: Mm,
  prev: VmaRef,
  vma: VmaRef,
  start: number,
  end: number,
  lo: number,
  hi: number,
  anonName: number = mm.store.anonName[vma]!,
  keepsMerged: boolean = mm.profile.mergeReturnsFlags,
): VmaRef | Errno {
  const { store } = mm;
  const vmg = vmgVmaState(mm, prev, vma, start, end);
  store.flagsLo[vmg.proposed] = lo;
  store.flagsHi[vmg.proposed] = hi;
  store.anonName[vmg.proposed] = anonName;
  const changed = vmaModify(vmg);
  if (isErrno(changed)) return changed;
  store.anonName[changed] = anonName;
  if (vmg.state === 'success' && keepsMerged) return changed;
  store.flagsLo[changed] = lo;
  store.flagsHi[changed] = hi;
  return changed;
}
