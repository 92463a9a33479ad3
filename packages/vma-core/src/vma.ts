import type { Pgoff, VirtAddr } from './units.ts';
import { COLUMN_NAMES, type ColumnName, type VmaColumns, type VmaRef } from './vmaStore.ts';
import type { VmFlags } from './vmFlags.ts';

/** Identity of an anon_vma: equal ids are the same object. Never an object, so that a clone still compares equal. */
export type AnonVmaId = number;

/** Columns that a {@link Vma} shows in a way of its own: by another name or type, or with a docstring. */
const OTHERWISE = [
  'start',
  'end',
  'pgoff',
  'anonPgoff',
  'flagsLo',
  'flagsHi',
  'file',
  'anonVma',
  'anonVmaChain',
  'uffd',
  'policy',
  'anonName',
] as const;

type PlainColumn = Exclude<ColumnName, (typeof OTHERWISE)[number]>;
/** The other columns, which a {@link Vma} shows as they are, under their names. */
export type PlainFields = { readonly [column in keyof Pick<VmaColumns, PlainColumn>]: number };
/** Their names. @internal */
export const PLAIN_COLUMNS: readonly PlainColumn[] = COLUMN_NAMES.filter(
  (name): name is PlainColumn => !OTHERWISE.some((other) => other === name),
);

/** What the API shows of one `struct vm_area_struct`: plain data, a copy of that moment. */
export interface Vma extends PlainFields {
  /** The slot, to hand back to functions that take a VMA; valid until the VMA is removed. */
  readonly ref: VmaRef;
  /** First byte, inclusive. */
  readonly vmStart: VirtAddr;
  /** Last byte, exclusive. */
  readonly vmEnd: VirtAddr;
  /** Pages into the backing object; of anonymous memory, `vmStart / 4096` where it was first mapped. */
  readonly vmPgoff: Pgoff;
  /** The second, anonymous offset of a private file mapping (7.3); in pages. */
  readonly anonPgoff: Pgoff;
  /** All flags, unknown ones too. */
  readonly vmFlags: VmFlags;
  /** The open file, or `null` for anonymous memory. Each `open`, shared anonymous mapping and `shmat` is one of its own. */
  readonly vmFile: number | null;
  /** `null`: never faulted for writing. */
  readonly anonVma: AnonVmaId | null;
  /** Links of the anon_vma chain: 0 without an anon_vma, 1 usually, more in a fork child. */
  readonly anonVmaChain: number;
  /** The userfaultfd context it is registered with, or `null`. */
  readonly userfaultfd: number | null;
  /** Memory policy; 0 is the default. */
  readonly policy: number;
  /** The name given by PR_SET_VMA_ANON_NAME, or `null`. */
  readonly anonName: string | null;
}

/** Fields of a VMA that is about to be; see `Mm.add`. */
export type VmaFields = { readonly [field in keyof Omit<Vma, 'ref'>]?: Vma[field] | undefined };

/** What merging and `mremap` ask of an open file. */
export interface VmFile {
  /** Identity: one id an open file, not an inode. 1 or more. */
  readonly id: number;
  /** `vm_ops->close` exists, so that a merge must not remove a VMA of it: SysV shared memory. */
  readonly hasCloseHook?: boolean;
  /** Mappings of 2 MiB and more are placed at 2 MiB boundaries (`thp_get_unmapped_area`: ext4, xfs, btrfs). */
  readonly thpAligned?: boolean;
  /** A `get_unmapped_area` of its own that is neither shmem's nor the one above: not moved together with others. */
  readonly ownGetUnmappedArea?: boolean;
  /** `vm_ops->map_pages` is absent: a read fault maps the one page and no neighbours (SysV shared memory). */
  readonly noMapPages?: boolean;
  /** `/dev/zero`: private mappings are anonymous memory, and each shared one is a new object. Kernel: `mmap_zero()`. */
  readonly zero?: boolean;
  /** Flags that its driver gives every mapping, low half. */
  readonly mapFlags?: number;
  /** On a file system without execution (anonymous inodes, sockets): EPERM for PROT_EXEC, and no MAYEXEC. */
  readonly noExec?: boolean;
  /** Its driver refuses private mappings. */
  readonly sharedOnly?: boolean;
  /** A mapping that may not write never may. Kernel: `bpf_map_mmap()`. */
  readonly keepsReadOnly?: boolean;
  /**
   * Sealed against writing: a shared mapping may not write (EPERM), and one that only reads never may. Kernel: `memfd_check_seals_mmap()`,
   * mm/memfd.c.
   */
  readonly sealed?: boolean;
  /** By F_SEAL_WRITE, which before 6.7 refused every shared mapping (EPERM). It is `sealed` too. */
  readonly writeSealed?: boolean;
  /** Bytes of its huge pages (hugetlbfs): mappings begin at a multiple, and are not cut elsewhere. Absent: it has none. */
  readonly hugePage?: number;
  /** tmpfs, memfd and shared anonymous memory. */
  readonly shmem?: boolean;
  /** Size in pages, where merging's side makes the file: that of the first mapping of shared anonymous memory. */
  readonly pages?: number;
}
