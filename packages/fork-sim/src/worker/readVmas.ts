import { formatVmFlags, InvariantError, NO_VMA, PAGE_SIZE, permissions, type Vma, type VmFlags } from 'vma-core';
import type { Process } from '../process/process.ts';
import { backingOf } from '../report/backingOf.ts';
import { type ForkPreviewVma, forkPreviewVmas } from '../report/forkPreview.ts';
import { guardRegions } from '../report/guardRegions.ts';
import { nameOfVma } from '../report/nameOfVma.ts';
import { tablesFor } from '../report/tablesFor.ts';
import type { VmaDetail, VmasInput } from './logTypes.ts';
import type { ReplayContext } from './subject.ts';
import { type Above, becauseOf, pairAsker } from './sumUp.ts';

/** VMAs of one answer at most. */
const MAX_VMAS = 512;

/** VMAs with what the rules say of each, from an address on. @throws InvariantError for a window that is none */
export function readVmas(process: Process, context: ReplayContext | null, input: VmasInput): VmaDetail[] {
  const { from = 0, max = MAX_VMAS } = input;
  if (!(from >= 0) || !Number.isSafeInteger(max) || max < 1 || max > MAX_VMAS) {
    throw new InvariantError(`no window of VMAs: ${max} from ${from} on, at most ${MAX_VMAS}`);
  }
  const { mm } = process;
  const vmas: Vma[] = [];
  let ref = mm.index.find(from);
  for (; ref !== NO_VMA && vmas.length < max; ref = mm.index.next(ref)) vmas.push(mm.view(ref));
  const beyond = ref === NO_VMA ? null : mm.view(ref);
  const decisions = [...forkPreviewVmas(process, vmas)];
  const ask = pairAsker(process, context);
  const guards = guardRegions(process, vmas[0]?.vmStart ?? 0, vmas.at(-1)?.vmEnd ?? 0);
  return vmas.map((vma, at) => {
    const flags = formatVmFlags(vma.vmFlags);
    return {
      start: vma.vmStart,
      end: vma.vmEnd,
      perms: permissions(vma.vmFlags),
      pgoff: vma.vmFile === null ? 0 : vma.vmPgoff,
      flags,
      sticky: formatVmFlags((vma.vmFlags & process.world.profile.sticky) as VmFlags),
      backing: backingOf(vma),
      name: context === null ? '' : nameOfVma(context.files, context.space, vma),
      anonVma: vma.anonVma,
      assumed: context?.space.isAssumed(vma) ?? false,
      guardPages: guards.reduce((sum, { start, end }) => sum + overlap(vma, start, end), 0),
      fork: forkDetail(decisions[at] as ForkPreviewVma),
      above: aboveOf(vma, vmas[at + 1] ?? beyond, ask),
    };
  });
}

function forkDetail(decision: ForkPreviewVma): VmaDetail['fork'] {
  const { action, reason, vma, ptes, kB } = decision;
  const kBAtMost = tablesFor([{ start: vma.vmStart, end: vma.vmEnd }]).kB;
  return { action, rule: reason?.rule ?? null, because: becauseOf(decision), ptes, kB, kBAtMost };
}

function aboveOf(vma: Vma, above: Vma | null, ask: (below: Vma, above: Vma) => Above): VmaDetail['above'] {
  if (above === null) return { kind: 'top' };
  if (above.vmStart > vma.vmEnd) return { kind: 'hole', pages: (above.vmStart - vma.vmEnd) / PAGE_SIZE };
  return ask(vma, above);
}

function overlap({ vmStart, vmEnd }: Vma, start: number, end: number): number {
  return Math.max(0, Math.min(vmEnd, end) - Math.max(vmStart, start)) / PAGE_SIZE;
}
