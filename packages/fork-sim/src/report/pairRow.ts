import type { MergeRefusal, Vma } from 'vma-core';
import { type PairInput, pairVerdict } from 'vma-core';
import type { Process } from '../process/process.ts';

/**
 * Two VMAs that touch. `seam`: nothing keeps them apart, the next call that asks joins them; `wall`: a rule does; `unknown`: it depends on
 * their anon_vmas, which smaps does not show.
 */
export type PairRow = { readonly kind: 'seam' } | { readonly kind: 'unknown' | 'wall'; readonly refusal: MergeRefusal };

/** Asks the rules about two VMAs that touch. `isSmaps`: all that is known of them is a smaps. */
export function pairAsker({ world }: Process, isSmaps: boolean): (below: Vma, above: Vma) => PairRow {
  const { profile, softDirty, files } = world;
  const ask = isSmaps ? smapsPair : pairOf;
  return (below, above) => ask(below, above, { profile, softDirty, files });
}

function pairOf(below: Vma, above: Vma, input: PairInput): PairRow {
  const { refusal } = pairVerdict(below, above, input);
  return refusal === null ? { kind: 'seam' } : { kind: 'wall', refusal };
}

/**
 * smaps shows no anon_vma, but pages of its own prove one. The rules are therefore asked twice: with what is proven, were the two anon_vmas
 * the same; and, where both have one, were they different.
 */
function smapsPair(below: Vma, above: Vma, input: PairInput): PairRow {
  const both = below.anonVma !== null && above.anonVma !== null;
  const asIf = (vma: Vma, anonVma: number | null): Vma => ({ ...vma, anonVma, anonVmaChain: anonVma === null ? 0 : 1 });
  const known = (vma: Vma): Vma => asIf(vma, vma.anonVma === null ? null : 1);
  const same = pairOf(known(below), known(above), input);
  if (same.kind !== 'seam' || !both) return same;
  const different = pairOf(asIf(below, 1), asIf(above, 2), input);
  return different.kind === 'seam' ? different : { ...different, kind: 'unknown' };
}
