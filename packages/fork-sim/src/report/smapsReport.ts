import type { SmapsEntry } from 'proc-io';
import { KERNEL_PROFILES, type KernelProfile } from 'vma-core';
import { hasSoftDirty } from '../replay/flagsOfSmaps.ts';
import { withoutGates } from '../replay/mapGeometry.ts';
import type { ReplaySpace } from '../replay/replaySpace.ts';
import { backingOf } from './backingOf.ts';
import { forkEntries } from './forkEntries.ts';
import { type ForkPreviewVma, forkPreview } from './forkPreview.ts';
import { type OneFlagApart, oneFlagApart } from './oneFlagApart.ts';
import { type ReadMap, smapsNotes } from './smapsNotes.ts';
import { TableCounter } from './tablesFor.ts';
import type { GroupedVma } from './vmaGroups.ts';
import { nameOfVma } from './vmaNames.ts';
import { type ForkRow, isReserve, mapRow, type ReplayContext, type VmaRow, vmaRows } from './vmaRow.ts';
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

/** What is asked of one smaps at first sight. */
export interface SmapsSight extends Pick<SmapsMap, 'pageSize'> {
  readonly map: readonly (GroupedVma & { readonly fork: Pick<ForkRow, 'action'> })[];
  /** What a fork would do; first on the chosen profile. */
  readonly forks: readonly SmapsFork[];
  /** PROT_NONE guards beside memory, were they guard markers. */
  readonly guards: GuardsAnswer;
  /** Neighbours that only one flag keeps apart. */
  readonly oneFlagApart: readonly OneFlagApart[];
}

/** What one smaps tells. Its forks are those of every profile. */
export interface SmapsReport extends SmapsSight, SmapsMap {
  readonly map: readonly VmaRow[];
}

/** What fork would do on one profile. */
export interface SmapsFork {
  readonly profile: string;
  /** VMAs. */
  readonly copy: number;
  readonly refault: number;
  /** Those that would be left to refault, but have nothing to fault in; not among {@link refault}. */
  readonly reserves: number;
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
  const smaps = withoutGates(read.entries);
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
  const smaps = withoutGates(read.entries);
  const softDirty = hasSoftDirty(smaps);
  const context = contextOfSmaps(smaps, profile, softDirty, 'auto');
  return {
    ...mapOf(context, read, smaps),
    forks: forksOf(context, smaps, softDirty),
    guards: guardsOfSmaps(smaps, profile, softDirty, longestGuard),
    oneFlagApart: oneFlagApart(context.space.process, true),
  };
}

/**
 * The part of a {@link smapsReport} that an overview is made of, on one profile: without the verdict on every pair, which takes most of
 * the time of a large map.
 */
export function smapsSight(read: ReadMap, profile: KernelProfile, longestGuard?: number): SmapsSight {
  const smaps = withoutGates(read.entries);
  const softDirty = hasSoftDirty(smaps);
  const { space, files } = contextOfSmaps(smaps, profile, softDirty, 'auto');
  const { vmas } = forkPreview(space.process);
  return {
    pageSize: space.geometry.pageSize,
    map: vmas.map(({ vma, action }) => {
      const { start, end, perms, name } = mapRow(vma, nameOfVma(files, space, vma));
      return { start, end, perms, backing: backingOf(vma), name, fork: { action } };
    }),
    forks: [forkOn(space, smaps, vmas)],
    guards: guardsOfSmaps(smaps, profile, softDirty, longestGuard),
    oneFlagApart: oneFlagApart(space.process, true),
  };
}

/** What a fork would do on each profile, the chosen one first. */
export function smapsForks(read: ReadMap, profile: KernelProfile): SmapsFork[] {
  const smaps = withoutGates(read.entries);
  const softDirty = hasSoftDirty(smaps);
  return forksOf(contextOfSmaps(smaps, profile, softDirty, 'auto'), smaps, softDirty);
}

/** The same, where the chosen profile's process is there already. */
function forksOf({ space }: ReplayContext, smaps: readonly SmapsEntry[], softDirty: boolean): SmapsFork[] {
  const others = KERNEL_PROFILES.filter(({ name }) => name !== space.process.world.profile.name);
  const spaces = others.map((profile) => contextOfSmaps(smaps, profile, softDirty, 'auto').space);
  return [space, ...spaces].map((one) => forkOn(one, smaps));
}

function forkOn(
  { geometry, process }: ReplaySpace,
  smaps: readonly SmapsEntry[],
  vmas: readonly ForkPreviewVma[] = forkPreview(process).vmas,
): SmapsFork {
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
  const left = vmas.filter(({ action }) => action === 'refault');
  const reserves = left.filter(({ vma, ptes }) => isReserve(vma, ptes)).length;
  return {
    profile: process.world.profile.name,
    copy,
    refault: left.length - reserves,
    reserves,
    residentPages: isTold ? sums.resident : null,
    entries: isTold ? sums.entries : null,
    hugeEntries: isTold ? sums.huge : null,
    childTablesKbAtMost: tables.count.kB,
  };
}
