import type { Mm } from './mm.ts';
import { isPageAligned, PAGE_SIZE, TASK_SIZE } from './units.ts';
import type { Vma } from './vma.ts';
import { NO_VMA, type VmaRef } from './vmaStore.ts';
import {
  formatVmFlags,
  VM_LOCKED,
  VM_LOCKONFAULT,
  VM_MAYBE_GUARD,
  VM_MAYSHARE,
  VM_SHARED,
  VM_UFFD_FLAGS,
  type VmFlags,
} from './vmFlags.ts';

/** A rule that holds in every state; see {@link Violation}. */
export type Invariant =
  /** Start and end are whole pages. */
  | 'aligned'
  /** Start lies below end, and both in user space. */
  | 'empty'
  /** VMAs are in address order. */
  | 'sorted'
  /** No two VMAs hold the same address. */
  | 'overlap'
  /** `map_count` is the number of VMAs. */
  | 'mapCount'
  /** The index finds each VMA by its start, and from its neighbours. */
  | 'index'
  /** An anon_vma has a chain of one link or more; no anon_vma, no chain. */
  | 'anonVma'
  /** Registered with a userfaultfd, and so flagged, or neither. */
  | 'userfaultfd'
  /** Offsets are whole pages, 0 or more. */
  | 'pgoff'
  /** Flags that say something only together: SHARED needs MAYSHARE, LOCKONFAULT needs LOCKED. */
  | 'flags'
  /** A file that a VMA names is open. */
  | 'file'
  /** Every guard marker lies in a VMA, with `VM_MAYBE_GUARD` where the profile has the flag. */
  | 'guard';

/** A broken invariant. Plain data. */
export interface Violation {
  /** Which rule is broken. */
  readonly invariant: Invariant;
  /** One sentence with the values that break it. */
  readonly message: string;
  /** The VMA that breaks it, or `null`. */
  readonly vma: Vma | null;
}

/** Pages that hold guard markers, `[start, end)` in bytes. */
export interface GuardRange {
  /** First byte. */
  readonly start: number;
  /** Byte after the last. */
  readonly end: number;
}

/** Gives every range of guard markers of the address space, in any order. Page tables know; `vma-core` has none. */
export type GuardLookup = () => Iterable<GuardRange>;

/** What is looked at besides the VMAs. */
export interface ValidateOptions {
  /** Where guard markers are. Default: none anywhere. */
  readonly guards?: GuardLookup;
}

/**
 * Checks what holds in every state of an address space, as the kernel's `validate_mm()` does, and gives what does not.
 *
 * An empty list is a sound state. Equal neighbours are not a violation: a failed second split leaves some behind.
 * Page tables have invariants of their own, except one that belongs to both: pass `guards` to have it checked.
 *
 * @returns at most a few violations a VMA, in address order; changes nothing
 */
export function validateMm(mm: Mm, options: ValidateOptions = {}): Violation[] {
  const found: Violation[] = [];
  const report = (invariant: Invariant, message: string, vma: Vma | null): void => {
    found.push({ invariant, message, vma });
  };
  const refs: VmaRef[] = [];
  for (let ref = mm.index.first(); ref !== NO_VMA; ref = mm.index.next(ref)) {
    refs.push(ref);
    // An order that is broken can lead in a circle.
    if (refs.length > mm.mapCount) break;
  }
  if (refs.length !== mm.mapCount) {
    report('mapCount', `map_count is ${mm.mapCount}, but a walk meets ${refs.length} VMAs or more`, null);
  }
  let below: Vma | null = null;
  for (const ref of refs) {
    const vma = mm.view(ref);
    checkRange(vma, below, report);
    checkIndex(mm, vma, below, report);
    checkAttributes(mm, vma, report);
    below = vma;
  }
  const last = mm.index.last();
  if (last !== (refs.at(-1) ?? NO_VMA)) report('index', `the walk ends at VMA ${refs.at(-1)}, not at ${last}`, below);
  if (options.guards) checkGuards(mm, options.guards, report);
  return found;
}

type Report = (invariant: Invariant, message: string, vma: Vma | null) => void;

