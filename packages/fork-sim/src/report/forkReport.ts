import type { SmapsEntry } from 'proc-io';
import type { ForkAction, NeedsCopyReason, VmFlags } from 'vma-core';
import { geometryOf, type MapGeometry, X86_64 } from '../replay/mapGeometry.ts';
import { type ForkEntries, forkEntries } from './forkEntries.ts';
import { forkTime, type TimeRange } from './forkTime.ts';
import { TableCounter } from './tablesFor.ts';
import { type VmaGroup, vmaGroups } from './vmaGroups.ts';
import { isLeftReserve, type VmaRow } from './vmaRow.ts';

/** What a fork does with some VMAs. */
export interface ForkSum {
  readonly vmas: number;
  /** Pages that they span. */
  readonly pages: number;
  /** What is in them; `null`: the input does not tell. */
  readonly shown: ForkEntries | null;
  /** Page tables for them, were every page mapped; kB. `null`: the machine's page tables are not known. */
  readonly tablesKbAtMost: number | null;
}

/** Like VMAs with which a fork does the same for the same reason. */
export interface ForkVmaGroup extends ForkSum {
  readonly group: VmaGroup;
  readonly action: ForkAction;
  readonly rule: NeedsCopyReason['rule'] | null;
  /** The flags that the rule found. */
  readonly flags: VmFlags;
  /** Its anon_vma, for which it is copied, is assumed. */
  readonly assumed: boolean;
}

/** What a fork of a process would do. */
export interface ForkReport {
  readonly vmas: number;
  /** By what is done with them; a reserve is among {@link reserves} alone. */
  readonly sums: { readonly [action in ForkAction]: ForkSum };
  /** Left to refault, and none of it can be: memory that nothing may access and nothing was written to. */
  readonly reserves: ForkSum;
  /** Every VMA that is no reserve, by group: what is copied first, most entries first. */
  readonly groups: readonly ForkVmaGroup[];
  /** How long it takes; of a process whose pages are not shown, were none there and were all there. */
  readonly time: TimeRange;
  /** The time is that of the pages that there are. */
  readonly timeIsKnown: boolean;
}

/**
 * Sums up what a fork would do with a map.
 *
 * @param rows all VMAs, in address order
 * @param smaps what a real smaps says of the same VMAs; empty: none does
 */
export function forkReport(rows: readonly VmaRow[], smaps: readonly SmapsEntry[]): ForkReport {
  const geometry = smaps.length === 0 ? X86_64 : geometryOf(smaps);
  const entries = new Map(smaps.map((entry) => [`${entry.start} ${entry.end}`, entry]));
  return forkReportOf(rows, ({ start, end }) => forkEntries(entries.get(`${start} ${end}`), geometry), geometry);
}

/** The same, where the pages of each VMA are known otherwise. */
export function forkReportOf(
  rows: readonly VmaRow[],
  shownOf: (row: VmaRow) => ForkEntries | null,
  geometry: MapGeometry = X86_64,
): ForkReport {
  const sumOf = (some: readonly VmaRow[]): ForkSum => sumUp(some, shownOf, geometry);
  const isOf = (action: ForkAction) => (row: VmaRow) => row.fork.action === action && !isLeftReserve(row);
  const of = (action: ForkAction): readonly VmaRow[] => rows.filter(isOf(action));
  const [copied, left, wiped, skipped] = [of('copy'), of('refault'), of('wipe'), of('skip')];
  const sums = { copy: sumOf(copied), refault: sumOf(left), wipe: sumOf(wiped), skip: sumOf(skipped) };
  const groups = [copied, left, wiped, skipped].flatMap((some) => groupsOf(some, sumOf));
  const { copy } = sums;
  const work = (shown: Pick<ForkEntries, 'entries' | 'huge'>): TimeRange => forkTime({ vmas: rows.length, ...shown });
  const [least, most] =
    copy.shown === null
      ? [work({ entries: 0, huge: 0 }), work({ entries: copy.pages, huge: 0 })]
      : [work(copy.shown), work(copy.shown)];
  return {
    vmas: rows.length,
    sums,
    reserves: sumOf(rows.filter(isLeftReserve)),
    groups,
    time: { from: least.from, to: most.to },
    timeIsKnown: copy.shown !== null,
  };
}

function sumUp(rows: readonly VmaRow[], shownOf: (row: VmaRow) => ForkEntries | null, geometry: MapGeometry): ForkSum {
  const tables = new TableCounter(geometry);
  const shown = { resident: 0, entries: 0, huge: 0 };
  let isShown = true;
  let pages = 0;
  for (const row of rows) {
    tables.add(row.start, row.end);
    pages += (row.end - row.start) / geometry.pageSize;
    const own = shownOf(row);
    if (own === null) isShown = false;
    shown.resident += own?.resident ?? 0;
    shown.entries += own?.entries ?? 0;
    shown.huge += own?.huge ?? 0;
  }
  return { vmas: rows.length, pages, shown: isShown ? shown : null, tablesKbAtMost: tables.count.kB };
}

/** Like VMAs of one action: those with most entries first, then the longest. */
function groupsOf(rows: readonly VmaRow[], sumOf: (some: readonly VmaRow[]) => ForkSum): ForkVmaGroup[] {
  const decided = ({ fork, assumed }: VmaRow): string => `${fork.rule} ${fork.flags} ${assumed}`;
  return vmaGroups(rows, { alike: decided, single: true })
    .map((group) => {
      const some = group.starts.map((at) => rows[at]!);
      const [{ fork, assumed }] = some as [VmaRow];
      const { action, rule, flags } = fork;
      return { group, action, rule, flags, assumed: assumed && rule === 'anonVma', ...sumOf(some) };
    })
    .sort((a, b) => (b.shown?.entries ?? 0) - (a.shown?.entries ?? 0) || b.pages - a.pages);
}
