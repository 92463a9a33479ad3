import {
  backingOf,
  type ForkPreviewVma,
  type GuardRegion,
  nameOfVma,
  pairVerdicts,
  type Replay,
  type ReplaySpace,
  tablesFor,
} from 'fork-sim';
import { forkShort, refusalShort } from 'fork-sim/words';
import { formatVmFlags, PAGE_SIZE, permissions, type Vma } from 'vma-core';
import { hexAddress } from './callRef.ts';
import type { VmaReport } from './replayReport.ts';

/** What a row needs besides the VMA itself. */
export interface MapInput {
  readonly replay: Replay;
  readonly space: ReplaySpace;
  /** The VMAs, in address order. */
  readonly vmas: readonly Vma[];
  readonly decisions: readonly ForkPreviewVma[];
  readonly guards: readonly GuardRegion[];
  /** Pages that were resident, by range, in kB as the final smaps says; empty without one. */
  readonly residentKb: ReadonlyMap<string, number>;
}

/** Every VMA of an address space, with what fork would do to it and what keeps it from the one above. */
export function describeMap(input: MapInput): VmaReport[] {
  const { replay, space, vmas } = input;
  const { profile, softDirty, files } = replay.world;
  const walls = new Map(
    pairVerdicts(vmas, { profile, softDirty, files }).map(({ below, refusal }) => [below.ref, refusal] as const),
  );
  const guardPages = pagesPerVma(vmas, input.guards);
  return vmas.map((vma, at) => {
    const wall = walls.get(vma.ref);
    const decision = input.decisions[at] as ForkPreviewVma;
    const residentKb = input.residentKb.get(rangeKey(vma.vmStart, vma.vmEnd));
    return {
      start: hexAddress(vma.vmStart),
      end: hexAddress(vma.vmEnd),
      pages: (vma.vmEnd - vma.vmStart) / PAGE_SIZE,
      perms: permissions(vma.vmFlags),
      pgoff: vma.vmFile === null ? 0 : vma.vmPgoff,
      flags: formatVmFlags(vma.vmFlags),
      backing: backingOf(vma),
      name: nameOfVma(replay.files, space, vma),
      anonVma: vma.anonVma,
      assumed: space.isAssumed(vma),
      guardPages: guardPages[at]!,
      resident: residentKb === undefined ? null : (residentKb * 1024) / PAGE_SIZE,
      fork: {
        action: decision.action,
        why: forkReason(decision),
        ptes: decision.ptes,
        tablesKb: tablesFor([{ start: vma.vmStart, end: vma.vmEnd }]).kB,
      },
      wall: wall === undefined || wall === null ? null : { rule: wall.rule, text: refusalShort(wall) },
      seam: wall === null,
    };
  });
}

/** Why fork does what it does, in a few words. */
export function forkReason({ action, reason }: Pick<ForkPreviewVma, 'action' | 'reason'>): string {
  const flags = reason !== null && 'flags' in reason ? formatVmFlags(reason.flags) : '';
  return forkShort({ action, rule: reason?.rule ?? null }, flags);
}

/** Key of a range in {@link MapInput.residentKb}. */
function rangeKey(start: number, end: number): string {
  return `${start}-${end}`;
}

/** Resident kB by range, of a real map. */
export function residentByRange(
  rows: readonly { start: number; end: number; fields: ReadonlyMap<string, number> }[],
): Map<string, number> {
  const resident = new Map<string, number>();
  for (const { start, end, fields } of rows) {
    const rss = fields.get('Rss');
    if (rss !== undefined) resident.set(rangeKey(start, end), rss);
  }
  return resident;
}

function pagesPerVma(vmas: readonly Vma[], guards: readonly GuardRegion[]): number[] {
  let next = 0;
  return vmas.map(({ vmEnd }) => {
    let pages = 0;
    for (; next < guards.length; next++) {
      const guard = guards[next] as GuardRegion;
      if (guard.start >= vmEnd) break;
      pages += (guard.end - guard.start) / PAGE_SIZE;
    }
    return pages;
  });
}
