import { PAGE_SIZE, type Pgoff, pgoff, type VirtAddr, virtAddr } from '../units.ts';
import { NO_VMA, type VmaRef } from '../vmaStore.ts';
import { flagsOf, LO_SPECIAL, type VmFlags } from '../vmFlags.ts';
import type { VmaMergeStruct } from './vmaMergeStruct.ts';

/**
 * Why a neighbour did not merge: the rule, named as in the kernel where it has a name, and the two values.
 * `range` is the side of the range that is about to be mapped or changed, `neighbour` the other.
 */
export type MergeRefusal =
  /** There is a hole between the two, or nothing at all. */
  | { readonly rule: 'notAdjacent'; readonly gap: number | null }
  /** The range touches neither edge of its VMA, or not this one, so the VMA itself lies between. */
  | { readonly rule: 'notAtEdge'; readonly edge: VirtAddr }
  /** `VM_SPECIAL`: such mappings never merge. */
  | { readonly rule: 'special'; readonly flags: VmFlags }
  /** Flags differ, other than by `VM_IGNORE_MERGE`. */
  | { readonly rule: 'vmFlags'; readonly range: VmFlags; readonly neighbour: VmFlags; readonly diff: VmFlags }
  /** Not the same open file. `null`: anonymous. */
  | { readonly rule: 'vmFile'; readonly range: number | null; readonly neighbour: number | null }
  | { readonly rule: 'policy'; readonly range: number; readonly neighbour: number }
  | { readonly rule: 'userfaultfd'; readonly range: number | null; readonly neighbour: number | null }
  | { readonly rule: 'anonName'; readonly range: string | null; readonly neighbour: string | null }
  /** Two different anon_vmas. */
  | { readonly rule: 'anonVma'; readonly range: number; readonly neighbour: number }
  /** Only one side has an anon_vma, and it is a fork child: its chain has more than one link. */
  | {
      readonly rule: 'forkChild';
      readonly side: 'range' | 'neighbour';
      readonly anonVma: number;
      readonly chain: number;
    }
  /** Up to 6.12: the range has an anon_vma and the neighbour has none. */
  | { readonly rule: 'faultedIntoUnfaulted'; readonly range: number }
  /** Offsets do not continue: the neighbour would have to have `want`. */
  | { readonly rule: 'pgoff'; readonly want: Pgoff; readonly got: Pgoff }
  /** 7.3: the anonymous offsets of a private file mapping do not continue. */
  | { readonly rule: 'anonPgoff'; readonly want: Pgoff; readonly got: Pgoff }
  /** Both neighbours fit the range, but have two different anon_vmas: only `prev` merges. */
  | { readonly rule: 'neighboursAnonVma'; readonly prev: number; readonly next: number }
  /** The merge would remove a VMA that has a close hook. */
  | { readonly rule: 'closeHook'; readonly removed: VirtAddr }
  /** 7.3: the copy of MREMAP_DONTUNMAP does not become part of its own source. */
  | { readonly rule: 'ownSource' }
  /** `brk` grows the heap's last VMA and never joins the next. */
  | { readonly rule: 'justExpand' };

/** The name of a rule that refuses. */
export type MergeRule = MergeRefusal['rule'];

/** No refusal. */
export const MERGES = 0;
export const NOT_ADJACENT = 1;
export const NOT_AT_EDGE = 2;
export const SPECIAL = 3;
export const VM_FLAGS = 4;
export const VM_FILE = 5;
export const POLICY = 6;
export const USERFAULTFD = 7;
export const ANON_NAME = 8;
export const ANON_VMA = 9;
export const FORK_CHILD_RANGE = 10;
export const FORK_CHILD_NEIGHBOUR = 11;
export const FAULTED_INTO_UNFAULTED = 12;
export const PGOFF = 13;
export const ANON_PGOFF = 14;
export const NEIGHBOURS_ANON_VMA = 15;
export const CLOSE_HOOK_NEXT = 16;
export const CLOSE_HOOK_MIDDLE = 17;
export const OWN_SOURCE = 18;
export const JUST_EXPAND = 19;

/**
 * The number of a rule that refuses, {@link MERGES} (0) when none does. The predicates work in these, so that saying why
 * costs nothing until somebody asks; {@link explainRefusal} then looks the two values up.
 */
export type RefusalCode = number;

