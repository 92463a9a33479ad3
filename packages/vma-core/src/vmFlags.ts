import { flagLetters, letterBit } from './flagLetters.ts';

declare const flagsBrand: unique symbol;

/**
 * A set of vm_flags: 64 bits, as `vm_flags_t` on x86-64; above them, flags that smaps has shown by letters that no table here knows
 * (`vmFlagOfLetters`). Unknown bits are kept.
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

const table: VmFlagInfo[] = [];

/** A row of {@link VM_FLAG_TABLE}: the one place where a flag's bit, name and letters stand. */
function flag(bit: number, name: string, mnemonic: string | null): VmFlags {
  table.push({ bit, name, mnemonic });
  return vmFlagBit(bit);
}

/** No flag at all. */
export const VM_NONE: VmFlags = 0n as VmFlags;
/** Pages may be read. */
export const VM_READ: VmFlags = flag(0, 'VM_READ', 'rd');
/** Pages may be written. */
export const VM_WRITE: VmFlags = flag(1, 'VM_WRITE', 'wr');
/** Pages may be executed. */
export const VM_EXEC: VmFlags = flag(2, 'VM_EXEC', 'ex');
/** Writes go to the object itself, and all who map it see them. */
export const VM_SHARED: VmFlags = flag(3, 'VM_SHARED', 'sh');
/** `mprotect` may make it readable. */
export const VM_MAYREAD: VmFlags = flag(4, 'VM_MAYREAD', 'mr');
/** `mprotect` may make it writable. */
export const VM_MAYWRITE: VmFlags = flag(5, 'VM_MAYWRITE', 'mw');
/** `mprotect` may make it executable. */
export const VM_MAYEXEC: VmFlags = flag(6, 'VM_MAYEXEC', 'me');
/** Mapped with MAP_SHARED; without SHARED: of a file that is open for reading only. */
export const VM_MAYSHARE: VmFlags = flag(7, 'VM_MAYSHARE', 'ms');
/** A stack: a fault right below it makes it larger. */
export const VM_GROWSDOWN: VmFlags = flag(8, 'VM_GROWSDOWN', 'gd');
/** A userfaultfd is told of pages that are missing. */
export const VM_UFFD_MISSING: VmFlags = flag(9, 'VM_UFFD_MISSING', 'um');
/** Maps page frames that have no `struct page`: device memory. */
export const VM_PFNMAP: VmFlags = flag(10, 'VM_PFNMAP', 'pf');
/** May hold guard markers; set by a guard install and never taken away (6.18.37 and 6.19 on). */
export const VM_MAYBE_GUARD: VmFlags = flag(11, 'VM_MAYBE_GUARD', 'gu');
/** A userfaultfd write-protects it. */
export const VM_UFFD_WP: VmFlags = flag(12, 'VM_UFFD_WP', 'uw');
/** By `mlock`: pages stay in memory. */
export const VM_LOCKED: VmFlags = flag(13, 'VM_LOCKED', 'lo');
/** Memory-mapped I/O, or the like. */
export const VM_IO: VmFlags = flag(14, 'VM_IO', 'io');
/** By MADV_SEQUENTIAL: read ahead a lot. */
export const VM_SEQ_READ: VmFlags = flag(15, 'VM_SEQ_READ', 'sr');
/** By MADV_RANDOM: do not read ahead. */
export const VM_RAND_READ: VmFlags = flag(16, 'VM_RAND_READ', 'rr');
/** By MADV_DONTFORK: a child does not get it. */
export const VM_DONTCOPY: VmFlags = flag(17, 'VM_DONTCOPY', 'dc');
/** `mremap` may not make it larger. */
export const VM_DONTEXPAND: VmFlags = flag(18, 'VM_DONTEXPAND', 'de');
/** Besides LOCKED: pages are locked as they are faulted in. */
export const VM_LOCKONFAULT: VmFlags = flag(19, 'VM_LOCKONFAULT', 'lf');
/** Counts against the overcommit limit. */
export const VM_ACCOUNT: VmFlags = flag(20, 'VM_ACCOUNT', 'ac');
/** By MAP_NORESERVE: never counts against it. */
export const VM_NORESERVE: VmFlags = flag(21, 'VM_NORESERVE', 'nr');
/** Made of pages of hugetlbfs. */
export const VM_HUGETLB: VmFlags = flag(22, 'VM_HUGETLB', 'ht');
/** By MAP_SYNC: a write fault waits until the file system has written what it must. */
export const VM_SYNC: VmFlags = flag(23, 'VM_SYNC', 'sf');
/** Of the architecture; on x86-64 not used here. */
export const VM_ARCH_1: VmFlags = flag(24, 'VM_ARCH_1', 'ar');
/** By MADV_WIPEONFORK: a child finds it empty. */
export const VM_WIPEONFORK: VmFlags = flag(25, 'VM_WIPEONFORK', 'wf');
/** By MADV_DONTDUMP: left out of core dumps. */
export const VM_DONTDUMP: VmFlags = flag(26, 'VM_DONTDUMP', 'dd');
/** Not cleared since it was mapped: all its pages count as soft-dirty. Sticky from 6.19 on. */
export const VM_SOFTDIRTY: VmFlags = flag(27, 'VM_SOFTDIRTY', 'sd');
/** Maps page frames with and without a `struct page`. */
export const VM_MIXEDMAP: VmFlags = flag(28, 'VM_MIXEDMAP', 'mm');
/** By MADV_HUGEPAGE. */
export const VM_HUGEPAGE: VmFlags = flag(29, 'VM_HUGEPAGE', 'hg');
/** By MADV_NOHUGEPAGE, or MAP_STACK. */
export const VM_NOHUGEPAGE: VmFlags = flag(30, 'VM_NOHUGEPAGE', 'nh');
/** By MADV_MERGEABLE: equal pages may be merged (KSM). */
export const VM_MERGEABLE: VmFlags = flag(31, 'VM_MERGEABLE', 'mg');
// Protection keys have a line of their own in smaps, and no letters.
for (let n = 0; n < 5; n++) flag(32 + n, `VM_PKEY_BIT${n}`, null);
/** A shadow stack of x86. */
export const VM_SHADOW_STACK: VmFlags = flag(37, 'VM_SHADOW_STACK', 'ss');
/** By MAP_DROPPABLE: pages may be dropped when memory is short. */
export const VM_DROPPABLE: VmFlags = flag(40, 'VM_DROPPABLE', 'dp');
/** A userfaultfd is told of pages that are in the page cache and not mapped. */
export const VM_UFFD_MINOR: VmFlags = flag(41, 'VM_UFFD_MINOR', 'ui');
/** By `mseal`: not to be unmapped, moved or reprotected. */
export const VM_SEALED: VmFlags = flag(42, 'VM_SEALED', 'sl');
/** A userfaultfd is told of reads and writes (7.3). */
export const VM_UFFD_RWP: VmFlags = flag(43, 'VM_UFFD_RWP', 'ur');

