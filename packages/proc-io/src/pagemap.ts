import { InputError } from './inputError.ts';

/** No PTE, or no mapping at all. */
export const PAGE_NONE = 0;
/** In memory. */
export const PAGE_PRESENT = 1;
/** A swap entry, or a marker of userfaultfd write-protection (then `PAGE_UFFD_WP` is set): pagemap shows both alike. */
export const PAGE_SWAP = 2;
/** A guard marker. It has the swap bit too, which is why a reader that does not ask for bit 58 first sees swap. */
export const PAGE_GUARD = 3;

/** Bit 55. */
export const PAGE_SOFT_DIRTY = 1;
/** Bit 56: mapped exactly once. */
export const PAGE_EXCLUSIVE = 2;
/** Bit 57: write-protected by a userfaultfd. */
export const PAGE_UFFD_WP = 4;
/** Bit 61: a page of a file or of shared memory. */
export const PAGE_FILE = 8;

/** Many entries of `/proc/PID/pagemap`, as columns: they cross a worker boundary without a copy. */
export interface Pagemap {
  /** Entries, one a page. */
  readonly length: number;
  /** `PAGE_NONE`, `PAGE_PRESENT`, `PAGE_SWAP` or `PAGE_GUARD`, one a page. */
  readonly states: Uint8Array;
  /** `PAGE_SOFT_DIRTY` and the other bits, one byte a page. */
  readonly bits: Uint8Array;
  /** Bits 0 to 54: the frame, or where in swap; 0 for a reader without CAP_SYS_ADMIN. One a page, exact below 2^53. */
  readonly frames: Float64Array;
}

/** Pages of each state. */
export interface PagemapCounts {
  readonly none: number;
  readonly present: number;
  readonly swap: number;
  readonly guard: number;
  readonly softDirty: number;
}

const GUARD = 1 << 26;
const SWAP = 1 << 30;
const PRESENT = 1 << 31;
/** Bits 55 to 57 and 61 in the high half, and where they go. */
const BITS = [
  [1 << 23, PAGE_SOFT_DIRTY],
  [1 << 24, PAGE_EXCLUSIVE],
  [1 << 25, PAGE_UFFD_WP],
  [1 << 29, PAGE_FILE],
] as const;

/**
 * Reads entries of `/proc/PID/pagemap` (64 bits each, little-endian): bit 58 first, as a guard marker looks like swap
 * otherwise. Kernel: `pte_to_pagemap_entry()`, fs/proc/task_mmu.c, from 6.15; older ones leave bit 58 at 0.
 *
 * @throws InputError where the bytes are no whole number of entries
 */
export function parsePagemap(bytes: Uint8Array, options: { readonly file?: string } = {}): Pagemap {
  if (bytes.length % 8 !== 0) {
    throw new InputError(`pagemap has 8 bytes an entry: ${bytes.length} bytes end in the middle of one`, {
      ...options,
      column: bytes.length + 1,
    });
  }
  const length = bytes.length / 8;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const states = new Uint8Array(length);
  const bits = new Uint8Array(length);
  const frames = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    const high = view.getUint32(i * 8 + 4, true);
    states[i] =
      (high & GUARD) !== 0
        ? PAGE_GUARD
        : (high & PRESENT) !== 0
          ? PAGE_PRESENT
          : (high & SWAP) !== 0
            ? PAGE_SWAP
            : PAGE_NONE;
    for (const [bit, name] of BITS) if ((high & bit) !== 0) bits[i]! |= name;
    frames[i] = (high & 0x7f_ffff) * 0x1_0000_0000 + view.getUint32(i * 8, true);
  }
  return { length, states, bits, frames };
}

/** Counts the pages of each state. */
export function countPagemap(pagemap: Pagemap): PagemapCounts {
  const counts = [0, 0, 0, 0];
  let softDirty = 0;
  for (let i = 0; i < pagemap.length; i++) {
    counts[pagemap.states[i]!]!++;
    if ((pagemap.bits[i]! & PAGE_SOFT_DIRTY) !== 0) softDirty++;
  }
  const [none, present, swap, guard] = counts as [number, number, number, number];
  return { none, present, swap, guard, softDirty };
}
