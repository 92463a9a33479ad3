import type { Pgoff, VirtAddr, VmFlags } from 'vma-core';

/** One line of `/proc/PID/maps`. */
export interface MapsEntry {
  /** Bytes, inclusive. Exact for all 64 bits, as it is page-aligned (`[vsyscall]` is at 0xffffffffff600000). */
  readonly start: VirtAddr;
  /** Bytes, exclusive. */
  readonly end: VirtAddr;
  /** Four letters, such as `rw-p`. */
  readonly perms: string;
  /** Pages. 0 for anonymous memory, whose offset the kernel hides. */
  readonly pgoff: Pgoff;
  /** Device in hex, such as `fe:00`; `00:00` where there is no file. */
  readonly dev: string;
  /** Decimal text, as inode numbers have 64 bits; `0` where there is no file, `?` where only the name of a file is shown. */
  readonly inode: string;
  /** As printed, escapes and `(deleted)` included; empty where there is none. See {@link describeMappingName}. */
  readonly name: string;
  /** The line itself where it is not spaced as the kernel's; else `null`. */
  readonly verbatim: string | null;
}

/** One mapping of `/proc/PID/smaps`. */
export interface SmapsEntry extends MapsEntry {
  /** The keys with a number, in their order; kB, but for `THPeligible` and `ProtectionKey`. */
  readonly fields: ReadonlyMap<string, number>;
  /** The flags, the key of `ProtectionKey:` among them; `null` where there is no `VmFlags:` line (before Linux 3.8, or without CONFIG). */
  readonly vmFlags: VmFlags | null;
  /** Every word of the `VmFlags:` line, in its order. */
  readonly flagWords: readonly string[];
  /** The words of it that name no known flag, `??` among them. */
  readonly unknownFlags: readonly string[];
  /** The lines behind the first where they are not as the kernel prints them; else `null`. */
  readonly verbatimFields: readonly string[] | null;
}

/**
 * What printed a map: the kernel (`maps`, `smaps`), a JVM in its `hs_err` file, `pmap -X`, gdb (`info proc mappings`), lldb
 * (`memory region --all`), or Android's debuggerd in a tombstone.
 */
export type MapForm = 'kernel' | 'hsErr' | 'pmap' | 'gdb' | 'lldb' | 'tombstone';

/** A line that is no part of a map. */
export interface LeftOutLine {
  /** From 1. */
  readonly line: number;
  /** From 1: where it stops to be one. */
  readonly column: number;
  readonly why: string;
  /** Its beginning. */
  readonly text: string;
}

/** The end of a file that breaks off. */
export interface CutMap {
  /** The line that it breaks off in or behind, from 1. */
  readonly line: number;
  /** Start of the mapping that is not whole, and is left out; `null`: not even that is there. */
  readonly start: VirtAddr | null;
}

/** A whole `maps` file. */
export interface Maps {
  /** In order of addresses. */
  readonly entries: readonly MapsEntry[];
  readonly form: MapForm;
  /** 32 for a 32-bit process; see {@link require64Bit}. */
  readonly addressBits: 32 | 64;
  readonly newline: '\n' | '\r\n';
  /** The last line ends in a newline, as the kernel writes it. */
  readonly finalNewline: boolean;
  /** Lines that are no part of the map, blank ones aside: how many, and the first of them. */
  readonly leftOut: { readonly count: number; readonly first: readonly LeftOutLine[] };
  /** Where the file breaks off in the middle of a mapping; `null`: it does not. */
  readonly cut: CutMap | null;
  /** Printing it gives the same bytes again: nothing was stripped or left out. */
  readonly exact: boolean;
}

/** A whole `smaps` file. */
export interface Smaps extends Maps {
  readonly entries: readonly SmapsEntry[];
}