/** Every flag with a name, in bit order. Positions are those of 7.3; the few high ones moved between kernels. */
export const VM_FLAG_TABLE: readonly VmFlagInfo[] = table;

/** The protection key of a mapping, a number of five bits. See {@link vmaPkey}. */
export const VM_PKEY_MASK: VmFlags = (0x1fn << 32n) as VmFlags;

/** Mappings with any of these never merge. Kernel: `VM_SPECIAL`. */
export const VM_SPECIAL: VmFlags = (VM_IO | VM_DONTEXPAND | VM_PFNMAP | VM_MIXEDMAP) as VmFlags;
/** What `mprotect` may change. Kernel: `VM_ACCESS_FLAGS`. */
export const VM_ACCESS_FLAGS: VmFlags = (VM_READ | VM_WRITE | VM_EXEC) as VmFlags;
/** Kernel: `VM_LOCKED_MASK`. */
export const VM_LOCKED_MASK: VmFlags = (VM_LOCKED | VM_LOCKONFAULT) as VmFlags;
/** Userfaultfd registrations. Kernel: `__VM_UFFD_FLAGS`. */
export const VM_UFFD_FLAGS: VmFlags = (VM_UFFD_MISSING | VM_UFFD_WP | VM_UFFD_MINOR | VM_UFFD_RWP) as VmFlags;

/*
 * Flags as bits of the two 32-bit halves that the columns hold, for hot paths: `LO_READ` is `VM_READ` in `flagsLo`,
 * `HI_SEALED` is `VM_SEALED` in `flagsHi`. What each means stands with its `VM_` name.
 */
