import { VM_MIXEDMAP, VM_NONE, VM_PFNMAP, VM_SOFTDIRTY, VM_UFFD_WP, type VmFlags, vmFlags } from './vmFlags.ts';

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
 * The fields of a profile: one row a field, with what it says and its value up to 6.12. `kernelProfiles.ts` has what later kernels
 * changed. Each field names the kernels it was measured on.
 */
const UP_TO_612 = {
  /** `6.12`, `6.16`, `6.18`, `guard-flag`, `as-posted`, `6.19`, `7.3`, or one's own. */
  name: '6.12',
  /** Which kernels behave so, in words. */
  kernels: 'up to 6.12',

  /** `VM_STICKY`: set on the result of a merge when any VMA that took part had it. */
  sticky: VM_NONE as VmFlags,
  /** `VM_IGNORE_MERGE`: a difference in these does not stop a merge. */
  ignoreMerge: VM_SOFTDIRTY as VmFlags,
  /** `VM_COPY_ON_FORK`: flags whose page tables a later fault could not make again. */
  copyOnFork: VM_NONE as VmFlags,
  /** `vma_needs_copy`: copy when the *child's* VMA has any of these. */
  needsCopyDst: VM_UFFD_WP as VmFlags,
  /** `vma_needs_copy`: copy when the *parent's* VMA has any of these (an anon_vma there always copies). */
  needsCopySrc: vmFlags(VM_PFNMAP, VM_MIXEDMAP) as VmFlags,
  /**
   * A merge hands the merged flags back to `mprotect`, `madvise`, `mlock`, `mseal`, which then store those (6.19).
   * False: the caller stores the flags it computed before the merge, over the merged VMA (up to 6.18, and the series as posted).
   */
  mergeReturnsFlags: false,

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
  /** The copy that MREMAP_DONTUNMAP makes may merge with its own source (up to 6.19). */
  dontUnmapMergesWithSource: true,
  /**
   * MREMAP_DONTUNMAP of a part of a locked VMA makes that part a VMA of its own first, so that the rest stays locked (7.3).
   * False: the whole source loses its lock.
   */
  dontUnmapSplitsLocked: false,

  /** A `mremap` that keeps the size moves VMA by VMA and keeps holes (6.18 on). */
  mremapMovesManyVmas: false,
  /** `mremap` to a fixed address unmaps the target before it looks at the size (6.12, 6.16). */
  mremapUnmapsTargetFirst: true,
  /** MREMAP_DONTUNMAP takes ACCOUNT from the whole source VMA (6.16 only). */
  dontUnmapDropsAccount: false,
  /** Room below `max_map_count` that `mremap` asks for. */
  mremapRoom: { move: 6, dontUnmap: 6, inPlace: null, copy: 4 } as MremapRoom,

  /** DONTNEED of a PTE table's whole 2 MiB frees the table when nothing is left in it (6.16 on). */
  dontneedFreesPteTables: false,

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

  /** PR_SET_VMA_ANON_NAME works: the kernel is built with CONFIG_ANON_VMA_NAME. None of the six recorded was. */
  anonNames: false,
};

/**
 * One kernel behaviour, as data: what the rules of merging, guards, fork and `mremap` look up.
 *
 * Nothing else in the project asks for a version. Two profiles can therefore be run side by side, and a reader can
 * change one field with {@link defineKernelProfile} and see what follows.
 */
export interface KernelProfile extends Readonly<typeof UP_TO_612> {}

/** @internal */
export const profile612: KernelProfile = UP_TO_612;