/** The two values on which a refusal rests, looked up before anything is changed. */
export function explainRefusal(vmg: VmaMergeStruct, side: 'prev' | 'next', code: RefusalCode): MergeRefusal {
  const { mm } = vmg;
  const store = mm.store;
  const neighbour = side === 'prev' ? vmg.prev : vmg.next;
  switch (code) {
    case NOT_ADJACENT:
      return { rule: 'notAdjacent', gap: neighbour === NO_VMA ? null : gapTo(vmg, side, neighbour) };
    case NOT_AT_EDGE: {
      const edge = side === 'prev' ? store.start[vmg.middle] : store.end[vmg.middle];
      return { rule: 'notAtEdge', edge: virtAddr(edge as number) };
    }
    case SPECIAL:
      return { rule: 'special', flags: flagsOf(vmg.flagsLo & LO_SPECIAL, 0) };
    case VM_FLAGS: {
      const range = flagsOf(vmg.flagsLo, vmg.flagsHi);
      const other = store.flags(neighbour);
      const ignore = mm.profile.ignoreMerge;
      return { rule: 'vmFlags', range, neighbour: other, diff: ((range ^ other) & ~ignore) as VmFlags };
    }
    case VM_FILE:
      return { rule: 'vmFile', range: vmg.file || null, neighbour: store.file[neighbour] || null };
    case POLICY:
      return { rule: 'policy', range: vmg.policy, neighbour: store.policy[neighbour]! };
    case USERFAULTFD:
      return { rule: 'userfaultfd', range: vmg.uffd || null, neighbour: store.uffd[neighbour] || null };
    case ANON_NAME:
      return {
        rule: 'anonName',
        range: mm.anonNameOf(vmg.anonName),
        neighbour: mm.anonNameOf(store.anonName[neighbour]!),
      };
    case ANON_VMA:
      return { rule: 'anonVma', range: vmg.anonVma, neighbour: store.anonVma[neighbour]! };
    case FORK_CHILD_RANGE:
      return forkChild(vmg, 'range', vmg.middle !== NO_VMA ? vmg.middle : vmg.copiedFrom);
    case FORK_CHILD_NEIGHBOUR:
      return forkChild(vmg, 'neighbour', neighbour);
    case FAULTED_INTO_UNFAULTED:
      return { rule: 'faultedIntoUnfaulted', range: vmg.anonVma };
    case PGOFF:
      return {
        rule: 'pgoff',
        want: wantedPgoff(vmg, side, vmg.pgoff),
        got: pgoff(store.pgoff[neighbour]!),
      };
    case ANON_PGOFF:
      return {
        rule: 'anonPgoff',
        want: wantedPgoff(vmg, side, vmg.anonPgoff),
        got: pgoff(store.anonPgoff[neighbour]!),
      };
    case NEIGHBOURS_ANON_VMA:
      return {
        rule: 'neighboursAnonVma',
        prev: store.anonVma[vmg.prev]!,
        next: store.anonVma[vmg.next]!,
      };
    case CLOSE_HOOK_NEXT:
      return { rule: 'closeHook', removed: virtAddr(store.start[vmg.next]!) };
    case CLOSE_HOOK_MIDDLE:
      return { rule: 'closeHook', removed: virtAddr(store.start[vmg.middle]!) };
    case OWN_SOURCE:
      return { rule: 'ownSource' };
    default:
      return { rule: 'justExpand' };
  }
}

function forkChild(vmg: VmaMergeStruct, side: 'range' | 'neighbour', vma: VmaRef): MergeRefusal {
  const store = vmg.mm.store;
  return {
    rule: 'forkChild',
    side,
    anonVma: store.anonVma[vma]!,
    chain: store.anonVmaChain[vma]!,
  };
}

function gapTo(vmg: VmaMergeStruct, side: 'prev' | 'next', neighbour: VmaRef): number {
  const store = vmg.mm.store;
  return side === 'prev' ? vmg.start - store.end[neighbour]! : store.start[neighbour]! - vmg.end;
}

function wantedPgoff(vmg: VmaMergeStruct, side: 'prev' | 'next', first: number): Pgoff {
  const store = vmg.mm.store;
  if (side === 'next') return pgoff(first + (vmg.end - vmg.start) / PAGE_SIZE);
  return pgoff(first - (store.end[vmg.prev]! - store.start[vmg.prev]!) / PAGE_SIZE);
}
