import { type Errno, isErrno, type SyscallResult } from '../errno.ts';
import { vmaModifyFlags } from '../merge/vmaModifyFlags.ts';
import type { Mm } from '../mm.ts';
import { isPageAligned, PAGE_SIZE, pageAlign } from '../units.ts';
import { NO_VMA, type VmaRef } from '../vmaStore.ts';
import {
  HI_PKEY_MASK,
  LO_ACCESS,
  LO_ACCOUNT,
  LO_GROWSDOWN,
  LO_HUGETLB,
  LO_LOCKED,
  LO_NORESERVE,
  LO_SHARED,
  LO_WRITE,
  type VmFlags,
} from '../vmFlags.ts';
import { mapDenyWriteExec } from './mdwe.ts';
import { isSealed } from './mseal.ts';
import { isPkeyAllocated, overrideMprotectPkey } from './pkeys.ts';
import { PROT_EXEC, PROT_GROWSDOWN, PROT_GROWSUP, PROT_READ, PROT_SEM, PROT_WRITE } from './uapi.ts';

/** What `mprotect` changes besides the access. */
export interface MprotectMore {
  /** The protection key of `pkey_mprotect`; -1, the default: a plain `mprotect`. */
  readonly pkey?: number;
  /** Flags that the architecture sets, such as that of PROT_BTI; default none. */
  readonly set?: VmFlags;
  /** Flags that it clears; default none. */
  readonly clear?: VmFlags;
}

const NOTHING_MORE: MprotectMore = {};

/**
 * Changes the protection of `[start, start + length)`, VMA by VMA in address order.
 *
 * Only the access flags change, and ACCOUNT: private memory made writable for the first time gains it; anonymous memory
 * made unwritable before it was ever written loses it (6.7). That is why a round trip may or may not merge again.
 * Kernel: `do_mprotect_pkey()` and `mprotect_fixup()`, mm/mprotect.c.
 *
 * @returns EINVAL (unaligned; a key that the process has not; unknown bits, unless the range is empty), ENOMEM (at a hole, or when a cut meets `max_map_count`), EACCES (a MAY flag is
 *   absent), EPERM (sealed). VMAs before the failure have changed.
 */
export function mprotect(
  mm: Mm,
  start: number,
  length: number,
  prot: number,
  more: MprotectMore = NOTHING_MORE,
): SyscallResult {
  const access = PROT_READ | PROT_WRITE | PROT_EXEC;
  const grows = prot & (PROT_GROWSDOWN | PROT_GROWSUP);
  if (!isPageAligned(start) || grows === (PROT_GROWSDOWN | PROT_GROWSUP)) return 'EINVAL';
  if (length === 0) return 0;
  if (!isKnownProt(prot)) return 'EINVAL';
  const end = start + pageAlign(length);
  const { pkey = -1 } = more;
  if (pkey !== -1 && !isPkeyAllocated(mm, pkey)) return 'EINVAL';
  const set = more.set === undefined ? 0 : mm.spareBits.hi(more.set);
  const clear = more.clear === undefined ? 0 : mm.spareBits.hi(more.clear);
  const store = mm.store;
  let vma = mm.index.findIntersection(start, end);
  if (vma === NO_VMA) return 'ENOMEM';
  let at = start;
  if (grows === PROT_GROWSDOWN) {
    at = store.start[vma]!;
    if ((store.flagsLo[vma]! & LO_GROWSDOWN) === 0) return 'EINVAL';
  } else if (store.start[vma]! > start) return 'ENOMEM';
  // No VMA of x86-64 grows upwards.
  else if (grows === PROT_GROWSUP) return 'EINVAL';
  let prev = at > store.start[vma]! ? vma : mm.index.prev(vma);
  for (;;) {
    const lo = (store.flagsLo[vma]! & ~LO_ACCESS) | (prot & access);
    if ((lo & ~(lo >>> 4) & LO_ACCESS) !== 0 || mapDenyWriteExec(mm, store.flagsLo[vma]!, lo)) return 'EACCES';
    const to = Math.min(end, store.end[vma]!);
    const key = mm.hasPkeys ? overrideMprotectPkey(mm, vma, prot, pkey) : 0;
    const hi = (store.flagsHi[vma]! & ~clear & (mm.hasPkeys ? ~HI_PKEY_MASK : -1)) | key | set;
    const changed = mprotectFixup(mm, prev, vma, at, to, lo >>> 0, hi >>> 0);
    if (isErrno(changed)) return changed;
    // The VMA may have merged with the next one, and then reaches beyond what was asked for.
    prev = changed;
    at = store.end[changed]!;
    if (at >= end) return 0;
    vma = mm.index.next(changed);
    if (vma === NO_VMA || store.start[vma] !== at) return 'ENOMEM';
  }
}

/** PROT_READ, PROT_WRITE, PROT_EXEC, PROT_SEM, and which way to extend the range. Kernel: `arch_validate_prot()`. */
function isKnownProt(prot: number): boolean {
  const known = PROT_READ | PROT_WRITE | PROT_EXEC | PROT_SEM | PROT_GROWSDOWN | PROT_GROWSUP;
  return prot >= 0 && prot <= known && (prot & ~known) === 0;
}

function mprotectFixup(
  mm: Mm,
  prev: VmaRef,
  vma: VmaRef,
  start: number,
  end: number,
  newLo: number,
  newHi: number,
): VmaRef | Errno {
  const store = mm.store;
  if (isSealed(mm, vma)) return 'EPERM';
  const oldLo = store.flagsLo[vma]!;
  if (newLo === oldLo && newHi === store.flagsHi[vma]) return vma;
  let lo = newLo;
  if ((newLo & LO_WRITE) !== 0) {
    const neverCounts = LO_ACCOUNT | LO_WRITE | LO_HUGETLB | LO_SHARED | LO_NORESERVE;
    if ((oldLo & neverCounts) === 0) lo = (lo | LO_ACCOUNT) >>> 0;
  } else if (mm.profile.mprotectUnaccounts && (oldLo & LO_ACCOUNT) !== 0) {
    if (mm.isAnonymous(vma) && store.anonVma[vma] === 0) lo = (lo & ~LO_ACCOUNT) >>> 0;
  }
  const changed = vmaModifyFlags(mm, prev, vma, start, end, lo, newHi);
  if (isErrno(changed)) return changed;
  mm.counters.change(oldLo, lo, (end - start) / PAGE_SIZE);
  mm.pageOps.changeProtection(changed, start, end);
  const wasLockedReadOnly = (oldLo & (LO_WRITE | LO_SHARED | LO_LOCKED)) === LO_LOCKED;
  if (wasLockedReadOnly && (newLo & LO_WRITE) !== 0) mm.pageOps.populateVma(changed, start, end);
  return changed;
}
