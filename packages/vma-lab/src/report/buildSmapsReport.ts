import {
  adoptSmaps,
  type ForkPreviewVma,
  forkPreview,
  hasSoftDirty,
  isGateVma,
  LONGEST_GUARD,
  pairVerdict,
  ReplaySpace,
  rowOfVma,
  tablesFor,
  World,
} from 'fork-sim';
import type { SmapsEntry } from 'proc-io';
import {
  KERNEL_PROFILES,
  type KernelProfile,
  kernelProfile,
  MADV,
  type MergeRefusal,
  PAGE_SIZE,
  PROT_EXEC,
  PROT_READ,
  PROT_WRITE,
  VM_ACCESS_FLAGS,
  VM_EXEC,
  VM_MAYSHARE,
  VM_READ,
  VM_WRITE,
  type Vma,
} from 'vma-core';
import type { ChosenKernel } from '../cli/options.ts';
import { hexAddress } from './callRef.ts';
import { describeReason } from './describeMap.ts';
import { describeWall } from './describeRefusal.ts';
import { backingOf } from './nameOfVma.ts';
import type { PairAnswer, SmapsForkReport, SmapsReport, SmapsVmaReport } from './smapsReport.ts';

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
    guards: guardsAtBest(own, profile),
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
      why: describeReason(decision),
      tablesKb: tablesFor([{ start: vma.vmStart, end: vma.vmEnd }]).kB,
    },
    above: next === undefined || next.vmStart !== vma.vmEnd ? null : pairAnswer(space, vma, next),
  };
}

/**
 * smaps shows no anon_vma, but pages of its own prove one. The rules are therefore asked twice: with what is proven, were the two
 * anon_vmas the same; and, where both have one, were they different.
 */
function pairAnswer(space: ReplaySpace, below: Vma, above: Vma): NonNullable<SmapsVmaReport['above']> {
  const { profile, softDirty, files } = space.process.world;
  const input = { profile, softDirty, files };
  const both = below.anonVma !== null && above.anonVma !== null;
  const asIf = (vma: Vma, anonVma: number | null): Vma => ({ ...vma, anonVma, anonVmaChain: anonVma === null ? 0 : 1 });
  const known = (vma: Vma): Vma => asIf(vma, vma.anonVma === null ? null : 1);
  const { refusal } = pairVerdict(known(below), known(above), input);
  if (refusal !== null) return answer('never', refusal, describeWall(refusal));
  if (!both) return answer('could', null, 'nothing that smaps tells keeps them apart');
  const different = pairVerdict(asIf(below, 1), asIf(above, 2), input).refusal;
  if (different === null) return answer('could', null, 'nothing that smaps tells keeps them apart');
  return answer('unknown', different, 'anon_vma: the same or two, smaps does not tell');
}

function answer(given: PairAnswer, refusal: MergeRefusal | null, text: string): NonNullable<SmapsVmaReport['above']> {
  return { answer: given, rule: refusal?.rule ?? null, text };
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

/**
 * Counts VMAs as if every short PROT_NONE range beside accessible anonymous memory were a guard marker in it. At best: no anon_vmas
 * stand in the way.
 */
function guardsAtBest(entries: readonly SmapsEntry[], chosen: KernelProfile): SmapsReport['guards'] {
  const profile = chosen.guards === 'none' ? kernelProfile('6.19') : chosen;
  const { process } = adopt(entries, profile, 'never');
  const vmas = process.mm.vmas();
  let count = 0;
  for (const [at, vma] of vmas.entries()) {
    if (!isGuard(vma)) continue;
    const host = [vmas[at + 1], vmas[at - 1]].find((one) => one !== undefined && isHost(one) && touches(vma, one));
    if (host === undefined) continue;
    count++;
    const length = vma.vmEnd - vma.vmStart;
    process.mprotect(vma.vmStart, length, protOf(host));
    process.madvise(vma.vmStart, length, MADV.GUARD_INSTALL);
  }
  return { count, vmasAtBest: process.mm.mapCount };
}

function isGuard(vma: Vma): boolean {
  const isPrivateAnonymous = vma.vmFile === null && (vma.vmFlags & VM_MAYSHARE) === 0n;
  return isPrivateAnonymous && (vma.vmFlags & VM_ACCESS_FLAGS) === 0n && vma.vmEnd - vma.vmStart <= LONGEST_GUARD;
}

function isHost(vma: Vma): boolean {
  return backingOf(vma) === 'anonymous' && (vma.vmFlags & VM_WRITE) !== 0n;
}

function touches(a: Vma, b: Vma): boolean {
  return a.vmEnd === b.vmStart || b.vmEnd === a.vmStart;
}

function protOf(vma: Vma): number {
  const has = (flag: bigint, prot: number): number => ((vma.vmFlags & flag) === 0n ? 0 : prot);
  return has(VM_READ, PROT_READ) | has(VM_WRITE, PROT_WRITE) | has(VM_EXEC, PROT_EXEC);
}
