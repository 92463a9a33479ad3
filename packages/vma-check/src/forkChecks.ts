// What a child must have of its parent, and what two kernels must have alike: each check gives the page that breaks it, or -1.
import { dupMmap } from 'fork-sim';
import { type KernelProfile, LO_ACCESS, LO_DONTCOPY, LO_LOCKED_MASK, LO_WIPEONFORK, type VmFlags } from 'vma-core';
import { isSoftDirty } from './callChecks.ts';
import type { StateView } from './stateView.ts';
import type { Reached, Step } from './step.ts';

const LO_NOT_COPIED: number = LO_DONTCOPY | LO_WIPEONFORK;

/** Of every set of flags that was met, whether fork copies page tables: asked of the engine once. */
const copies: WeakMap<KernelProfile, Map<number, boolean>> = new WeakMap();
/** What was asked last: pages of one VMA are asked about in a row. */
const last = { profile: null as KernelProfile | null, lo: 0, hi: 0, hasAnonVma: false, isCopied: false };

function isCopied(profile: KernelProfile, view: StateView, page: number): boolean {
  const lo = view.flagsLo[page]!;
  const hi = view.flagsHi[page]!;
  const hasAnonVma = view.anonVma[page] !== 0;
  if (last.profile === profile && last.lo === lo && last.hi === hi && last.hasAnonVma === hasAnonVma)
    return last.isCopied;
  last.profile = profile;
  last.lo = lo;
  last.hi = hi;
  last.hasAnonVma = hasAnonVma;
  last.isCopied = copiedOf(profile, lo >>> 0, hi, hasAnonVma);
  return last.isCopied;
}

function copiedOf(profile: KernelProfile, lo: number, hi: number, hasAnonVma: boolean): boolean {
  const known = copies.get(profile) ?? new Map<number, boolean>();
  copies.set(profile, known);
  const key = (hi * 2 + (hasAnonVma ? 1 : 0)) * 0x1_0000_0000 + lo;
  const answer = known.get(key);
  if (answer !== undefined) return answer;
  const flags = (BigInt(lo) | (BigInt(hi) << 32n)) as VmFlags;
  const copied = dupMmap(flags, hasAnonVma ? 1 : null, false, profile).action === 'copy';
  known.set(key, copied);
  return copied;
}

export function guardsCopied({ profile, after }: Reached): number {
  if (after.guards === 0) return -1;
  for (let page = 0; page < after.pages; page++) {
    if (!after.isGuard(page) || (after.flagsLo[page]! & LO_NOT_COPIED) !== 0) continue;
    if (!isCopied(profile, after, page)) return page;
  }
  return -1;
}

export function contentsCopied({ profile, after }: Reached): number {
  if (after.written === 0) return -1;
  for (let page = 0; page < after.pages; page++) {
    if (!after.isWritten(page) || (after.flagsLo[page]! & LO_NOT_COPIED) !== 0) continue;
    if (!isCopied(profile, after, page)) return page;
  }
  return -1;
}

/** What a child finds in a page, as {@link StateView.found} says it. */
function foundByChild({ profile, after }: Reached, page: number): number {
  const lo = after.flagsLo[page]!;
  if (after.vmaOf[page]! < 0 || (lo & LO_DONTCOPY) !== 0) return -4;
  if ((lo & LO_WIPEONFORK) === 0 && isCopied(profile, after, page)) return after.found(page);
  return after.filePage[page]!;
}

export function childrenDiffer(state: Reached): number {
  const { other, after } = state;
  if (other === null) return -1;
  for (let page = 0; page < after.pages; page++) {
    if (foundByChild(state, page) !== foundByChild(other, page)) return page;
  }
  return -1;
}

export function programsDiffer({ result, after, other, call }: Step): number {
  if (other === null) return -1;
  for (let page = 0; page < after.pages; page++) {
    if (after.found(page) !== other.after.found(page)) return page;
    if (((after.flagsLo[page]! ^ other.after.flagsLo[page]!) & LO_ACCESS) !== 0) return page;
    if (isSoftDirty(after, page) !== isSoftDirty(other.after, page)) return page;
  }
  if (result === other.result) return -1;
  return Math.max(0, 31 - Math.clz32(call.named & -call.named));
}

export function vmasDiffer({ after, other }: Step): number {
  if (other === null) return -1;
  for (let page = 0; page < after.pages; page++) {
    if (after.vmaOf[page] !== other.after.vmaOf[page]) return page;
  }
  return -1;
}

export function mergesLess({ after, other }: Step): number {
  if (other === null || after.vmas >= other.after.vmas) return -1;
  let page = 0;
  while (page < after.pages - 1 && after.vmaOf[page] === other.after.vmaOf[page]) page++;
  return page;
}

/** What MADV_DONTFORK keeps from a child, MADV_WIPEONFORK empties, and locks, which are not inherited. */
export function childMaps({ call, before, after }: Step): number {
  if (call.perform !== null) return -1;
  for (let page = 0; page < after.pages; page++) {
    const lo = before.flagsLo[page]!;
    const mapped = after.vmaOf[page]! >= 0;
    if (mapped !== (before.vmaOf[page]! >= 0 && (lo & LO_DONTCOPY) === 0)) return page;
    if ((after.flagsLo[page]! & LO_LOCKED_MASK) !== 0) return page;
    if (mapped && (lo & LO_WIPEONFORK) !== 0 && (after.isGuard(page) || after.isWritten(page))) return page;
  }
  return -1;
}

export function childGuards({ call, before, after }: Step): number {
  if (call.perform !== null) return -1;
  for (let page = 0; page < after.pages; page++) {
    if (before.vmaOf[page]! < 0 || (before.flagsLo[page]! & LO_NOT_COPIED) !== 0) continue;
    if (before.isGuard(page) !== after.isGuard(page)) return page;
  }
  return -1;
}

export function childReads({ call, before, after }: Step): number {
  if (call.perform !== null) return -1;
  for (let page = 0; page < after.pages; page++) {
    if (before.vmaOf[page]! < 0 || (before.flagsLo[page]! & LO_NOT_COPIED) !== 0) continue;
    if (before.isGuard(page) || after.isGuard(page)) continue;
    if (before.found(page) !== after.found(page)) return page;
  }
  return -1;
}
