declare const flagsBrand: unique symbol;

/**
 * A set of vm_flags: 64 bits, as `vm_flags_t` on x86-64. Unknown bits are kept.
 *
 * At the API it is a `bigint`; the engine keeps two 32-bit halves in typed-array columns, because JavaScript's
 * bitwise operators have 32 bits (`1 << 42 === 1 << 10`).
 */
export type VmFlags = bigint & { readonly [flagsBrand]: 'VmFlags' };

/** One flag: its bit, the kernel's name, and the two letters `smaps` prints (`null`: it prints nothing for it). */
export interface VmFlagInfo {
  /** 0 to 63. */
  readonly bit: number;
  /** As in the kernel: `VM_READ`. */
  readonly name: string;
  /** As smaps prints it: `rd`. */
  readonly mnemonic: string | null;
}

const bit = (n: number): VmFlags => (1n << BigInt(n)) as VmFlags;

/** No flag at all. */
export const VM_NONE: VmFlags = 0n as VmFlags;
/** Pages may be read. */
export const VM_READ: VmFlags = bit(0);
/** Pages may be written. */
export const VM_WRITE: VmFlags = bit(1);
/** Pages may be executed. */
export const VM_EXEC: VmFlags = bit(2);
/** Writes go to the object itself, and whoever maps it sees them. */
export const VM_SHARED: VmFlags = bit(3);
/** `mprotect` may make it readable. */
export const VM_MAYREAD: VmFlags = bit(4);
/** `mprotect` may make it writable. */
export const VM_MAYWRITE: VmFlags = bit(5);
/** `mprotect` may make it executable. */
export const VM_MAYEXEC: VmFlags = bit(6);
/** Mapped with MAP_SHARED; without SHARED: of a file that is open for reading only. */
export const VM_MAYSHARE: VmFlags = bit(7);
/** A stack: a fault right below it makes it larger. */
export const VM_GROWSDOWN: VmFlags = bit(8);
/** A userfaultfd is told of pages that are missing. */
export const VM_UFFD_MISSING: VmFlags = bit(9);
/** Maps page frames that have no `struct page`: device memory. */
export const VM_PFNMAP: VmFlags = bit(10);
/** May hold guard markers; set by a guard install and never taken away (6.18.37 and 6.19 on). */
export const VM_MAYBE_GUARD: VmFlags = bit(11);
/** A userfaultfd write-protects it. */
export const VM_UFFD_WP: VmFlags = bit(12);
/** By `mlock`: pages stay in memory. */
export const VM_LOCKED: VmFlags = bit(13);
/** Memory-mapped I/O, or the like. */
export const VM_IO: VmFlags = bit(14);
/** By MADV_SEQUENTIAL: read ahead a lot. */
export const VM_SEQ_READ: VmFlags = bit(15);
/** By MADV_RANDOM: do not read ahead. */
export const VM_RAND_READ: VmFlags = bit(16);
/** By MADV_DONTFORK: a child does not get it. */
export const VM_DONTCOPY: VmFlags = bit(17);
/** `mremap` may not make it larger. */
export const VM_DONTEXPAND: VmFlags = bit(18);
/** Besides LOCKED: pages are locked as they are faulted in. */
export const VM_LOCKONFAULT: VmFlags = bit(19);
/** Counts against the overcommit limit. */
export const VM_ACCOUNT: VmFlags = bit(20);
/** By MAP_NORESERVE: never counts against it. */
export const VM_NORESERVE: VmFlags = bit(21);
/** Made of pages of hugetlbfs. */
export const VM_HUGETLB: VmFlags = bit(22);
/** By MAP_SYNC: a write fault waits until the file system has written what it must. */
export const VM_SYNC: VmFlags = bit(23);
/** Of the architecture; on x86-64 not used here. */
export const VM_ARCH_1: VmFlags = bit(24);
/** By MADV_WIPEONFORK: a child finds it empty. */
export const VM_WIPEONFORK: VmFlags = bit(25);
/** By MADV_DONTDUMP: left out of core dumps. */
export const VM_DONTDUMP: VmFlags = bit(26);
/** Not cleared since it was mapped: all its pages count as soft-dirty. Sticky from 6.19 on. */
export const VM_SOFTDIRTY: VmFlags = bit(27);
/** Maps page frames with and without a `struct page`. */
export const VM_MIXEDMAP: VmFlags = bit(28);
/** By MADV_HUGEPAGE. */
export const VM_HUGEPAGE: VmFlags = bit(29);
/** By MADV_NOHUGEPAGE, or MAP_STACK. */
export const VM_NOHUGEPAGE: VmFlags = bit(30);
/** By MADV_MERGEABLE: equal pages may be merged (KSM). */
export const VM_MERGEABLE: VmFlags = bit(31);
/** A shadow stack of x86. */
export const VM_SHADOW_STACK: VmFlags = bit(37);
/** By MAP_DROPPABLE: pages may be dropped when memory is short. */
export const VM_DROPPABLE: VmFlags = bit(40);
/** A userfaultfd is told of pages that are in the page cache and not mapped. */
export const VM_UFFD_MINOR: VmFlags = bit(41);
/** By `mseal`: not to be unmapped, moved or reprotected. */
export const VM_SEALED: VmFlags = bit(42);
/** A userfaultfd is told of reads and writes (7.3). */
export const VM_UFFD_RWP: VmFlags = bit(43);

