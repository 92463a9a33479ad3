import { unlinkAnonVmas } from '../anonVma.ts';
import { type Errno, isErrno } from '../errno.ts';
import { splitAtEdges } from '../merge/splitVma.ts';
import { copyVma } from '../merge/vmaMergeCopiedRange.ts';
import type { Mm } from '../mm.ts';
import { PAGE_SIZE } from '../units.ts';
import { NO_VMA, type VmaRef } from '../vmaStore.ts';
import { LO_ACCOUNT, LO_LOCKED, LO_LOCKED_MASK } from '../vmFlags.ts';
import { unmapRange } from './munmap.ts';
import { uffdResetContext } from './userfaultfd.ts';

/** True where `room` more VMAs would not pass `max_map_count`; `null` asks for none. */
export function hasRoom(mm: Mm, room: number | null): boolean {
  return room === null || mm.maxMapCount - mm.mapCount >= room;
}

/**
 * The copy counts as a mapping. Of MREMAP_DONTUNMAP's most kernels take it that the lock goes with the pages from the source to the copy, and that
 * `locked_vm` stays; from 6.15 on the copy is counted all the same. Kernel: `vrm_calc_charge()`, `vrm_stat_account()`.
 */
function countCopy(mm: Mm, source: VmaRef, length: number, dontUnmap: boolean): void {
  const lo = mm.store.flagsLo[source]!;
  const counts = !dontUnmap || mm.profile.dontUnmapCountsLocked;
  mm.counters.add(counts ? lo : lo & ~LO_LOCKED, length / PAGE_SIZE);
}

/** One move, of a range that lies within one VMA. Addresses and lengths in bytes, whole pages. */
export interface MoveRequest {
  /** The VMA that holds the range. */
  readonly vma: VmaRef;
  /** Where the range starts. */
  readonly oldAddr: number;
  /** Its length; 0: nothing is unmapped. */
  readonly oldLength: number;
  /** Where the copy starts. */
  readonly newAddr: number;
  /** Length of the copy. */
  readonly newLength: number;
  /** MREMAP_DONTUNMAP: the source stays. */
  readonly dontUnmap: boolean;
}

/**
 * Copies a VMA to its new address, carries the page tables over, and unmaps the source (or, with MREMAP_DONTUNMAP, leaves it
 * there empty). The target range is free. Kernel: `move_vma()`, mm/mremap.c.
 *
 * What MREMAP_DONTUNMAP leaves behind is no longer locked. In 7.3 a part of a locked VMA is split off before it is copied:
 *
 *   |----lo----|   ->   |-lo-|    |-lo-|   and its copy, locked
 *       ####                 |----|
 *
 * @returns the new address, or ENOMEM
 */
export function moveVma(mm: Mm, request: MoveRequest): number | Errno {
  const { vma, oldAddr, oldLength, newAddr, newLength, dontUnmap } = request;
  const store = mm.store;
  if (!hasRoom(mm, mm.profile.mremapRoom.copy)) return 'ENOMEM';
  if (dontUnmap && mm.profile.dontUnmapSplitsLocked && (store.flagsLo[vma]! & LO_LOCKED) !== 0) {
    const split = splitAtEdges(mm, vma, oldAddr, oldAddr + oldLength);
    if (isErrno(split)) return split;
  }
  const context = mm.uffdContexts.get(store.uffd[vma]!);
  const dropsUffd = context !== undefined && !context.eventRemap;
  const mayMerge = !dropsUffd || mm.profile.uffdMoveUnregistersNeighbour;
  const notInto = dontUnmap && !mm.profile.dontUnmapMergesWithSource ? vma : NO_VMA;
  const copied = copyVma(mm, vma, oldAddr, newAddr, newLength, notInto, mayMerge);
  if (isErrno(copied)) return copied;
  const source = copied.source;
  countCopy(mm, source, newLength, dontUnmap);
  mm.pageOps.movePageTables(source, oldAddr, copied.vma, newAddr, oldLength);
  if (dropsUffd) uffdResetContext(mm, copied.vma);
  if (dontUnmap) {
    // 6.16 conceals the charge of the whole source as if it were about to be unmapped, and never gives it back.
    const conceals = mm.profile.dontUnmapDropsAccount ? LO_ACCOUNT : 0;
    store.flagsLo[source] = store.flagsLo[source]! & ~(LO_LOCKED_MASK | conceals);
    const whole = store.start[source] === oldAddr && store.end[source] === oldAddr + oldLength;
    if (copied.vma !== source && whole && mm.profile.dontUnmapUnlinksAnonVma) unlinkAnonVmas(mm, source);
    return newAddr;
  }
  if (oldLength > 0) unmapRange(mm, oldAddr, oldAddr + oldLength);
  return newAddr;
}
