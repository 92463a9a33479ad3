import {
  adoptSmaps,
  backingOf,
  type ForkPreviewVma,
  forkPreview,
  guardsAtBest,
  hasSoftDirty,
  isGateVma,
  ReplaySpace,
  rowOfVma,
  smapsPairVerdict,
  tablesFor,
  World,
} from 'fork-sim';
import { refusalShort } from 'fork-sim/words';
import type { SmapsEntry } from 'proc-io';
import { KERNEL_PROFILES, type KernelProfile, kernelProfile, PAGE_SIZE, type Vma } from 'vma-core';
import type { ChosenKernel } from '../cli/options.ts';
import { hexAddress } from './callRef.ts';
import { forkReason } from './describeMap.ts';
import type { SmapsForkReport, SmapsReport, SmapsVmaReport } from './smapsReport.ts';

/** Answers from a smaps alone. */
export function buildSmapsReport(
  file: string,
  entries: readonly SmapsEntry[],
  kernel: ChosenKernel,
  maxMapCount: number,
): SmapsReport {
  const own = entries.filter((entry) => !isGateVma(entry));
  const { profile } = kernel;
  const space = adopt(own, profile, 'auto');
  const vmas = space.process.mm.vmas();
  const decisions = forkPreview(space.process).vmas;
  const others = KERNEL_PROFILES.filter(({ name }) => name !== profile.name);
  return {
    kind: 'smaps',
    version: 1,
    file,
    kernel: kernel.kernel,
    profile: profile.name,
    measured: kernel.measured,
    vmas: own.length,
    maxMapCount,
    toSpare: maxMapCount - own.length,
    map: vmas.map((_, at) => describeVma(space, vmas, at, own[at] as SmapsEntry, decisions[at] as ForkPreviewVma)),
    forks: [
      forkOn(profile.name, decisions, own),
      ...others.map((other) => forkOn(other.name, forkPreview(adopt(own, other, 'auto').process).vmas, own)),
    ],
    guards: asMarkers(own, profile),
  };
}

/** An address space with what smaps lists; pages of its own mean an anon_vma, unless `never`. */
function adopt(entries: readonly SmapsEntry[], profile: KernelProfile, faults: 'auto' | 'never'): ReplaySpace {
  const world = new World({ profile: { ...profile, anonNames: true }, softDirty: hasSoftDirty(entries) });
  const space = new ReplaySpace(world.newProcess(), faults, true);
  adoptSmaps(space, entries);
  return space;
}

function describeVma(
  space: ReplaySpace,
  vmas: readonly Vma[],
  at: number,
  entry: SmapsEntry,
  decision: ForkPreviewVma,
): SmapsVmaReport {
  const vma = vmas[at] as Vma;
  const row = rowOfVma(vma, entry.name);
  const next = vmas[at + 1];
  const pagesOf = (field: string): number | null => {
    const kB = entry.fields.get(field);
    return kB === undefined ? null : (kB * 1024) / PAGE_SIZE;
  };
  return {
    start: hexAddress(vma.vmStart),
    end: hexAddress(vma.vmEnd),
    pages: (vma.vmEnd - vma.vmStart) / PAGE_SIZE,
    perms: row.perms,
    pgoff: row.pgoff,
    flags: row.flags,
    backing: backingOf(vma),
    name: entry.name,
    resident: pagesOf('Rss'),
    anonymousPages: pagesOf('Anonymous'),
    fork: {
      action: decision.action,
      why: forkReason(decision),
      tablesKb: tablesFor([{ start: vma.vmStart, end: vma.vmEnd }]).kB,
    },
    above: next === undefined || next.vmStart !== vma.vmEnd ? null : pairAnswer(space, vma, next),
  };
}

/** What the rules say of two neighbours, as far as smaps tells. */
function pairAnswer(space: ReplaySpace, below: Vma, above: Vma): NonNullable<SmapsVmaReport['above']> {
  const { profile, softDirty, files } = space.process.world;
  const { answer, refusal } = smapsPairVerdict(below, above, { profile, softDirty, files });
  const rule = refusal?.rule ?? null;
  if (answer === 'unknown') return { answer, rule, text: 'anon_vma: the same or two, smaps does not tell' };
  const text = refusal === null ? 'nothing that smaps tells keeps them apart' : refusalShort(refusal);
  return { answer, rule, text };
}

function forkOn(
  profile: string,
  decisions: readonly ForkPreviewVma[],
  entries: readonly SmapsEntry[],
): SmapsForkReport {
  const copied = decisions.flatMap((decision, at) =>
    decision.action === 'copy' ? [{ decision, entry: entries[at] as SmapsEntry }] : [],
  );
  const residentKb = copied.reduce((sum, { entry }) => sum + (entry.fields.get('Rss') ?? 0), 0);
  return {
    profile,
    copy: copied.length,
    refault: decisions.filter(({ action }) => action === 'refault').length,
    residentPages: (residentKb * 1024) / PAGE_SIZE,
    tablesKbAtMost: tablesFor(copied.map(({ decision }) => ({ start: decision.vma.vmStart, end: decision.vma.vmEnd })))
      .kB,
  };
}

/** Counts VMAs as if every short PROT_NONE range were a guard marker. At best: no anon_vmas stand in the way. */
function asMarkers(entries: readonly SmapsEntry[], chosen: KernelProfile): SmapsReport['guards'] {
  const profile = chosen.guards === 'none' ? kernelProfile('6.19') : chosen;
  const { process } = adopt(entries, profile, 'never');
  const count = guardsAtBest(process);
  return { count, vmasAtBest: process.mm.mapCount };
}
