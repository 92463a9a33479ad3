import { invariant } from './errors.ts';
import type { FrameTable } from './frames.ts';
import { PTE_NONE, pteGuard, pteMarker, ptePfn, ptePresent, pteSoftDirty, pteSwap, pteUffdWp } from './pte.ts';
import { pteAnon, pteMappedOnce, pteZero } from './pteFrame.ts';
import type { Pte } from './units.ts';

const FRAME_MASK = (1n << 55n) - 1n;
const PM_SOFT_DIRTY = 1n << 55n;
const PM_MMAP_EXCLUSIVE = 1n << 56n;
const PM_UFFD_WP = 1n << 57n;
const PM_GUARD_REGION = 1n << 58n;
const PM_FILE = 1n << 61n;
const PM_SWAP = 1n << 62n;
const PM_PRESENT = 1n << 63n;

/** Bytes of an entry of /proc/PID/pagemap. */
export const PAGEMAP_ENTRY_BYTES = 8;

/** An entry of /proc/PID/pagemap, in its parts. */
export interface PagemapEntry {
  /** Bits 0 to 54: the frame number, or swap type and offset; 0 for a reader without CAP_SYS_ADMIN. */
  readonly frame: bigint;
  /** Bit 55: the PTE's bit, or the VMA's flag. */
  readonly softDirty: boolean;
  /** Bit 56: mapped exactly once. */
  readonly exclusive: boolean;
  /** Bit 57: write-protected by a userfaultfd, a present page or a marker. */
  readonly uffdWp: boolean;
  /** Bit 58: a guard marker (kernels from 6.15 on). */
  readonly guard: boolean;
  /** Bit 61: a page of a file or of shared memory. */
  readonly file: boolean;
  /** Bit 62: a swap entry, or a marker of either kind. */
  readonly swap: boolean;
  /** Bit 63. */
  readonly present: boolean;
}

/** What an entry says besides its PTE. */
export interface PagemapOptions {
  /** The VMA has VM_SOFTDIRTY: bit 55 is then set for every page, empty entries too. */
  readonly vmaSoftDirty: boolean;
  /** The reader has CAP_SYS_ADMIN: bits 0 to 54 are filled in. */
  readonly showFrame?: boolean;
}

/**
 * The entry that a kernel shows for `pte`: 64 bits.
 * Kernel: fs/proc/task_mmu.c, `pte_to_pagemap_entry` (6.15 to 7.3; bit 58 is of 6.15).
 */
export function encodePagemap(pte: Pte, frames: FrameTable, options: PagemapOptions): bigint {
  let entry = options.vmaSoftDirty || pteSoftDirty(pte) ? PM_SOFT_DIRTY : 0n;
  if (pte === PTE_NONE) return entry;
  if (pteUffdWp(pte)) entry |= PM_UFFD_WP;
  if (pteSwap(pte) || pteMarker(pte)) entry |= PM_SWAP;
  if (pteGuard(pte)) entry |= PM_GUARD_REGION;
  if (ptePresent(pte)) {
    entry |= PM_PRESENT;
    if (!pteAnon(pte, frames) && !pteZero(pte, frames)) entry |= PM_FILE;
    if (pteMappedOnce(pte, frames)) entry |= PM_MMAP_EXCLUSIVE;
  }
  if (options.showFrame === true && !pteMarker(pte)) entry |= BigInt(ptePfn(pte));
  return entry;
}

/** The parts of a 64-bit entry. Bits 59 and 60 have no meaning and are ignored. */
export function decodePagemap(entry: bigint): PagemapEntry {
  return {
    frame: entry & FRAME_MASK,
    softDirty: (entry & PM_SOFT_DIRTY) !== 0n,
    exclusive: (entry & PM_MMAP_EXCLUSIVE) !== 0n,
    uffdWp: (entry & PM_UFFD_WP) !== 0n,
    guard: (entry & PM_GUARD_REGION) !== 0n,
    file: (entry & PM_FILE) !== 0n,
    swap: (entry & PM_SWAP) !== 0n,
    present: (entry & PM_PRESENT) !== 0n,
  };
}

/** Reads entry `index` of what was read from a pagemap file (64-bit little-endian). */
export function readPagemapEntry(bytes: Uint8Array, index: number): bigint {
  return viewOf(bytes, index).getBigUint64(index * PAGEMAP_ENTRY_BYTES, true);
}

/** Writes entry `index` in the form of a pagemap file. */
export function writePagemapEntry(bytes: Uint8Array, index: number, entry: bigint): void {
  viewOf(bytes, index).setBigUint64(index * PAGEMAP_ENTRY_BYTES, entry, true);
}

function viewOf(bytes: Uint8Array, index: number): DataView {
  const entries = Math.floor(bytes.length / PAGEMAP_ENTRY_BYTES);
  invariant(Number.isInteger(index) && index >= 0 && index < entries, `no entry ${index}: there are ${entries}`);
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
