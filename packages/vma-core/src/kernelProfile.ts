import type { VmFlags } from './vmFlags.ts';

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
 * One kernel behaviour, as data: what the rules of merging, guards, fork and `mremap` look up.
 *
 * Nothing else in the project asks for a version. Two profiles can therefore be run side by side, and a reader can
 * change one field with {@link defineKernelProfile} and see what follows. Each field names the kernels it was measured on.
 */
export interface KernelProfile {
  /** `6.12`, `6.16`, `6.18`, `guard-flag`, `as-posted`, `6.19`, `7.3`, or one's own. */
  readonly name: string;
  /** Which kernels behave so, in words. */
  readonly kernels: string;

  /** `VM_STICKY`: set on the result of a merge when any VMA that took part had it. */
  readonly sticky: VmFlags;
  /** `VM_IGNORE_MERGE`: a difference in these does not stop a merge. */
  readonly ignoreMerge: VmFlags;
  /** `VM_COPY_ON_FORK`: flags whose page tables a later fault could not make again. */
  readonly copyOnFork: VmFlags;
  /** `vma_needs_copy`: copy when the *child's* VMA has any of these. */
  readonly needsCopyDst: VmFlags;
  /** `vma_needs_copy`: copy when the *parent's* VMA has any of these (an anon_vma there always copies). */
  readonly needsCopySrc: VmFlags;
  /**
   * A merge hands the merged flags back to `mprotect`, `madvise`, `mlock`, `mseal`, which then store those (6.19).
   * False: the caller stores the flags it computed before the merge, over the merged VMA (up to 6.18, and the series as posted).
   */
  readonly mergeReturnsFlags: boolean;

  /** MADV_GUARD_INSTALL: refused (6.12), on anonymous memory (6.13), on every kind of memory (6.15). */
  readonly guards: 'none' | 'anonymous' | 'all';
  /** A guard install sets `VM_MAYBE_GUARD` on the whole VMA (the sticky-flag series). */
  readonly guardSetsFlag: boolean;
  /** Which mappings a guard install prepares an anon_vma for: every one (up to 6.18), or anonymous ones (the series). */
  readonly guardPreparesAnonVma: 'all' | 'anonymous';

  /** An existing range that has an anon_vma may merge with a neighbour that has none (6.16 on). */
  readonly mergeFaultedIntoUnfaulted: boolean;
  /** A moved range's anon_vma is checked and carried over when the range merges (6.18 on; 6.16 loses it). */
  readonly copiedRangeKeepsAnonVma: boolean;
  /** Private file mappings need continuous *anonymous* page offsets too (7.3). */
  readonly fileAnonPgoff: boolean;
  /** The copy that MREMAP_DONTUNMAP makes may merge with its own source (up to 6.19). */
  readonly dontUnmapMergesWithSource: boolean;
  /**
   * MREMAP_DONTUNMAP of a part of a locked VMA makes that part a VMA of its own first, so that the rest stays locked (7.3).
   * False: the whole source loses its lock.
   */
  readonly dontUnmapSplitsLocked: boolean;

  /** A `mremap` that keeps the size moves VMA by VMA and keeps holes (6.18 on). */
  readonly mremapMovesManyVmas: boolean;
  /** `mremap` to a fixed address unmaps the target before it looks at the size (6.12, 6.16). */
  readonly mremapUnmapsTargetFirst: boolean;
  /** MREMAP_DONTUNMAP takes ACCOUNT from the whole source VMA (6.16 only). */
  readonly dontUnmapDropsAccount: boolean;
  /** Room below `max_map_count` that `mremap` asks for. */
  readonly mremapRoom: MremapRoom;

  /** DONTNEED of a PTE table's whole 2 MiB frees the table when nothing is left in it (6.16 on). */
  readonly dontneedFreesPteTables: boolean;

  /** UFFDIO_UNREGISTER through another userfaultfd is EINVAL (6.18 on). */
  readonly uffdForeignUnregisterRefused: boolean;
  /** MAP_DROPPABLE memory cannot be registered (6.18 on). */
  readonly uffdDroppableRefused: boolean;
  /**
   * A moved range of a userfaultfd without EVENT_REMAP merges first, and the merged VMA is unregistered whole (up to 6.19).
   * False: it merges with nothing (7.3).
   */
  readonly uffdMoveUnregistersNeighbour: boolean;
  /** Registering again without write-protection what has it is EBUSY (7.3). */
  readonly uffdModeLossRefused: boolean;
  /** UFFD_FEATURE_RWP exists (7.3). */
  readonly uffdRwp: boolean;
  /** UFFDIO_COPY past the end of a file: the page is allocated, and its end found, before the source is read (7.3). */
  readonly uffdCopyEndFirst: boolean;

  /** PR_SET_VMA_ANON_NAME works: the kernel is built with CONFIG_ANON_VMA_NAME. None of the six recorded was. */
  readonly anonNames: boolean;
}
