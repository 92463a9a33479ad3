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

/** One change of the rules, with the releases that brought it. */
export interface KernelChange {
  /**
   * The first release with it, then the first of each stable branch that took it over. What changed is recorded, on a kernel before it and
   * one after it, unless the row says `history`; which release of those in between brought it is from the source's history.
   */
  readonly since: readonly [string, ...string[]];
  /** Title of the commit, of the main one where a series did it; absent where only the recordings tell. */
  readonly title?: string;
  /** What it changed, for readers. */
  readonly says: string;
  /** The release is not sure: it may have come as early as this one. */
  readonly notBefore?: string;
  /** No recorded kernel lies between this change and its neighbours: from the source's history alone. */
  readonly history?: true;
  /** Fields of the profile that it sets. */
  readonly fields: Partial<Omit<KernelProfile, 'name' | 'kernels'>>;
}

const copyOnFork619: VmFlags = vmFlags(VM_PFNMAP, VM_MIXEDMAP, VM_UFFD_WP, VM_MAYBE_GUARD);

/**
 * What changed since 5.10, oldest first. The one place where releases are named; stable releases are as kernel.org's and Debian's changelogs
 * list them.
 */
export const KERNEL_CHANGES: readonly KernelChange[] = [
  {
    since: ['5.11'],
    title: 'mm: speedup mremap on 1GB or larger regions',
    says: 'mremap moves page tables of 1 GiB whole',
    fields: { mremapMovesPmdTables: true },
  },
  {
    since: ['5.13'],
    title: 'mm/mremap: unlink anon_vmas when mremap with MREMAP_DONTUNMAP success',
    says: 'MREMAP_DONTUNMAP leaves its source without an anon_vma',
    fields: { dontUnmapUnlinksAnonVma: true },
  },
  {
    since: ['5.13'],
    title: 'mm: extend MREMAP_DONTUNMAP to non-anonymous mappings',
    says: 'MREMAP_DONTUNMAP takes files and shared memory',
    fields: { dontUnmapFiles: true },
  },
  {
    since: ['5.14'],
    title: 'mm/madvise: introduce MADV_POPULATE_(READ|WRITE) to prefault page tables',
    says: 'MADV_POPULATE_READ and MADV_POPULATE_WRITE exist',
    fields: { madvisePopulate: true },
  },
  {
    since: ['5.14'],
    title: 'mm/pagemap: export uffd-wp protection information',
    says: 'pagemap shows write-protection by userfaultfd',
    fields: { pagemapShowsUffdWp: true },
  },
  {
    since: ['5.16'],
    title: 'mm, hugepages: add mremap() support for hugepage backed vma',
    says: 'mremap looks for a VMA at the address before it unmaps anything',
    fields: { mremapLooksUpFirst: true },
  },
  {
    since: ['5.17'],
    title: 'mm: rearrange madvise code to allow for reuse',
    says: 'madvise says EAGAIN, not ENOMEM, where a cut meets max_map_count',
    fields: { madviseLimitEagain: true },
  },
  {
    since: ['5.18'],
    title: 'mm/munlock: delete FOLL_MLOCK and FOLL_POPULATE',
    says: 'mlock2 with MLOCK_ONFAULT does not ask whether memory is accessible; munlock stores its flags over a merged VMA',
    fields: { lockOnFaultTakesAll: true, munlockStoresFlags: true },
  },
  {
    since: ['5.18'],
    title: 'mm: madvise: MADV_DONTNEED_LOCKED',
    says: 'MADV_DONTNEED_LOCKED exists',
    fields: { madviseDontneedLocked: true },
  },
  {
    since: ['5.19'],
    title: 'mm/uffd: enable write protection for shmem & hugetlbfs',
    says: 'shared memory can be registered for write-protection, and fork copies the page tables of a registered VMA',
    fields: { uffdWpShmem: true, needsCopyDst: VM_UFFD_WP },
  },
  {
    since: ['6.1'],
    notBefore: '5.19',
    title: 'mm: add merging after mremap resize',
    says: 'a mapping that mremap grows in place joins the next one',
    fields: { mremapGrowsIntoNext: true },
  },
  {
    since: ['6.1'],
    title: 'mm/mmap: use advanced maple tree API for mmap_region()',
    says: 'a new mapping is offered to the VMA above it first',
    fields: { mmapAsksNextFirst: true },
  },
  {
    since: ['6.1'],
    title: 'mm/mmap: change do_brk_flags() to expand existing VMA and add do_brk_munmap()',
    says: 'brk joins only a VMA that lies in the heap',
    fields: { brkGrowsHeapOnly: true },
  },
  {
    since: ['6.1'],
    title: 'mm/mmap: use maple tree for unmapped_area{_topdown}',
    says: 'placement below a stack passes over all holes within the guard gap once one of them is too small for it',
    fields: { stackGapEndsSearch: true },
  },
  {
    since: ['6.3'],
    title: 'mm/userfaultfd: support operation on multiple VMAs',
    says: 'UFFDIO_WRITEPROTECT takes a range of several VMAs',
    fields: { uffdWpManyVmas: true },
  },
  {
    since: ['6.3'],
    notBefore: '6.2',
    title: 'mm/userfaultfd: rely on vma->vm_page_prot in uffd_wp_range()',
    says: 'shared pages whose write-protection is lifted become writable by a fault',
    fields: { uffdLiftedWpFaults: true },
  },
  {
    since: ['6.4'],
    title: 'mm/uffd: allow vma to merge as much as possible',
    says: 'a part of a VMA that is registered or unregistered merges by its own offset',
    fields: { uffdMergesByRange: true },
  },
  {
    since: ['6.4'],
    title: 'mm/uffd: UFFD_FEATURE_WP_UNPOPULATED',
    says: 'UFFD_FEATURE_WP_UNPOPULATED exists',
    fields: { uffdWpUnpopulated: true },
  },
  {
    since: ['6.4'],
    notBefore: '6.3',
    title: 'mm/mmap: start distinguishing if vma can be removed in mergeability test',
    says: 'a VMA with a close hook (System V shared memory) merges where it is not the one to be removed',
    fields: { closeHookMerges: true },
  },
  {
    since: ['6.7'],
    title: 'mm/mprotect: allow unfaulted VMAs to be unaccounted on mprotect()',
    says: 'anonymous memory that was never written loses VM_ACCOUNT when it is made unwritable',
    fields: { mprotectUnaccounts: true },
  },
  {
    since: ['6.7', '6.1.149'],
    title: 'mm: drop the assumption that VM_SHARED always implies writable',
    says: 'MADV_REMOVE asks only that the mapping may be made writable',
    fields: { madviseRemoveMayWrite: true },
  },
  {
    since: ['6.7'],
    title: 'mm/mremap: optimize the start addresses in move_page_tables()',
    says: 'mremap may begin a move at the 2 MiB boundary below',
    fields: { mremapRealigns: true },
  },
  {
    since: ['6.7'],
    notBefore: '6.6',
    says: 'a mapping that only touches the heap is not called [heap]',
    fields: { heapNameStrict: true },
  },
  {
    since: ['6.7'],
    title: 'mm: mmap: map MAP_STACK to VM_NOHUGEPAGE',
    says: 'MAP_STACK sets VM_NOHUGEPAGE',
    fields: { mapStackNoHugepage: true },
  },
  {
    since: ['6.7'],
    title: 'mm: align larger anonymous mappings on THP boundaries',
    says: 'anonymous mappings of 2 MiB and more are placed at 2 MiB boundaries',
    fields: { anonThpAligned: 'large' },
  },
  {
    since: ['6.7'],
    title: 'userfaultfd: UFFD_FEATURE_WP_ASYNC',
    says: 'UFFD_FEATURE_WP_ASYNC exists',
    fields: { uffdWpAsync: true },
  },
  {
    since: ['6.9', '6.8.10', '6.1.191'],
    title: 'mm/userfaultfd: reset ptes when close() for wr-protected ones',
    says: 'closing a userfaultfd clears write-protection',
    fields: { uffdCloseClearsWp: true },
  },
  {
    since: ['6.9'],
    title: 'mm/madvise: make MADV_POPULATE_(READ|WRITE) handle VM_FAULT_RETRY properly',
    says: 'MADV_POPULATE_READ and MADV_POPULATE_WRITE stop at a hole',
    fields: { populateStopsAtHole: true },
  },
  {
    since: ['6.10'],
    title: 'mseal: add mseal syscall',
    says: 'mseal exists',
    fields: { mseal: true },
  },
  {
    since: ['6.11'],
    title: 'mm: add MAP_DROPPABLE for designating always lazily freeable mappings',
    says: 'MAP_DROPPABLE exists',
    fields: { mapDroppable: true },
  },
  {
    since: ['6.12'],
    notBefore: '6.2',
    title: 'mm: do not show ?? for VM_LOCKONFAULT pages',
    says: 'smaps shows VM_LOCKONFAULT as lf, before as ??',
    fields: { lockOnFaultShown: true },
  },
  {
    since: ['6.12'],
    title: 'userfaultfd: move core VMA manipulation logic to mm/userfaultfd.c',
    says: 'a VMA that merges while it is registered or unregistered keeps the flags of the merge',
    fields: { uffdKeepsMergedFlags: true },
  },
  {
    since: ['6.12'],
    title: 'mm: avoid using vma_merge() for new VMAs',
    says: 'a new mapping is offered to both neighbours alike',
    fields: { mmapAsksNextFirst: false },
  },
  {
    since: ['6.12'],
    notBefore: '6.11.6',
    title: 'mm, mmap: limit THP alignment of anonymous mappings to PMD-aligned sizes',
    says: 'only anonymous mappings of whole 2 MiB are placed at 2 MiB boundaries',
    fields: { anonThpAligned: 'whole' },
  },
  {
    since: ['6.13', '6.12.11', '6.1.191'],
    title: 'mm: clear uffd-wp PTE/PMD state on mremap()',
    says: 'memory of a userfaultfd without EVENT_REMAP loses its write-protection when it is moved',
    fields: { uffdMoveClearsWp: true },
  },
  {
    since: ['6.13'],
    title: 'mm: madvise: implement lightweight guard page mechanism',
    says: 'guards exist, on anonymous memory',
    history: true,
    fields: { guards: 'anonymous' },
  },
  {
    since: ['6.14'],
    title: 'mm: pgtable: reclaim empty PTE page in madvise(MADV_DONTNEED)',
    says: 'MADV_DONTNEED frees page tables that it leaves empty',
    fields: { dontneedFreesPteTables: true },
  },
  {
    since: ['6.15'],
    title: 'mm: allow guard regions in file-backed and read-only mappings',
    says: 'guards on every kind of memory',
    fields: { guards: 'all' },
  },
  {
    since: ['6.16'],
    title: 'mm/vma: fix incorrectly disallowed anonymous VMA merges',
    says: 'faulted memory merges with neighbours that were never faulted',
    fields: { mergeFaultedIntoUnfaulted: true },
  },
  {
    since: ['6.16'],
    notBefore: '6.15',
    title: 'mm/mremap: initial refactor of move_vma()',
    says: 'MREMAP_DONTUNMAP takes VM_ACCOUNT from its source, and counts locked memory twice',
    fields: { dontUnmapDropsAccount: true, dontUnmapCountsLocked: true },
  },
  {
    since: ['6.17'],
    title: 'mm/mremap: permit mremap() move of multiple VMAs',
    says: 'mremap moves several VMAs at once, and checks before it unmaps the target',
    fields: { mremapMovesManyVmas: true, mremapUnmapsTargetFirst: false },
  },
  {
    since: ['6.18'],
    notBefore: '6.17',
    says: 'MREMAP_DONTUNMAP leaves VM_ACCOUNT with its source again',
    fields: { dontUnmapDropsAccount: false },
  },
  {
    since: ['6.18'],
    notBefore: '6.17',
    title: 'userfaultfd: prevent unregistering VMAs through a different userfaultfd',
    says: 'UFFDIO_UNREGISTER through another userfaultfd is refused',
    fields: { uffdForeignUnregisterRefused: true },
  },
  {
    since: ['6.18'],
    notBefore: '6.17',
    says: 'MAP_DROPPABLE memory cannot be registered with a userfaultfd',
    fields: { uffdDroppableRefused: true },
  },
  {
    since: ['6.19', '6.18.8'],
    title: 'mm/vma: fix anon_vma UAF on mremap() faulted, unfaulted merge',
    says: 'memory that mremap moves into a neighbour keeps its anon_vma, so fork copies its pages',
    fields: { copiedRangeKeepsAnonVma: true },
  },
  {
    since: ['6.19', '6.18.37'],
    title: 'mm: introduce VM_MAYBE_GUARD and make visible in /proc/$pid/smaps',
    says: 'guards set VM_MAYBE_GUARD, which merges keep and fork copies',
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
  {
    since: ['7.3', '6.12.114', '6.1.191'],
    notBefore: '7.0',
    title: 'mm/mremap: fix locked_vm leak from MREMAP_DONTUNMAP self-merge',
    says: 'the copy that MREMAP_DONTUNMAP makes stays apart from its source, which is split where it is locked',
    fields: { dontUnmapMergesWithSource: false, dontUnmapSplitsLocked: true, dontUnmapCountsLocked: false },
  },
  {
    since: ['7.3'],
    notBefore: '7.0',
    says: 'private file mappings need continuous anonymous offsets to merge; mremap asks for less room below max_map_count; userfaultfd has RWP',
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
  {
    since: ['7.4', '7.3.4'],
    title: 'mm/vma: avoid broken uffd merge on mremap',
    says: 'memory of a userfaultfd that is moved merges with nothing',
    fields: { uffdMoveUnregistersNeighbour: false },
  },
];