/** Every flag with a name, in bit order. Positions are those of 7.3; the few high ones moved between kernels. */
export const VM_FLAG_TABLE: readonly VmFlagInfo[] = (
  [
    [0, 'READ', 'rd'],
    [1, 'WRITE', 'wr'],
    [2, 'EXEC', 'ex'],
    [3, 'SHARED', 'sh'],
    [4, 'MAYREAD', 'mr'],
    [5, 'MAYWRITE', 'mw'],
    [6, 'MAYEXEC', 'me'],
    [7, 'MAYSHARE', 'ms'],
    [8, 'GROWSDOWN', 'gd'],
    [9, 'UFFD_MISSING', 'um'],
    [10, 'PFNMAP', 'pf'],
    [11, 'MAYBE_GUARD', 'gu'],
    [12, 'UFFD_WP', 'uw'],
    [13, 'LOCKED', 'lo'],
    [14, 'IO', 'io'],
    [15, 'SEQ_READ', 'sr'],
    [16, 'RAND_READ', 'rr'],
    [17, 'DONTCOPY', 'dc'],
    [18, 'DONTEXPAND', 'de'],
    [19, 'LOCKONFAULT', 'lf'],
    [20, 'ACCOUNT', 'ac'],
    [21, 'NORESERVE', 'nr'],
    [22, 'HUGETLB', 'ht'],
    [23, 'SYNC', 'sf'],
    [24, 'ARCH_1', 'ar'],
    [25, 'WIPEONFORK', 'wf'],
    [26, 'DONTDUMP', 'dd'],
    [27, 'SOFTDIRTY', 'sd'],
    [28, 'MIXEDMAP', 'mm'],
    [29, 'HUGEPAGE', 'hg'],
    [30, 'NOHUGEPAGE', 'nh'],
    [31, 'MERGEABLE', 'mg'],
    [32, 'PKEY_BIT0', null],
    [33, 'PKEY_BIT1', null],
    [34, 'PKEY_BIT2', null],
    [35, 'PKEY_BIT3', null],
    [36, 'PKEY_BIT4', null],
    [37, 'SHADOW_STACK', 'ss'],
    [40, 'DROPPABLE', 'dp'],
    [41, 'UFFD_MINOR', 'ui'],
    [42, 'SEALED', 'sl'],
    [43, 'UFFD_RWP', 'ur'],
  ] as const
).map(([bitNumber, name, mnemonic]) => ({ bit: bitNumber, name: `VM_${name}`, mnemonic }));

/** Mappings with any of these never merge. Kernel: `VM_SPECIAL`. */
export const VM_SPECIAL: VmFlags = (VM_IO | VM_DONTEXPAND | VM_PFNMAP | VM_MIXEDMAP) as VmFlags;
/** What `mprotect` may change. Kernel: `VM_ACCESS_FLAGS`. */
export const VM_ACCESS_FLAGS: VmFlags = (VM_READ | VM_WRITE | VM_EXEC) as VmFlags;
/** Kernel: `VM_LOCKED_MASK`. */
export const VM_LOCKED_MASK: VmFlags = (VM_LOCKED | VM_LOCKONFAULT) as VmFlags;
/** Userfaultfd registrations. Kernel: `__VM_UFFD_FLAGS`. */
export const VM_UFFD_FLAGS: VmFlags = (VM_UFFD_MISSING | VM_UFFD_WP | VM_UFFD_MINOR | VM_UFFD_RWP) as VmFlags;

