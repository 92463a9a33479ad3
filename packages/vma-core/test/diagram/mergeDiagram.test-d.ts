/** Checked by `tsc -p test`: what a merge answers is told apart by its state. Nothing here runs. */
import type { MergeRefusal } from 'vma-core';
import type { DiagramOutcome } from 'vma-core/diagram';

type Expect<T extends true> = T;
type Is<A, B> = [A, B] extends [B, A] ? true : false;
type Of<S extends DiagramOutcome['state']> = Extract<DiagramOutcome, { state: S }>;

export type Outcomes = [
  Expect<Is<DiagramOutcome['state'], 'success' | 'nomerge' | 'nomem'>>,
  Expect<Is<'merged' extends keyof Of<'success'> ? true : false, true>>,
  Expect<Is<'merged' extends keyof Extract<DiagramOutcome, { state: 'nomerge' | 'nomem' }> ? true : false, false>>,
  Expect<Is<DiagramOutcome['prev'], MergeRefusal | null>>,
  // A rule fixes which two values stand beside it.
  Expect<Is<keyof Extract<MergeRefusal, { rule: 'pgoff' }>, 'rule' | 'want' | 'got'>>,
];
