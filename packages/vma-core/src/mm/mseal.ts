import { isErrno, type SyscallResult } from '../errno.ts';
import { vmgVmaState } from '../merge/vmaMergeStruct.ts';
import { vmaModify } from '../merge/vmaModifyFlags.ts';
import type { Mm } from '../mm.ts';
import { isPageAligned, pageAlign } from '../units.ts';
import { NO_VMA, type VmaRef } from '../vmaStore.ts';
import { HI_SEALED } from '../vmFlags.ts';

/** Sealed by `mseal`. Kernel: `vma_is_sealed()`. */
export function isSealed(mm: Mm, vma: VmaRef): boolean {
  return (mm.store.flagsHi[vma]! & HI_SEALED) !== 0;
}

/**
 * Seals `[start, start + length)`: no more unmapping, moving, or change of protection there. Kernel: `mseal(2)`, mm/mseal.c.
 *
 * @returns ENOSYS before 6.10, ENOMEM at a hole (looked for first: nothing is sealed), or when a cut meets `max_map_count`; EINVAL (unaligned,
 *   or flags, of which there are none)
 */
export function mseal(mm: Mm, start: number, length: number, flags = 0): SyscallResult {
  if (!mm.profile.mseal) return 'ENOSYS';
  if (flags !== 0 || !isPageAligned(start)) return 'EINVAL';
  const end = start + pageAlign(length);
  if (end === start) return 0;
  const store = mm.store;
  let at = start;
  let vma = mm.vmaLookup(start);
  for (; at < end; vma = mm.index.next(vma)) {
    if (vma === NO_VMA || store.start[vma]! > at) return 'ENOMEM';
    at = store.end[vma]!;
  }
  vma = mm.vmaLookup(start);
  let prev = start > store.start[vma]! ? vma : mm.index.prev(vma);
  for (at = start; at < end; ) {
    if (!isSealed(mm, vma)) {
      const vmg = vmgVmaState(mm, prev, vma, at, Math.min(end, store.end[vma]!));
      store.flagsHi[vmg.proposed] = store.flagsHi[vma]! | HI_SEALED;
      const changed = vmaModify(vmg);
      if (isErrno(changed)) return changed;
      // Only the seal is set: all else that the merged VMA has, it keeps.
      store.flagsHi[changed] = store.flagsHi[changed]! | HI_SEALED;
      vma = changed;
    }
    prev = vma;
    at = store.end[vma]!;
    vma = mm.index.next(vma);
  }
  return 0;
}
