import {
  LO_DONTCOPY,
  LO_DONTDUMP,
  LO_DONTEXPAND,
  LO_HUGETLB,
  LO_IO,
  LO_LOCKED,
  LO_MIXEDMAP,
  LO_PFNMAP,
  PMD_SIZE,
  type VmFile,
} from 'vma-core';
import { hugePageBytes } from './hugePages.ts';

/** What a path tells of the file behind it. */
export interface FileTraits {
  /** As merging and `mmap` see it. */
  readonly file: Omit<VmFile, 'id'>;
  /** Why its mappings are listed as not modelled; `null`: they are modelled. */
  readonly unmodelled: string | null;
}

/** What `remap_pfn_range()` sets. */
const DEVICE_MEMORY = LO_IO | LO_PFNMAP | LO_DONTEXPAND | LO_DONTDUMP;

/** A path for huge pages that no file system holds. */
export const ANON_HUGEPAGE = '/anon_hugepage';

const OWN_FLAGS = 'its driver may give it flags of its own, which are not known';
const HUGE = 'its huge pages are not modelled: the VMA has its flags, and no page tables';

/**
 * Kinds of files that are not of an ordinary file system, by their paths as strace prints them; the first that matches counts. The flags are
 * those that smaps of 6.18.44 shows, and for device memory those of `remap_pfn_range()`.
 */
const KINDS: readonly (readonly [RegExp, FileTraits['file'], string | null])[] = [
  // A shared mapping of /dev/zero is an object of its own, which smaps shows so.
  [/^(\/dev\/shm\/|\/memfd:|\/SYSV|\/dev\/zero \(deleted\))/, { shmem: true }, null],
  [/^\/dev\/zero$/, { zero: true, ownGetUnmappedArea: true }, null],
  [
    /^(\/anon_hugepage|\/dev\/hugepages\/)/,
    { mapFlags: LO_DONTEXPAND | LO_HUGETLB, ownGetUnmappedArea: true, hugePage: PMD_SIZE },
    HUGE,
  ],
  [
    /^\/?secretmem( \(deleted\))?$/,
    { mapFlags: LO_LOCKED | LO_DONTDUMP, noExec: true, sharedOnly: true },
    'memory that the kernel itself cannot read: its pages are not modelled',
  ],
  [/^anon_inode:\[io_uring\]/, { mapFlags: LO_DONTEXPAND | LO_MIXEDMAP, noExec: true }, null],
  [
    /^anon_inode:\[perf_event\]/,
    { mapFlags: LO_IO | LO_PFNMAP | LO_DONTCOPY | LO_DONTEXPAND | LO_DONTDUMP, noExec: true, sharedOnly: true },
    null,
  ],
  [
    /^anon_inode:bpf-map/,
    { mapFlags: LO_DONTEXPAND | LO_DONTDUMP | LO_MIXEDMAP, noExec: true, sharedOnly: true, keepsReadOnly: true },
    null,
  ],
  [/^anon_inode:kvm-vcpu/, { noExec: true }, null],
  [/^\/?\[aio\]/, { mapFlags: LO_DONTEXPAND, noExec: true }, null],
  [/^anon_inode:/, { noExec: true }, OWN_FLAGS],
  [/^(socket:|[A-Z][A-Z0-9_-]*:\[)/, { mapFlags: LO_MIXEDMAP, noExec: true }, null],
  [/^(\/dev\/mem|\/dev\/fb\d+|\/sys\/.*\/resource\d+(_wc)?)$/, { mapFlags: DEVICE_MEMORY }, null],
  [/^\/dev\/dri\//, { mapFlags: DEVICE_MEMORY }, OWN_FLAGS],
  // Links to files of any kind, mostly ordinary ones.
  [/^\/proc\/(?:self|thread-self|\d+)\/(?:exe|fd\/|map_files\/|root\/|cwd\/)/, { thpAligned: true }, null],
  [/^(\/dev\/|\/proc\/|\/sys\/|pipe:)/, {}, OWN_FLAGS],
  // Nothing is known of it.
  [/^$/, {}, null],
];

/** What a path tells. */
export function fileTraits(path: string): FileTraits {
  const kind = KINDS.find(([pattern]) => pattern.test(path));
  if (kind === undefined) return { file: { thpAligned: true }, unmodelled: null };
  const [, file, unmodelled] = kind;
  return { file, unmodelled };
}

/** Calls that give a descriptor of a file without a path, and what strace -y prints for it. */
const NAMES = {
  memfd_secret: () => '/secretmem',
  io_uring_setup: () => 'anon_inode:[io_uring]',
  perf_event_open: () => 'anon_inode:[perf_event]',
  socket: (fd: number) => `socket:[${fd}]`,
  bpf: () => 'anon_inode:bpf-map',
} as const;

/** The path by which {@link fileTraits} knows what a call opened. */
export function pathOfDescriptor(call: keyof typeof NAMES, fd: number): string {
  return NAMES[call](fd);
}

/** Huge pages of a file that its path does not tell, or of none: the flags of MAP_HUGETLB, MFD_HUGETLB or SHM_HUGETLB say how large they are. */
export function hugeTraits(flags: number): FileTraits {
  const { file, unmodelled } = fileTraits(ANON_HUGEPAGE);
  return { file: { ...file, hugePage: hugePageBytes(flags) ?? PMD_SIZE }, unmodelled };
}
