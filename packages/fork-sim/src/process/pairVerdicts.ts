import {
  type KernelProfile,
  type MergeRefusal,
  Mm,
  type MmEvent,
  NO_VMA,
  type Vma,
  VmaMergeStruct,
  type VmaRef,
  type VmFile,
  vmaMergeExistingRange,
} from 'vma-core';

/** Two VMAs that touch, and whether they could be one. */
export interface PairVerdict {
  readonly below: Vma;
  readonly above: Vma;
  /** `null`: nothing stops them; they would merge at the next call that asks. */
  readonly refusal: MergeRefusal | null;
}

/** What the rules ask of two neighbours: their columns, and what is known of their files. */
export interface PairInput {
  readonly profile: KernelProfile;
  readonly files: Map<number, VmFile>;
  readonly softDirty: boolean;
}

/**
 * Asks the merge rules about two VMAs that touch: would one, were its attributes set to what they are, become part of the other? Up to 6.12
 * it matters which of the two is asked, so both are. The question is put to copies, and nothing changes.
 */
export function pairVerdict(below: Vma, above: Vma, input: PairInput): PairVerdict {
  const refusal = refusalOf(below, above, above, input);
  const canMerge = refusal === null || refusalOf(below, above, below, input) === null;
  return { below, above, refusal: canMerge ? null : refusal };
}

/** Why `range`, one of the two, would not merge with the other; `null`: it would. */
function refusalOf(below: Vma, above: Vma, range: Vma, input: PairInput): MergeRefusal | null {
  const mm = new Mm({ profile: input.profile, softDirty: input.softDirty, files: input.files });
  const side = range === above ? 'prev' : 'next';
  let refusal: MergeRefusal | null = null;
  mm.observer = (event: MmEvent) => {
    if (event.kind === 'refused' && event.side === side) refusal = event.refusal;
  };
  const lower = copyOf(mm, below);
  const upper = copyOf(mm, above);
  const prev = range === above ? lower : NO_VMA;
  const middle = range === above ? upper : lower;
  const vmg = new VmaMergeStruct(mm).setFromVma(prev, middle, range.vmStart, range.vmEnd);
  return vmaMergeExistingRange(vmg) === NO_VMA ? refusal : null;
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

function copyOf(mm: Mm, vma: Vma): VmaRef {
  const { store } = mm;
  const ref = store.alloc();
  store.start[ref] = vma.vmStart;
  store.end[ref] = vma.vmEnd;
  store.pgoff[ref] = vma.vmPgoff;
  store.anonPgoff[ref] = vma.anonPgoff;
  store.flagsLo[ref] = Number(vma.vmFlags & 0xffff_ffffn);
  store.flagsHi[ref] = Number(vma.vmFlags >> 32n);
  store.file[ref] = vma.vmFile ?? 0;
  store.anonVma[ref] = vma.anonVma ?? 0;
  store.anonVmaChain[ref] = vma.anonVmaChain;
  store.uffd[ref] = vma.userfaultfd ?? 0;
  store.policy[ref] = vma.policy;
  store.anonName[ref] = mm.anonNameId(vma.anonName);
  mm.linkVma(ref);
  return ref;
}
