import { VM_MIXEDMAP, VM_NONE, VM_PFNMAP, VM_SOFTDIRTY, type VmFlags, vmFlags } from './vmFlags.ts';

/** Room below `max_map_count`, in VMAs, that an operation of `mremap` needs before it starts. */
export interface MremapRoom {
  /** A move to a given address. */
  readonly move: number;
  /** The same with MREMAP_DONTUNMAP. */
  readonly dontUnmap: number;
  /** Growing in place, or shrinking; `null`: only what a split needs is asked for. */
  readonly inPlace: number | null;
  /** Any move, asked once more when the target has been unmapped and the copy is about to be made; `null`: not asked again. */
  readonly copy: number | null;
}

/**
 * The fields of a profile: one row a field, with what it says and its value in 5.10. What later kernels changed, with the commit and the
 * releases that brought it, is in `ruleChanges.ts` and `changeWords.ts`.
 */
const OF_510 = {
  /** The first release with these rules, `guard-flag`, `as-posted`, or one's own. */
  name: '5.10',
  /** Which kernels behave so, in words. */
  kernels: '5.10 to before 5.13',

  /** `VM_STICKY`: set on the result of a merge when any VMA that took part had it. */
  sticky: VM_NONE as VmFlags,
  /** `VM_IGNORE_MERGE`: a difference in these does not stop a merge. */
  ignoreMerge: VM_SOFTDIRTY as VmFlags,
  /** `VM_COPY_ON_FORK`: flags whose page tables a later fault could not make again. */
  copyOnFork: VM_NONE as VmFlags,
  /** `vma_needs_copy`: copy when the *child's* VMA has any of these. */
  needsCopyDst: VM_NONE as VmFlags,
  /** `vma_needs_copy`: copy when the *parent's* VMA has any of these (an anon_vma there always copies). */
  needsCopySrc: vmFlags(VM_PFNMAP, VM_MIXEDMAP) as VmFlags,
  /**
   * A merge hands the merged flags back to `mprotect`, `madvise`, `mlock`, `mseal`, which then store those (6.19).
   * False: the caller stores the flags it computed before the merge, over the merged VMA (up to 6.18, and the series as posted).
   */
  mergeReturnsFlags: false,

  /** VMAs with a close hook merge where none of them is removed (6.4). False: they never merge. */
  closeHookMerges: false,
  /** A new mapping is offered to the VMA above it first, and the VMA below must fit that one's anon_vma too (6.1 to 6.11). */
  mmapAsksNextFirst: false,
  /** Anonymous memory that was never written is no longer accounted when it is made unwritable (6.7). */
  mprotectUnaccounts: false,
  /** MAP_STACK sets VM_NOHUGEPAGE (6.7; from 6.12.31 on only where the kernel is built with huge pages, as all recorded ones are). */
  mapStackNoHugepage: false,
  /** MAP_DROPPABLE exists (6.11). */
  mapDroppable: false,
  /**
   * Anonymous mappings without an address are placed at 2 MiB boundaries: never, those of 2 MiB and more (6.7), or those of whole 2 MiB
   * (6.12).
   */
  anonThpAligned: 'never' as 'never' | 'large' | 'whole',
  /** A hole that fits only without the guard gap of the stack above ends the search in everything that gap covers (6.1). */
  stackGapEndsSearch: false,
  /** `brk` joins only the VMA that ends at the old break and lies in the heap (6.1). False: any VMA below that fits. */
  brkGrowsHeapOnly: false,
  /** `mseal` exists (6.10). */
  mseal: false,
  /** mlock2 with MLOCK_ONFAULT does not look whether the memory is accessible (5.18). False: PROT_NONE memory is locked, and ENOMEM. */
  lockOnFaultTakesAll: false,
  /** `munlock` stores the flags it computed over a VMA that merged (5.18). False: it only takes the lock off what the merge made. */
  munlockStoresFlags: false,
  /** A mapping that only touches the heap is not called `[heap]` (6.7). */
  heapNameStrict: false,
  /** VM_LOCKONFAULT has letters of its own in smaps, `lf`; before it is `??`. */
  lockOnFaultShown: false,

  /** MADV_POPULATE_READ and MADV_POPULATE_WRITE exist (5.14). */
  madvisePopulate: false,
  /** MADV_POPULATE_ stops at a hole (6.9). False: ENOMEM too, but what lies behind the hole is faulted in, and errors there come first. */
  populateStopsAtHole: false,
  /** `madvise` says EAGAIN where a cut meets `max_map_count` (5.17). False: ENOMEM. */
  madviseLimitEagain: false,
  /** MADV_REMOVE asks only that the file may be written (6.7). False: the mapping must be writable now. */
  madviseRemoveMayWrite: false,
  /** MADV_DONTNEED_LOCKED exists (5.18). */
  madviseDontneedLocked: false,
  /** `process_madvise` takes MADV_WILLNEED (5.15). */
  processMadviseWillneed: false,
  /** `process_madvise` takes every advice for the caller's own memory (6.13). False: only that which it takes for another process too. */
  processMadviseOwn: false,
  /** MADV_GUARD_INSTALL: refused (6.12), on anonymous memory (6.13), on every kind of memory (6.15). */
  guards: 'none' as 'none' | 'anonymous' | 'all',
  /** A guard install sets `VM_MAYBE_GUARD` on the whole VMA (the sticky-flag series). */
  guardSetsFlag: false,
  /** Which mappings a guard install prepares an anon_vma for: every one (up to 6.18), or anonymous ones (the series). */
  guardPreparesAnonVma: 'all' as 'all' | 'anonymous',

  /** An existing range that has an anon_vma may merge with a neighbour that has none (6.16 on). */
  mergeFaultedIntoUnfaulted: false,
  /** A moved range's anon_vma is checked and carried over when the range merges (6.18 on; 6.16 loses it). */
  copiedRangeKeepsAnonVma: false,
  /** Private file mappings need continuous *anonymous* page offsets too (7.3). */
  fileAnonPgoff: false,
  /** MREMAP_DONTUNMAP of a whole VMA leaves its source without an anon_vma (5.13). */
  dontUnmapUnlinksAnonVma: false,
  /** MREMAP_DONTUNMAP takes files and shared memory too (5.13). */
  dontUnmapFiles: false,
  /** The copy that MREMAP_DONTUNMAP makes may merge with its own source (up to 6.19). */
  dontUnmapMergesWithSource: true,
  /**
   * MREMAP_DONTUNMAP of a part of a locked VMA makes that part a VMA of its own first, so that the rest stays locked (7.3).
   * False: the whole source loses its lock.
   */
  dontUnmapSplitsLocked: false,

  /** Growing in place joins the next VMA where it then touches and fits (5.19). */
  mremapGrowsIntoNext: false,
  /** `mremap` looks for a VMA at the address before it does anything (5.16). False: only when target and tail are unmapped. */
  mremapLooksUpFirst: false,
  /** A `mremap` that keeps the size moves VMA by VMA and keeps holes (6.17 on). */
  mremapMovesManyVmas: false,
  /** `mremap` to a fixed address unmaps the target before it looks at the size (up to 6.16). */
  mremapUnmapsTargetFirst: true,
  /** MREMAP_DONTUNMAP takes ACCOUNT from the whole source VMA (6.16 only). */
  dontUnmapDropsAccount: false,
  /** MREMAP_DONTUNMAP of locked memory counts the copy in `locked_vm`, and the source, which is locked no longer, too (6.15 to 7.2). */
  dontUnmapCountsLocked: false,
  /** Room below `max_map_count` that `mremap` asks for. */
  mremapRoom: { move: 6, dontUnmap: 6, inPlace: null, copy: 4 } as MremapRoom,

  /** `mremap` moves whole PMD tables, of 1 GiB, and makes the target's upper table before it looks whether the source has any (5.11). */
  mremapMovesPmdTables: false,
  /** A move may begin at the 2 MiB boundary below where nothing is mapped in between, and take the first table whole (6.7). */
  mremapRealigns: false,
  /** DONTNEED of a PTE table's whole 2 MiB frees the table when nothing is left in it (6.16 on). */
  dontneedFreesPteTables: false,

  /** `/proc/PID/pagemap` shows write-protection, bit 57 (5.14). */
  pagemapShowsUffdWp: false,
  /** Shared memory can be registered for write-protection (5.19). */
  uffdWpShmem: false,
  /** UFFD_FEATURE_WP_UNPOPULATED exists (6.4). */
  uffdWpUnpopulated: false,
  /** UFFD_FEATURE_WP_ASYNC exists (6.7). */
  uffdWpAsync: false,
  /** UFFDIO_WRITEPROTECT takes a range of several VMAs (6.3). False: ENOENT. */
  uffdWpManyVmas: false,
  /** Lifting write-protection leaves shared pages to a fault that makes them writable (6.3). False: they are writable at once. */
  uffdLiftedWpFaults: false,
  /** UFFDIO_REGISTER and UFFDIO_UNREGISTER ask for a merge with the offset of the range (6.4). False: with that of the VMA it is cut from. */
  uffdMergesByRange: false,
  /** Closing a userfaultfd clears the write-protection of its pages (6.9). */
  uffdCloseClearsWp: false,
  /** A moved range of a userfaultfd without EVENT_REMAP loses its write-protection (6.13). */
  uffdMoveClearsWp: false,
  /** A VMA that merged while it was registered or unregistered keeps the flags of the merge (6.12). False: it gets those of the range. */
  uffdKeepsMergedFlags: false,
  /** UFFDIO_UNREGISTER through another userfaultfd is EINVAL (6.18 on). */
  uffdForeignUnregisterRefused: false,
  /** MAP_DROPPABLE memory cannot be registered (6.18 on). */
  uffdDroppableRefused: false,
  /**
   * A moved range of a userfaultfd without EVENT_REMAP merges first, and the merged VMA is unregistered whole (up to 6.19).
   * False: it merges with nothing (7.3).
   */
  uffdMoveUnregistersNeighbour: true,
  /** Registering again without write-protection what has it is EBUSY (7.3). */
  uffdModeLossRefused: false,
  /** UFFD_FEATURE_RWP exists (7.3). */
  uffdRwp: false,
  /** UFFDIO_COPY past the end of a file: the page is allocated, and its end found, before the source is read (7.3). */
  uffdCopyEndFirst: false,

  /** PR_SET_VMA_ANON_NAME works: the kernel is built with CONFIG_ANON_VMA_NAME. None of the recorded ones was. */
  anonNames: false,
};

/**
 * One kernel behaviour, as data: what the rules of merging, guards, fork and `mremap` look up.
 *
 * Nothing else in the project asks for a version. Two profiles can therefore be run side by side, and a reader can
 * change one field with {@link defineKernelProfile} and see what follows.
 */
export interface KernelProfile extends Readonly<typeof OF_510> {}

/** @internal */
export const profile510: KernelProfile = OF_510;
