import type { SmapsEntry } from 'proc-io';
import { KERNEL_PROFILES, type KernelProfile } from 'vma-core';
import { hasSoftDirty } from '../replay/flagsOfSmaps.ts';
import { isGateVma } from '../replay/mapGeometry.ts';
import { forkEntries } from './forkEntries.ts';
import { forkPreview } from './forkPreview.ts';
import { type OneFlagApart, oneFlagApart } from './oneFlagApart.ts';
import { type ReadMap, smapsNotes } from './smapsNotes.ts';
import { TableCounter } from './tablesFor.ts';
import { type ReplayContext, type VmaRow, vmaRows } from './vmaRow.ts';
import { contextOfSmaps, type GuardsAnswer, guardsOfSmaps } from './whatIf.ts';

/** The VMAs of one smaps, with what the rules say of each. */
export interface SmapsMap {
  /** Bytes a page, on the machine that the map is of. */
  readonly pageSize: number;
  /** What the file does not tell, and what was taken instead: sentences. */
  readonly notes: readonly string[];
  /** Every VMA; `[vsyscall]`, which no address space holds, is left out. */
  readonly map: readonly VmaRow[];
}

/** What one smaps tells. */
export interface SmapsReport extends SmapsMap {
  /** What a fork would do, on each profile; the chosen one first. */
  readonly forks: readonly SmapsFork[];
  /** PROT_NONE guards beside memory, were they guard markers. */
  readonly guards: GuardsAnswer;
  /** Neighbours that only one flag keeps apart. */
  readonly oneFlagApart: readonly OneFlagApart[];
}

/** What fork would do on one profile. */
export interface SmapsFork {
  readonly profile: string;
  /** VMAs. */
  readonly copy: number;
  readonly refault: number;
  /** Resident pages in what is copied; `null`: the file does not tell. */
  readonly residentPages: number | null;
  /** Entries of page tables that the child gets a copy of: one for each page that is present or swapped out, one for each huge page. */
  readonly entries: number | null;
  /** Those of them that are huge: one for all pages that a PTE table spans. */
  readonly hugeEntries: number | null;
  /** Page tables of the child at most; kB. */
  readonly childTablesKbAtMost: number | null;
}

/** The VMAs of a smaps. Those with pages of their own have an anon_vma, the others are taken to have none. */
export function smapsMap(read: ReadMap, profile: KernelProfile): SmapsMap {
  const smaps = read.entries.filter((entry) => !isGateVma(entry));
  return mapOf(contextOfSmaps(smaps, profile, hasSoftDirty(smaps), 'auto'), read, smaps);
}

function mapOf(context: ReplayContext, read: ReadMap, smaps: readonly SmapsEntry[]): SmapsMap {
  return {
    pageSize: context.space.geometry.pageSize,
    notes: smapsNotes(read),
    map: vmaRows(context.space.process, context, { smaps }),
  };
}

/**
 * Answers from a smaps alone. VMAs with pages of their own have an anon_vma, the others are taken to have none.
 *
 * @param longestGuard a longer inaccessible range is a reserve, not a guard; bytes, default 64 KiB
 */
export function smapsReport(read: ReadMap, profile: KernelProfile, longestGuard?: number): SmapsReport {
  const smaps = read.entries.filter((entry) => !isGateVma(entry));
  const softDirty = hasSoftDirty(smaps);
  const context = contextOfSmaps(smaps, profile, softDirty, 'auto');
  return {
    ...mapOf(context, read, smaps),
    forks: smapsForks(read, profile),
    guards: guardsOfSmaps(smaps, profile, softDirty, longestGuard),
    oneFlagApart: oneFlagApart(context.space.process, true),
  };
}

/** What a fork would do on each profile, the chosen one first. */
export function smapsForks(read: ReadMap, profile: KernelProfile): SmapsFork[] {
  const smaps = read.entries.filter((entry) => !isGateVma(entry));
  const softDirty = hasSoftDirty(smaps);
  const others = KERNEL_PROFILES.filter(({ name }) => name !== profile.name);
  return [profile, ...others].map((one) => forkOn(smaps, one, softDirty));
}

function forkOn(smaps: readonly SmapsEntry[], profile: KernelProfile, softDirty: boolean): SmapsFork {
  const { space } = contextOfSmaps(smaps, profile, softDirty, 'auto');
  const { geometry } = space;
  const { vmas } = forkPreview(space.process);
  const tables = new TableCounter(geometry);
  const sums = { resident: 0, entries: 0, huge: 0 };
  let isTold = true;
  let copy = 0;
  for (const [at, { action, vma }] of vmas.entries()) {
    if (action !== 'copy') continue;
    copy++;
    tables.add(vma.vmStart, vma.vmEnd);
    const counted = forkEntries(smaps[at], geometry);
    if (counted === null) isTold = false;
    sums.resident += counted?.resident ?? 0;
    sums.entries += counted?.entries ?? 0;
    sums.huge += counted?.huge ?? 0;
  }
  return {
    profile: profile.name,
    copy,
    refault: vmas.filter(({ action }) => action === 'refault').length,
    residentPages: isTold ? sums.resident : null,
    entries: isTold ? sums.entries : null,
    hugeEntries: isTold ? sums.huge : null,
    childTablesKbAtMost: tables.count.kB,
  };
}
