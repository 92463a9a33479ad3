import {
  VM_ACCESS_FLAGS,
  VM_MAYEXEC,
  VM_MAYREAD,
  VM_MAYSHARE,
  VM_MAYWRITE,
  VM_SHARED,
  type Vma,
  type VmFlags,
} from 'vma-core';
import type { Process } from '../process/process.ts';
import { pairAsker } from './pairRow.ts';

/** Neighbours that only one flag keeps apart. */
export interface OneFlagApart {
  readonly flag: VmFlags;
  /** Pairs: each is one VMA less. */
  readonly pairs: number;
  /** Where the first two meet; bytes. */
  readonly at: number;
}

/** What a mapping is for: to change it is no way to save a VMA. */
const PURPOSE = VM_ACCESS_FLAGS | VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC | VM_MAYSHARE | VM_SHARED;

/**
 * Pairs of neighbours that would merge if one flag, such as `ac` or `nh`, were the same on both; the most frequent flag first. What a
 * mapping is for (permissions, sharing) is no such flag.
 *
 * @param isSmaps all that is known is a smaps
 */
export function oneFlagApart(process: Process, isSmaps: boolean): OneFlagApart[] {
  const ask = pairAsker(process, isSmaps);
  const found = new Map<VmFlags, { flag: VmFlags; pairs: number; at: number }>();
  let below: Vma | null = null;
  for (const above of process.mm.vmas()) {
    const flag = below === null || below.vmEnd !== above.vmStart ? null : theOneFlag(below, above);
    if (below !== null && flag !== null && ask({ ...below, vmFlags: above.vmFlags }, above).kind === 'seam') {
      const known = found.get(flag);
      if (known === undefined) found.set(flag, { flag, pairs: 1, at: above.vmStart });
      else known.pairs++;
    }
    below = above;
  }
  return [...found.values()].sort((a, b) => b.pairs - a.pairs);
}

function theOneFlag(below: Vma, above: Vma): VmFlags | null {
  const diff = (below.vmFlags ^ above.vmFlags) as VmFlags;
  const isOne = diff !== 0n && (diff & (diff - 1n)) === 0n;
  return isOne && (diff & PURPOSE) === 0n ? diff : null;
}
