import type { KernelProfile } from '../kernelProfile.ts';
import { Mm } from '../mm.ts';
import type { MmEvent } from '../observer.ts';
import type { Vma, VmFile } from '../vma.ts';
import { NO_VMA } from '../vmaStore.ts';
import type { MergeRefusal } from './mergeRefusal.ts';
import { vmaMergeExistingRange } from './vmaMergeExistingRange.ts';
import { vmgVmaState } from './vmaMergeStruct.ts';

/** Two VMAs that touch, and whether they could be one. */
export interface PairVerdict {
  /** The lower of the two. */
  readonly below: Vma;
  /** The upper one, which starts where the lower one ends. */
  readonly above: Vma;
  /** `null`: nothing stops them; they would merge at the next call that asks. */
  readonly refusal: MergeRefusal | null;
}

/** What the rules ask of two neighbours: their columns, and what is known of their files. */
export interface PairInput {
  /** The kernel to ask: a profile, or its name or version. */
  readonly profile: KernelProfile | string;
  /** Open files by id. */
  readonly files: Map<number, VmFile>;
  /** As in `MmOptions`. */
  readonly softDirty: boolean;
}

/**
 * Asks the merge rules about two VMAs that touch: would one, were its attributes set to what they are, become part of the other? Up to 6.12
 * it matters which of the two is asked, so both are. The question is put to copies, and nothing changes.
 */
export function pairVerdict(below: Vma, above: Vma, input: PairInput): PairVerdict {
  const refusal = refusalAsking(below, above, above, input);
  const canMerge = refusal === null || refusalAsking(below, above, below, input) === null;
  return { below, above, refusal: canMerge ? null : refusal };
}

/** Why `range`, one of the two, would not merge with the other; `null`: it would. */
function refusalAsking(below: Vma, above: Vma, range: Vma, input: PairInput): MergeRefusal | null {
  const mm = new Mm({ profile: input.profile, softDirty: input.softDirty, files: input.files });
  const side = range === above ? 'prev' : 'next';
  let refusal: MergeRefusal | null = null;
  mm.observer = (event: MmEvent) => {
    if (event.kind === 'refused' && event.side === side) refusal = event.refusal;
  };
  const lower = mm.add(below);
  const upper = mm.add(above);
  const [prev, middle] = range === above ? [lower, upper] : [NO_VMA, lower];
  return vmaMergeExistingRange(vmgVmaState(mm, prev, middle, range.vmStart, range.vmEnd)) === NO_VMA ? refusal : null;
}

/** Every pair of VMAs that touch, in address order. */
export function pairVerdicts(vmas: readonly Vma[], input: PairInput): PairVerdict[] {
  const pairs: PairVerdict[] = [];
  for (let at = 1; at < vmas.length; at++) {
    const below = vmas[at - 1] as Vma;
    const above = vmas[at] as Vma;
    if (below.vmEnd === above.vmStart) pairs.push(pairVerdict(below, above, input));
  }
  return pairs;
}
