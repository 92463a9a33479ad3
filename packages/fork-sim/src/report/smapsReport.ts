import type { SmapsEntry } from 'proc-io';
import { KERNEL_PROFILES, type KernelProfile, PAGE_SIZE } from 'vma-core';
import { hasSoftDirty, isGateVma } from '../replay/flagsOfSmaps.ts';
import { forkPreview } from './forkPreview.ts';
import { type ReadMap, smapsNotes } from './smapsNotes.ts';
import { TableCounter } from './tablesFor.ts';
import { type VmaRow, vmaRows } from './vmaRow.ts';
import { contextOfSmaps, type GuardsAnswer, guardsOfSmaps } from './whatIf.ts';

/** What one smaps tells. */
export interface SmapsReport {
  /** What the file does not tell, and what was taken instead: sentences. */
  readonly notes: readonly string[];
  /** Every VMA; `[vsyscall]`, which no address space holds, is left out. */
  readonly map: readonly VmaRow[];
  /** What a fork would do, on each profile; the chosen one first. */
  readonly forks: readonly SmapsFork[];
  /** PROT_NONE guards beside memory, were they guard markers. */
  readonly guards: GuardsAnswer;
}

/** What fork would do on one profile. */
export interface SmapsFork {
  readonly profile: string;
  /** VMAs. */
  readonly copy: number;
  readonly refault: number;
  /** Resident pages in what is copied; `null`: the file does not tell. */
  readonly residentPages: number | null;
  /** Page tables of the child at most; kB. */
  readonly childTablesKbAtMost: number;
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
  const others = KERNEL_PROFILES.filter(({ name }) => name !== profile.name);
  return {
    notes: smapsNotes(read),
    map: vmaRows(context.space.process, context, { smaps }),
    forks: [profile, ...others].map((one) => forkOn(smaps, one, softDirty)),
    guards: guardsOfSmaps(smaps, profile, softDirty, longestGuard),
  };
}

function forkOn(smaps: readonly SmapsEntry[], profile: KernelProfile, softDirty: boolean): SmapsFork {
  const { vmas } = forkPreview(contextOfSmaps(smaps, profile, softDirty, 'auto').space.process);
  const tables = new TableCounter();
  let copy = 0;
  let residentKb: number | null = 0;
  for (const [at, { action, vma }] of vmas.entries()) {
    if (action !== 'copy') continue;
    copy++;
    tables.add(vma.vmStart, vma.vmEnd);
    const rss = smaps[at]?.fields.get('Rss');
    residentKb = rss === undefined || residentKb === null ? null : residentKb + rss;
  }
  return {
    profile: profile.name,
    copy,
    refault: vmas.filter(({ action }) => action === 'refault').length,
    residentPages: residentKb === null ? null : (residentKb * 1024) / PAGE_SIZE,
    childTablesKbAtMost: tables.count.kB,
  };
}