const byMnemonic: ReadonlyMap<string, VmFlagInfo> = new Map(
  VM_FLAG_TABLE.flatMap((info) => (info.mnemonic === null ? [] : [[info.mnemonic, info] as const])),
);
const byName: ReadonlyMap<string, VmFlagInfo> = new Map(VM_FLAG_TABLE.map((info) => [info.name, info]));
const byBit: ReadonlyMap<number, VmFlagInfo> = new Map(VM_FLAG_TABLE.map((info) => [info.bit, info]));

/** Joins flags: `vmFlags(VM_READ, VM_WRITE)`. */
export function vmFlags(...flags: readonly bigint[]): VmFlags {
  let all = 0n;
  for (const one of flags) all |= one;
  return all as VmFlags;
}

/** Removes `remove` from `from`. */
export function withoutVmFlags(from: VmFlags, remove: bigint): VmFlags {
  return (from & ~remove) as VmFlags;
}

/** Finds a flag by its kernel name, with or without `VM_`, in any case; `undefined` where there is none. */
export function findVmFlag(name: string): VmFlagInfo | undefined {
  const upper = name.toUpperCase();
  return byName.get(upper.startsWith('VM_') ? upper : `VM_${upper}`);
}

/** The flag of one bit, as {@link VmFlags}. */
export function vmFlagBit(bitNumber: number): VmFlags {
  return bit(bitNumber);
}

/** Kernel names of the flags that are set, in bit order; a bit without a name gives `bit 47`. */
export function vmFlagNames(flags: VmFlags): string[] {
  const names: string[] = [];
  for (let n = 0; n < 64; n++) {
    if ((flags >> BigInt(n)) & 1n) names.push(byBit.get(n)?.name ?? `bit ${n}`);
  }
  return names;
}

/**
 * What a `VmFlags:` line of smaps says, kept so that printing gives the same words again.
 *
 * A kernel prints `??` for a bit it has no letters for, and a newer kernel prints letters that this table does not
 * know. Neither has a bit here, so they are kept as words.
 */
export interface VmFlagsLine {
  /** The flags that the table knows. */
  readonly flags: VmFlags;
  /** Every word of the line, in its order. */
  readonly words: readonly string[];
  /** The words that name no bit of the table, `??` among them. */
  readonly unknown: readonly string[];
}

/** Reads a `VmFlags:` line, with or without its key. Never fails: a word it does not know is kept in `unknown`. */
export function parseVmFlagsLine(line: string): VmFlagsLine {
  const words = line
    .replace(/^\s*VmFlags:/, '')
    .split(/\s+/)
    .filter((word) => word !== '');
  let flags = 0n;
  const unknown: string[] = [];
  for (const word of words) {
    const info = byMnemonic.get(word);
    if (info) flags |= 1n << BigInt(info.bit);
    else unknown.push(word);
  }
  return { flags: flags as VmFlags, words, unknown };
}

/** The flags of a `VmFlags:` line; words without a bit are dropped (use {@link parseVmFlagsLine} to keep them). */
export function parseVmFlags(line: string): VmFlags {
  return parseVmFlagsLine(line).flags;
}

/**
 * Prints flags as smaps does: two letters each in bit order, `??` for a bit that has no name. Protection keys, which have a
 * line of their own in smaps, are left out. Kernel: `show_smap_vma_flags()`, fs/proc/task_mmu.c.
 */
export function formatVmFlags(flags: VmFlags): string {
  const words: string[] = [];
  for (let n = 0; n < 64; n++) {
    if (((flags >> BigInt(n)) & 1n) === 0n) continue;
    const info = byBit.get(n);
    if (info === undefined) words.push('??');
    else if (info.mnemonic !== null) words.push(info.mnemonic);
  }
  return words.join(' ');
}

/** Prints the words of a line again, letter for letter as they were read. */
export function formatVmFlagsLine(line: VmFlagsLine): string {
  return line.words.join(' ');
}

/** The low 32 bits, as an unsigned number. */
export function flagsLo(flags: bigint): number {
  return Number(flags & 0xffff_ffffn);
}

/** The high 32 bits, as an unsigned number. */
export function flagsHi(flags: bigint): number {
  return Number((flags >> 32n) & 0xffff_ffffn);
}

/** Joins two halves. */
export function flagsOf(lo: number, hi: number): VmFlags {
  return ((BigInt(hi >>> 0) << 32n) | BigInt(lo >>> 0)) as VmFlags;
}
