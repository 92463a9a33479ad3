/** What readers want to know of a change. */
export interface ChangeWords {
  /** Title of the commit, of the main one where a series did it; absent where only the recordings tell. */
  readonly title?: string;
  /** What it changed, for readers. */
  readonly says: string;
  /** The release is not sure: it may have come as early as this one. */
  readonly notBefore?: string;
  /** No recorded kernel lies between this change and its neighbours: from the source's history alone. */
  readonly history?: true;
}

const WORDS = {
  mremapMovesPmdTables: {
    title: 'mm: speedup mremap on 1GB or larger regions',
    says: 'mremap moves page tables of 1 GiB whole',
  },
  dontUnmapUnlinksAnonVma: {
    title: 'mm/mremap: unlink anon_vmas when mremap with MREMAP_DONTUNMAP success',
    says: 'MREMAP_DONTUNMAP leaves its source without an anon_vma',
  },
  dontUnmapFiles: {
    title: 'mm: extend MREMAP_DONTUNMAP to non-anonymous mappings',
    says: 'MREMAP_DONTUNMAP takes files and shared memory',
  },
  madvisePopulate: {
    title: 'mm/madvise: introduce MADV_POPULATE_(READ|WRITE) to prefault page tables',
    says: 'MADV_POPULATE_READ and MADV_POPULATE_WRITE exist',
  },
  pagemapShowsUffdWp: {
    title: 'mm/pagemap: export uffd-wp protection information',
    says: 'pagemap shows write-protection by userfaultfd',
  },
  processMadviseWillneed: {
    title: 'mm/madvise: add MADV_WILLNEED to process_madvise()',
    says: 'process_madvise takes MADV_WILLNEED',
    history: true as const,
  },
  mremapLooksUpFirst: {
    title: 'mm, hugepages: add mremap() support for hugepage backed vma',
    says: 'mremap looks for a VMA at the address before it unmaps anything',
  },
  madviseLimitEagain: {
    title: 'mm: rearrange madvise code to allow for reuse',
    says: 'madvise says EAGAIN, not ENOMEM, where a cut meets max_map_count',
  },
  lockOnFaultTakesAll: {
    title: 'mm/munlock: delete FOLL_MLOCK and FOLL_POPULATE',
    says: 'mlock2 with MLOCK_ONFAULT does not ask whether memory is accessible; munlock stores its flags over a merged VMA',
  },
  madviseDontneedLocked: {
    title: 'mm: madvise: MADV_DONTNEED_LOCKED',
    says: 'MADV_DONTNEED_LOCKED exists',
  },
  uffdWpShmem: {
    title: 'mm/uffd: enable write protection for shmem & hugetlbfs',
    says: 'shared memory can be registered for write-protection, and fork copies the page tables of a registered VMA',
  },
  mremapGrowsIntoNext: {
    title: 'mm: add merging after mremap resize',
    says: 'a mapping that mremap grows in place joins the next one',
    notBefore: '5.19',
  },
  mmapAsksNextFirst: {
    title: 'mm/mmap: use advanced maple tree API for mmap_region()',
    says: 'a new mapping is offered to the VMA above it first',
  },
  brkGrowsHeapOnly: {
    title: 'mm/mmap: change do_brk_flags() to expand existing VMA and add do_brk_munmap()',
    says: 'brk joins only a VMA that lies in the heap',
  },
  stackGapEndsSearch: {
    title: 'mm/mmap: use maple tree for unmapped_area{_topdown}',
    says: 'placement below a stack passes over all holes within the guard gap once one of them is too small for it',
  },
  uffdWpManyVmas: {
    title: 'mm/userfaultfd: support operation on multiple VMAs',
    says: 'UFFDIO_WRITEPROTECT takes a range of several VMAs',
  },
  uffdLiftedWpFaults: {
    title: 'mm/userfaultfd: rely on vma->vm_page_prot in uffd_wp_range()',
    says: 'shared pages whose write-protection is lifted become writable by a fault',
    notBefore: '6.2',
  },
  uffdMergesByRange: {
    title: 'mm/uffd: allow vma to merge as much as possible',
    says: 'a part of a VMA that is registered or unregistered merges by its own offset',
  },
  uffdWpUnpopulated: {
    title: 'mm/uffd: UFFD_FEATURE_WP_UNPOPULATED',
    says: 'UFFD_FEATURE_WP_UNPOPULATED exists',
  },
  closeHookMerges: {
    title: 'mm/mmap: start distinguishing if vma can be removed in mergeability test',
    says: 'a VMA with a close hook (System V shared memory) merges where it is not the one to be removed',
    notBefore: '6.3',
  },
  mprotectUnaccounts: {
    title: 'mm/mprotect: allow unfaulted VMAs to be unaccounted on mprotect()',
    says: 'anonymous memory that was never written loses VM_ACCOUNT when it is made unwritable',
  },
  madviseRemoveMayWrite: {
    title: 'mm: drop the assumption that VM_SHARED always implies writable',
    says: 'MADV_REMOVE asks only that the mapping may be made writable',
  },
  mremapRealigns: {
    title: 'mm/mremap: optimize the start addresses in move_page_tables()',
    says: 'mremap may begin a move at the 2 MiB boundary below',
  },
  heapNameStrict: {
    says: 'a mapping that only touches the heap is not called [heap]',
    notBefore: '6.6',
  },
  mapStackNoHugepage: {
    title: 'mm: mmap: map MAP_STACK to VM_NOHUGEPAGE',
    says: 'MAP_STACK sets VM_NOHUGEPAGE',
  },
  anonThpAlignedLarge: {
    title: 'mm: align larger anonymous mappings on THP boundaries',
    says: 'anonymous mappings of 2 MiB and more are placed at 2 MiB boundaries',
  },
  uffdWpAsync: {
    title: 'userfaultfd: UFFD_FEATURE_WP_ASYNC',
    says: 'UFFD_FEATURE_WP_ASYNC exists',
  },
  uffdCloseClearsWp: {
    title: 'mm/userfaultfd: reset ptes when close() for wr-protected ones',
    says: 'closing a userfaultfd clears write-protection',
  },
  populateStopsAtHole: {
    title: 'mm/madvise: make MADV_POPULATE_(READ|WRITE) handle VM_FAULT_RETRY properly',
    says: 'MADV_POPULATE_READ and MADV_POPULATE_WRITE stop at a hole',
  },
  mseal: {
    title: 'mseal: add mseal syscall',
    says: 'mseal exists',
  },
  mapDroppable: {
    title: 'mm: add MAP_DROPPABLE for designating always lazily freeable mappings',
    says: 'MAP_DROPPABLE exists',
  },
  lockOnFaultShown: {
    title: 'mm: do not show ?? for VM_LOCKONFAULT pages',
    says: 'smaps shows VM_LOCKONFAULT as lf, before as ??',
    notBefore: '6.2',
  },
  uffdKeepsMergedFlags: {
    title: 'userfaultfd: move core VMA manipulation logic to mm/userfaultfd.c',
    says: 'a VMA that merges while it is registered or unregistered keeps the flags of the merge',
  },
  mmapAsksBothAlike: {
    title: 'mm: avoid using vma_merge() for new VMAs',
    says: 'a new mapping is offered to both neighbours alike',
  },
  anonThpAlignedWhole: {
    title: 'mm, mmap: limit THP alignment of anonymous mappings to PMD-aligned sizes',
    says: 'only anonymous mappings of whole 2 MiB are placed at 2 MiB boundaries',
    notBefore: '6.11.6',
  },
  uffdMoveClearsWp: {
    title: 'mm: clear uffd-wp PTE/PMD state on mremap()',
    says: 'memory of a userfaultfd without EVENT_REMAP loses its write-protection when it is moved',
  },
  processMadviseOwn: {
    title: 'mm/madvise: unrestrict process_madvise() for current process',
    says: 'process_madvise takes every advice for the memory of its caller',
    history: true as const,
  },
  guardsAnonymous: {
    title: 'mm: madvise: implement lightweight guard page mechanism',
    says: 'guards exist, on anonymous memory',
    history: true as const,
  },
  dontneedFreesPteTables: {
    title: 'mm: pgtable: reclaim empty PTE page in madvise(MADV_DONTNEED)',
    says: 'MADV_DONTNEED frees page tables that it leaves empty',
  },
  guardsAll: {
    title: 'mm: allow guard regions in file-backed and read-only mappings',
    says: 'guards on every kind of memory',
  },
  mergeFaultedIntoUnfaulted: {
    title: 'mm/vma: fix incorrectly disallowed anonymous VMA merges',
    says: 'faulted memory merges with neighbours that were never faulted',
  },
  dontUnmapDropsAccount: {
    title: 'mm/mremap: initial refactor of move_vma()',
    says: 'MREMAP_DONTUNMAP takes VM_ACCOUNT from its source, and counts locked memory twice',
    notBefore: '6.15',
  },
  mremapMovesManyVmas: {
    title: 'mm/mremap: permit mremap() move of multiple VMAs',
    says: 'mremap moves several VMAs at once, and checks before it unmaps the target',
  },
  dontUnmapLeavesAccount: {
    says: 'MREMAP_DONTUNMAP leaves VM_ACCOUNT with its source again',
    notBefore: '6.17',
  },
  uffdForeignUnregisterRefused: {
    title: 'userfaultfd: prevent unregistering VMAs through a different userfaultfd',
    says: 'UFFDIO_UNREGISTER through another userfaultfd is refused',
    notBefore: '6.17',
  },
  uffdDroppableRefused: {
    says: 'MAP_DROPPABLE memory cannot be registered with a userfaultfd',
    notBefore: '6.17',
  },
  copiedRangeKeepsAnonVma: {
    title: 'mm/vma: fix anon_vma UAF on mremap() faulted, unfaulted merge',
    says: 'memory that mremap moves into a neighbour keeps its anon_vma, so fork copies its pages',
  },
  stickyGuardFlag: {
    title: 'mm: introduce VM_MAYBE_GUARD and make visible in /proc/$pid/smaps',
    says: 'guards set VM_MAYBE_GUARD, which merges keep and fork copies',
  },
  dontUnmapStaysApart: {
    title: 'mm/mremap: fix locked_vm leak from MREMAP_DONTUNMAP self-merge',
    says: 'the copy that MREMAP_DONTUNMAP makes stays apart from its source, which is split where it is locked',
    notBefore: '7.0',
  },
  anonymousOffsets: {
    says: 'private file mappings need continuous anonymous offsets to merge; mremap asks for less room below max_map_count; userfaultfd has RWP',
    notBefore: '7.0',
  },
  uffdMoveMergesWithNothing: {
    title: 'mm/vma: avoid broken uffd merge on mremap',
    says: 'memory of a userfaultfd that is moved merges with nothing',
  },
};

/** The name of a change: that of the field which it sets, or one of its own. */
export type ChangeName = keyof typeof WORDS;

/** Each change in words; `ruleChanges.ts` has a row for each, or does not compile. Bundles have it only by `vma-core/changes`. */
export const CHANGE_WORDS: { readonly [name in ChangeName]: ChangeWords } = WORDS;
