import {
  EARLIER_PROFILES,
  KERNEL_PROFILES,
  type KernelProfile,
  VM_ACCESS_FLAGS,
  VM_ACCOUNT,
  VM_DONTCOPY,
  VM_DONTDUMP,
  VM_LOCKED_MASK,
  VM_MAYBE_GUARD,
  VM_MERGEABLE,
  VM_SEALED,
  VM_SHARED,
  VM_SOFTDIRTY,
  VM_WIPEONFORK,
} from 'vma-core';
import type { CallKindName } from './callKinds.ts';
import { WIDENINGS, type Widening } from './widening.ts';

const MOVES = ['move', 'write', 'GUARD_INSTALL'] as const;
const GUARDS = ['GUARD_INSTALL', 'protR', 'protRw'] as const;
const LOCKS = ['mlock', 'mlockOnFault', 'munlock'] as const;

/** The kinds of call by which a search sees a field of a profile; `flags`: those of the flags in which the two differ. A new field needs a row. */
const FIELDS: { readonly [field in keyof KernelProfile]: readonly CallKindName[] | 'flags' } = {
  name: [],
  kernels: [],
  sticky: 'flags',
  ignoreMerge: 'flags',
  copyOnFork: 'flags',
  needsCopyDst: 'flags',
  needsCopySrc: 'flags',
  mergeReturnsFlags: GUARDS,
  closeHookMerges: [],
  mmapAsksNextFirst: ['write', 'anonR'],
  mprotectUnaccounts: ['protR', 'protRw'],
  mapStackNoHugepage: [],
  mapDroppable: [],
  anonThpAligned: [],
  stackGapEndsSearch: [],
  brkGrowsHeapOnly: [],
  mseal: ['mseal', 'protR'],
  lockOnFaultTakesAll: ['mlockOnFault', 'protNone'],
  munlockStoresFlags: LOCKS,
  heapNameStrict: [],
  lockOnFaultShown: [],
  madvisePopulate: ['POPULATE_READ', 'POPULATE_WRITE'],
  populateStopsAtHole: ['POPULATE_READ', 'POPULATE_WRITE'],
  madviseLimitEagain: [],
  madviseRemoveMayWrite: [],
  madviseDontneedLocked: [],
  processMadviseWillneed: [],
  processMadviseOwn: [],
  guards: ['GUARD_INSTALL', 'GUARD_REMOVE'],
  guardSetsFlag: GUARDS,
  guardPreparesAnonVma: GUARDS,
  mergeFaultedIntoUnfaulted: ['write', 'protR', 'protRw'],
  copiedRangeKeepsAnonVma: MOVES,
  fileAnonPgoff: MOVES,
  dontUnmapUnlinksAnonVma: ['dontUnmap', 'write', 'grow'],
  dontUnmapFiles: ['dontUnmap'],
  dontUnmapMergesWithSource: ['dontUnmap', 'grow'],
  dontUnmapSplitsLocked: ['dontUnmap', 'mlock'],
  dontUnmapCountsLocked: ['dontUnmap', 'mlock'],
  mremapGrowsIntoNext: ['grow'],
  mremapLooksUpFirst: ['move'],
  mremapMovesManyVmas: ['move', 'protR'],
  mremapUnmapsTargetFirst: ['move', 'protR'],
  dontUnmapDropsAccount: ['dontUnmap'],
  mremapRoom: [],
  mremapMovesPmdTables: [],
  mremapRealigns: [],
  dontneedFreesPteTables: [],
  pagemapShowsUffdWp: [],
  uffdWpShmem: [],
  uffdWpUnpopulated: [],
  uffdWpAsync: [],
  uffdWpManyVmas: [],
  uffdLiftedWpFaults: [],
  uffdMergesByRange: [],
  uffdCloseClearsWp: [],
  uffdMoveClearsWp: [],
  uffdKeepsMergedFlags: [],
  uffdForeignUnregisterRefused: [],
  uffdDroppableRefused: [],
  uffdMoveUnregistersNeighbour: [],
  uffdModeLossRefused: [],
  uffdRwp: [],
  uffdCopyEndFirst: [],
  anonNames: [],
};

/** The kinds of call that give a mapping a flag, or take it away. */
const FLAGS: readonly (readonly [flags: bigint, kinds: readonly CallKindName[]])[] = [
  [VM_MAYBE_GUARD, GUARDS],
  [VM_SOFTDIRTY, ['anonR', 'protR', 'protRw', 'write', 'clearRefs']],
  [VM_ACCESS_FLAGS, ['anonR', 'protR', 'protRw']],
  [VM_SHARED, ['sharedRw']],
  [VM_DONTCOPY, ['DONTFORK', 'DOFORK']],
  [VM_WIPEONFORK, ['WIPEONFORK', 'KEEPONFORK']],
  [VM_DONTDUMP, ['DONTDUMP', 'DODUMP']],
  [VM_LOCKED_MASK, LOCKS],
  [VM_ACCOUNT, ['protR', 'protRw']],
  [VM_MERGEABLE, ['MERGEABLE', 'UNMERGEABLE']],
  [VM_SEALED, ['mseal']],
];

/** What makes mappings, and takes them away; and what fails where two are not one: any difference in merging shows there. */
const BASE: readonly CallKindName[] = ['anonRw', 'fileRw', 'munmap', 'grow'];

const FIELD_NAMES = Object.keys(FIELDS) as (keyof KernelProfile)[];

/** Fields of a profile in which another one differs. */
function differing(a: KernelProfile, b: KernelProfile): (keyof KernelProfile)[] {
  return FIELD_NAMES.filter((field) => field !== 'name' && field !== 'kernels' && !isSameValue(a[field], b[field]));
}

/** `mremapRoom` is an object of numbers. */
function isSameValue(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The built-in kernel that a profile is most like: it differs in the fewest fields. */
function nearest(profile: KernelProfile): KernelProfile {
  let [best, least] = [profile, Number.POSITIVE_INFINITY];
  for (const kernel of [...KERNEL_PROFILES, ...EARLIER_PROFILES]) {
    const fields = differing(profile, kernel).length;
    if (fields < least) [best, least] = [kernel, fields];
  }
  return best;
}

/** The kinds of call by which a search can see that two profiles differ, without those that only map and unmap; as a rule a few. */
export function concernedKinds(a: KernelProfile, b: KernelProfile): CallKindName[] {
  const kinds = new Set<CallKindName>();
  for (const field of differing(a, b)) {
    const concerned = FIELDS[field];
    if (concerned !== 'flags') for (const kind of concerned) kinds.add(kind);
    else {
      const flags = BigInt(a[field] as bigint) ^ BigInt(b[field] as bigint);
      for (const [bits, some] of FLAGS) if ((flags & bits) !== 0n) for (const kind of some) kinds.add(kind);
    }
  }
  return [...kinds];
}

/**
 * What is searched where nothing is said of calls and pages: first the calls that the changed fields concern, then {@link WIDENINGS}. Changed is
 * what differs from the other kernel, or from the built-in kernel that a profile of one's own is most like.
 *
 * @param vs the kernel that makes the same calls, where two are compared
 */
export function wideningsFor(profile: KernelProfile, vs: KernelProfile = nearest(profile)): readonly Widening[] {
  const concerned = concernedKinds(profile, vs);
  if (concerned.length === 0) return WIDENINGS;
  const ops = [...new Set<CallKindName>([...BASE, ...concerned])];
  return [{ ops, pages: 2, depth: 4 }, { ops, pages: 3, depth: 4 }, ...WIDENINGS];
}