function checkRange(vma: Vma, below: Vma | null, report: Report): void {
  const { vmStart, vmEnd } = vma;
  if (!isPageAligned(vmStart) || !isPageAligned(vmEnd)) report('aligned', `${name(vma)} is not whole pages`, vma);
  if (vmStart >= vmEnd) report('empty', `${name(vma)} holds nothing`, vma);
  else if (vmStart < 0 || vmEnd > TASK_SIZE) report('empty', `${name(vma)} leaves user space`, vma);
  if (below === null) return;
  if (below.vmStart >= vmStart) report('sorted', `${name(below)} comes before ${name(vma)}`, vma);
  else if (below.vmEnd > vmStart) report('overlap', `${name(below)} and ${name(vma)} overlap`, vma);
}

function checkIndex(mm: Mm, vma: Vma, below: Vma | null, report: Report): void {
  const { index } = mm;
  const above = index.floor(vma.vmStart);
  const under = index.floor(vma.vmStart - 1);
  // Found from its start on and not one byte earlier: the index has exactly this start.
  if (above !== vma.ref || under === vma.ref) report('index', `the index does not have ${name(vma)} by its start`, vma);
  if (index.prev(vma.ref) !== (below?.ref ?? NO_VMA)) {
    report('index', `going down from ${name(vma)} does not lead to ${below ? name(below) : 'nothing'}`, vma);
  }
}

function checkAttributes(mm: Mm, vma: Vma, report: Report): void {
  const { vmFlags, anonVma, anonVmaChain, userfaultfd } = vma;
  if ((anonVma === null) !== (anonVmaChain === 0)) {
    const what = anonVma === null ? 'no anon_vma' : `anon_vma ${anonVma}`;
    report('anonVma', `${name(vma)} has ${what} and a chain of ${anonVmaChain} links`, vma);
  }
  const uffdFlags = formatVmFlags((vmFlags & VM_UFFD_FLAGS) as VmFlags);
  if ((userfaultfd === null) !== (uffdFlags === '')) {
    const context = userfaultfd === null ? 'no userfaultfd' : `userfaultfd ${userfaultfd}`;
    report('userfaultfd', `${name(vma)} has ${context} and the flags "${uffdFlags}"`, vma);
  }
  for (const [field, offset] of [
    ['vm_pgoff', vma.vmPgoff],
    ['anonymous offset', vma.anonPgoff],
  ] as const) {
    if (!Number.isSafeInteger(offset) || offset < 0) report('pgoff', `${name(vma)} has ${field} ${offset}`, vma);
  }
  const pages = (vma.vmEnd - vma.vmStart) / PAGE_SIZE;
  if (vma.vmPgoff + pages > 2 ** 52) report('pgoff', `${name(vma)} reaches page ${vma.vmPgoff + pages}`, vma);
  if (has(vmFlags, VM_SHARED) && !has(vmFlags, VM_MAYSHARE)) report('flags', `${name(vma)}: sh without ms`, vma);
  if (has(vmFlags, VM_LOCKONFAULT) && !has(vmFlags, VM_LOCKED)) report('flags', `${name(vma)}: lf without lo`, vma);
  if (vma.vmFile !== null && !mm.files.has(vma.vmFile)) {
    report('file', `${name(vma)} maps file ${vma.vmFile}, which is not open`, vma);
  }
}

/** The kernel has no such check; the flag promises it: what is not flagged holds no guard. */
function checkGuards(mm: Mm, guards: GuardLookup, report: Report): void {
  for (const { start, end } of guards()) {
    for (let at = start; at < end; ) {
      const ref = mm.vmaLookup(at);
      if (ref === NO_VMA) {
        report('guard', `a guard marker at ${hex(at)} lies in no VMA`, null);
        const next = mm.findVma(at);
        at = next === NO_VMA ? end : mm.store.start[next]!;
        continue;
      }
      const vma = mm.view(ref);
      if (mm.profile.guardSetsFlag && !has(vma.vmFlags, VM_MAYBE_GUARD)) {
        report('guard', `a guard marker at ${hex(at)} lies in ${name(vma)}, which has no VM_MAYBE_GUARD`, vma);
      }
      at = vma.vmEnd;
    }
  }
}

function has(flags: bigint, flag: bigint): boolean {
  return (flags & flag) !== 0n;
}

function name(vma: Vma): string {
  return `[${hex(vma.vmStart)}, ${hex(vma.vmEnd)})`;
}

function hex(addr: number): string {
  return `0x${addr.toString(16)}`;
}