export const LO_READ: number = flagsLo(VM_READ);
export const LO_WRITE: number = flagsLo(VM_WRITE);
export const LO_EXEC: number = flagsLo(VM_EXEC);
export const LO_SHARED: number = flagsLo(VM_SHARED);
export const LO_MAYREAD: number = flagsLo(VM_MAYREAD);
export const LO_MAYWRITE: number = flagsLo(VM_MAYWRITE);
export const LO_MAYEXEC: number = flagsLo(VM_MAYEXEC);
export const LO_MAYSHARE: number = flagsLo(VM_MAYSHARE);
export const LO_GROWSDOWN: number = flagsLo(VM_GROWSDOWN);
export const LO_UFFD_MISSING: number = flagsLo(VM_UFFD_MISSING);
export const LO_PFNMAP: number = flagsLo(VM_PFNMAP);
export const LO_MAYBE_GUARD: number = flagsLo(VM_MAYBE_GUARD);
export const LO_UFFD_WP: number = flagsLo(VM_UFFD_WP);
export const LO_LOCKED: number = flagsLo(VM_LOCKED);
export const LO_IO: number = flagsLo(VM_IO);
export const LO_SEQ_READ: number = flagsLo(VM_SEQ_READ);
export const LO_RAND_READ: number = flagsLo(VM_RAND_READ);
export const LO_DONTCOPY: number = flagsLo(VM_DONTCOPY);
export const LO_DONTEXPAND: number = flagsLo(VM_DONTEXPAND);
export const LO_LOCKONFAULT: number = flagsLo(VM_LOCKONFAULT);
export const LO_ACCOUNT: number = flagsLo(VM_ACCOUNT);
export const LO_NORESERVE: number = flagsLo(VM_NORESERVE);
export const LO_HUGETLB: number = flagsLo(VM_HUGETLB);
export const LO_SYNC: number = flagsLo(VM_SYNC);
export const LO_WIPEONFORK: number = flagsLo(VM_WIPEONFORK);
export const LO_DONTDUMP: number = flagsLo(VM_DONTDUMP);
export const LO_SOFTDIRTY: number = flagsLo(VM_SOFTDIRTY);
export const LO_MIXEDMAP: number = flagsLo(VM_MIXEDMAP);
export const LO_HUGEPAGE: number = flagsLo(VM_HUGEPAGE);
export const LO_NOHUGEPAGE: number = flagsLo(VM_NOHUGEPAGE);
export const LO_MERGEABLE: number = flagsLo(VM_MERGEABLE);
export const HI_DROPPABLE: number = flagsHi(VM_DROPPABLE);
export const HI_UFFD_MINOR: number = flagsHi(VM_UFFD_MINOR);
export const HI_SEALED: number = flagsHi(VM_SEALED);
export const HI_UFFD_RWP: number = flagsHi(VM_UFFD_RWP);
export const HI_PKEY_MASK: number = flagsHi(VM_PKEY_MASK);
export const LO_ACCESS: number = flagsLo(VM_ACCESS_FLAGS);
export const LO_SPECIAL: number = flagsLo(VM_SPECIAL);
export const LO_LOCKED_MASK: number = flagsLo(VM_LOCKED_MASK);
export const LO_UFFD: number = flagsLo(VM_UFFD_FLAGS);
export const HI_UFFD: number = flagsHi(VM_UFFD_FLAGS);

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
  return (1n << BigInt(bitNumber)) as VmFlags;
}

/** Kernel names of the flags that are set, in bit order; a bit without a name gives `bit 47`. */
export function vmFlagNames(flags: VmFlags): string[] {
  const names = bitsOf(flags).map((n) => byBit.get(n)?.name ?? `bit ${n}`);
  return [...names, ...flagLetters(flags)];
}

/** The numbers of the bits that are set below bit 64, in order. Halves are numbers: shifts of a bigint are slow. */
function bitsOf(flags: VmFlags): number[] {
  const bits: number[] = [];
  for (let left = flagsLo(flags); left !== 0; left &= left - 1) bits.push(lowestBit(left));
  for (let left = flagsHi(flags); left !== 0; left &= left - 1) bits.push(32 + lowestBit(left));
  return bits;
}

function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}

/**
 * What a `VmFlags:` line of smaps says, kept so that printing gives the same words again.
 *
 * A kernel prints `??` for a bit it has no letters for, and another kernel prints letters that this table does not
 * know. They are kept as words too.
 */
export interface VmFlagsLine {
  /** The flags: those that the table knows, and the others by their letters. */
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
    else {
      unknown.push(word);
      flags |= letterBit(word);
    }
  }
  return { flags: flags as VmFlags, words, unknown };
}

/** The flags of a `VmFlags:` line. */
export function parseVmFlags(line: string): VmFlags {
  return parseVmFlagsLine(line).flags;
}

/**
 * Prints flags as smaps does: two letters each in bit order, `??` for a bit that has no name. Protection keys, which have a
 * line of their own in smaps, are left out. Kernel: `show_smap_vma_flags()`, fs/proc/task_mmu.c.
 */
export function formatVmFlags(flags: VmFlags): string {
  const words: string[] = [];
  for (const n of bitsOf(flags)) {
    const info = byBit.get(n);
    if (info === undefined) words.push('??');
    else if (info.mnemonic !== null) words.push(info.mnemonic);
  }
  return [...words, ...flagLetters(flags)].join(' ');
}

/** The protection key of a mapping. Kernel: `vma_pkey()`. */
export function vmaPkey(flags: VmFlags): number {
  return Number((flags & VM_PKEY_MASK) >> 32n);
}

/** The flags that a protection key is, from 0 to 31. */
export function pkeyFlags(pkey: number): VmFlags {
  return ((BigInt(pkey) << 32n) & VM_PKEY_MASK) as VmFlags;
}

/** The four letters of `/proc/PID/maps`: `rw-p`. */
export function permissions(flags: VmFlags): string {
  const has = (flag: VmFlags, letter: string): string => ((flags & flag) === 0n ? '-' : letter);
  const kind = (flags & VM_MAYSHARE) === 0n ? 'p' : 's';
  return has(VM_READ, 'r') + has(VM_WRITE, 'w') + has(VM_EXEC, 'x') + kind;
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
