import type { MergeRefusal, Vma } from 'vma-core';
import { type PairInput, pairVerdict } from '../process/pairVerdicts.ts';

/**
 * May a VMA of a smaps and the one above it be one?
 *
 * - `never`: a rule that smaps can tell keeps them apart as they are.
 * - `could`: nothing that smaps tells does; the next call that asks would join them.
 * - `unknown`: both have pages of their own, and smaps does not show whether they share an anon_vma.
 */
export type PairAnswer = 'never' | 'could' | 'unknown';

/** The answer, and the rule that gives it; `null`: no rule. */
export interface SmapsPairVerdict {
  readonly answer: PairAnswer;
  readonly refusal: MergeRefusal | null;
}

/**
 * smaps shows no anon_vma, but pages of its own prove one. The rules are therefore asked twice: with what is proven, were the two
 * anon_vmas the same; and, where both have one, were they different.
 */
export function smapsPairVerdict(below: Vma, above: Vma, input: PairInput): SmapsPairVerdict {
  const both = below.anonVma !== null && above.anonVma !== null;
  const asIf = (vma: Vma, anonVma: number | null): Vma => ({ ...vma, anonVma, anonVmaChain: anonVma === null ? 0 : 1 });
  const known = (vma: Vma): Vma => asIf(vma, vma.anonVma === null ? null : 1);
  const { refusal } = pairVerdict(known(below), known(above), input);
  if (refusal !== null) return { answer: 'never', refusal };
  const different = both ? pairVerdict(asIf(below, 1), asIf(above, 2), input).refusal : null;
  return { answer: different === null ? 'could' : 'unknown', refusal: different };
}
