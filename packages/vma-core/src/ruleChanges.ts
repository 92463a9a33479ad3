import type { ChangeName } from './changeWords.ts';
import type { KernelProfile } from './kernelProfile.ts';
import {
  VM_MAYBE_GUARD,
  VM_MIXEDMAP,
  VM_NONE,
  VM_PFNMAP,
  VM_SOFTDIRTY,
  VM_UFFD_RWP,
  VM_UFFD_WP,
  type VmFlags,
  vmFlags,
} from './vmFlags.ts';

/** One change of the rules, as a table has it. */
interface Row {
  /** The first release with it, then the first of each stable branch that took it over. */
  readonly since: readonly [string, ...string[]];
  /** Fields of the profile that it sets. Absent: it sets the field of its own name to true. */
  readonly fields?: RuleChange['fields'];
}

/** One change of the rules, with the releases that brought it. */
export interface RuleChange {
  /** The first release with it, then the first of each stable branch that took it over. */
  readonly since: readonly [string, ...string[]];
  /** Fields of the profile that it sets. */
  readonly fields: Partial<Omit<KernelProfile, 'name' | 'kernels'>>;
}

const copyOnFork619: VmFlags = vmFlags(VM_PFNMAP, VM_MIXEDMAP, VM_UFFD_WP, VM_MAYBE_GUARD);

/**
 * What changed since 5.10, oldest first. The one place where releases are named; stable releases are as kernel.org's and Debian's changelogs
 * list them. The commit of each row, and what it says to readers, are in `changeWords.ts`.
 */
const ROWS: { readonly [name in ChangeName]: Row } = {
  mremapMovesPmdTables: { since: ['5.11'] },
  dontUnmapUnlinksAnonVma: { since: ['5.13'] },
  dontUnmapFiles: { since: ['5.13'] },
  madvisePopulate: { since: ['5.14'] },
  pagemapShowsUffdWp: { since: ['5.14'] },
  processMadviseWillneed: { since: ['5.15'] },
  mremapLooksUpFirst: { since: ['5.16'] },
  madviseLimitEagain: { since: ['5.17'] },
  lockOnFaultTakesAll: { since: ['5.18'], fields: { lockOnFaultTakesAll: true, munlockStoresFlags: true } },
  madviseDontneedLocked: { since: ['5.18'] },
  uffdWpShmem: { since: ['5.19'], fields: { uffdWpShmem: true, needsCopyDst: VM_UFFD_WP } },
  mremapGrowsIntoNext: { since: ['6.1'] },
  mmapAsksNextFirst: { since: ['6.1'] },
  brkGrowsHeapOnly: { since: ['6.1'] },
  stackGapEndsSearch: { since: ['6.1'] },
  uffdWpManyVmas: { since: ['6.3'] },
  uffdLiftedWpFaults: { since: ['6.3'] },
  uffdMergesByRange: { since: ['6.4'] },
  uffdWpUnpopulated: { since: ['6.4'] },
  closeHookMerges: { since: ['6.4'] },
  mprotectUnaccounts: { since: ['6.7'] },
  madviseRemoveMayWrite: { since: ['6.7', '6.1.149', '5.15.190'] },
  mremapRealigns: { since: ['6.7'] },
  heapNameStrict: { since: ['6.7'] },
  mapStackNoHugepage: { since: ['6.7'] },
  anonThpAlignedLarge: { since: ['6.7'], fields: { anonThpAligned: 'large' } },
  uffdWpAsync: { since: ['6.7'] },
  uffdCloseClearsWp: { since: ['6.9', '6.8.10', '6.6.31', '6.1.191'] },
  populateStopsAtHole: { since: ['6.9', '6.8.8'] },
  mseal: { since: ['6.10'] },
  mapDroppable: { since: ['6.11'] },
  lockOnFaultShown: { since: ['6.12'] },
  uffdKeepsMergedFlags: { since: ['6.12'] },
  mmapAsksBothAlike: { since: ['6.12'], fields: { mmapAsksNextFirst: false } },
  anonThpAlignedWhole: { since: ['6.12'], fields: { anonThpAligned: 'whole' } },
  uffdMoveClearsWp: { since: ['6.13', '6.12.11', '6.1.191'] },
  processMadviseOwn: { since: ['6.13'] },
  guardsAnonymous: { since: ['6.13'], fields: { guards: 'anonymous' } },
  dontneedFreesPteTables: { since: ['6.14'] },
  guardsAll: { since: ['6.15'], fields: { guards: 'all' } },
  mergeFaultedIntoUnfaulted: { since: ['6.16'] },
  dontUnmapDropsAccount: { since: ['6.16'], fields: { dontUnmapDropsAccount: true, dontUnmapCountsLocked: true } },
  mremapMovesManyVmas: { since: ['6.17'], fields: { mremapMovesManyVmas: true, mremapUnmapsTargetFirst: false } },
  dontUnmapLeavesAccount: { since: ['6.18'], fields: { dontUnmapDropsAccount: false } },
  uffdForeignUnregisterRefused: { since: ['6.18'] },
  uffdDroppableRefused: { since: ['6.18'] },
  copiedRangeKeepsAnonVma: { since: ['6.19', '6.18.8'] },
  stickyGuardFlag: {
    since: ['6.19', '6.18.37'],
    fields: {
      guardSetsFlag: true,
      guardPreparesAnonVma: 'anonymous',
      sticky: vmFlags(VM_SOFTDIRTY, VM_MAYBE_GUARD),
      ignoreMerge: vmFlags(VM_SOFTDIRTY, VM_MAYBE_GUARD),
      copyOnFork: copyOnFork619,
      needsCopyDst: copyOnFork619,
      needsCopySrc: VM_NONE,
      mergeReturnsFlags: true,
    },
  },
  dontUnmapStaysApart: {
    since: ['7.3', '6.12.114', '6.1.191'],
    fields: { dontUnmapMergesWithSource: false, dontUnmapSplitsLocked: true, dontUnmapCountsLocked: false },
  },
  anonymousOffsets: {
    since: ['7.3'],
    fields: {
      copyOnFork: vmFlags(copyOnFork619, VM_UFFD_RWP),
      needsCopyDst: vmFlags(copyOnFork619, VM_UFFD_RWP),
      fileAnonPgoff: true,
      mremapRoom: { move: 4, dontUnmap: 5, inPlace: 4, copy: null },
      uffdModeLossRefused: true,
      uffdRwp: true,
      uffdCopyEndFirst: true,
    },
  },
  uffdMoveMergesWithNothing: { since: ['7.4', '7.3.4'], fields: { uffdMoveUnregistersNeighbour: false } },
};

/** The changes by their names, oldest first. */
export const RULE_CHANGES: ReadonlyMap<ChangeName, RuleChange> = new Map(
  Object.entries<Row>(ROWS).map(([name, { since, fields = { [name]: true } }]) => [
    name as ChangeName,
    { since, fields },
  ]),
);
