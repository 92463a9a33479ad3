import type { ForkAction, NeedsCopyReason } from 'vma-core';

/** A decision of fork: what it does, and the rule of `vma_needs_copy()`; `null` where it did not ask. */
export interface ForkDecided {
  readonly action: ForkAction;
  readonly rule: NeedsCopyReason['rule'] | null;
}

/** One reason in words. */
export interface ForkWords {
  /** In a column. */
  readonly short: string;
  /** As a clause. */
  readonly why: string;
}

/** Why fork does what it does, in words. A reason without a row does not compile. */
export const FORK_WORDS: Readonly<Record<NeedsCopyReason['rule'] | 'wipe' | 'skip', ForkWords>> = {
  dstFlags: { short: 'flags', why: "the child's flags ask for it" },
  srcFlags: { short: 'flags', why: "the parent's flags ask for it" },
  anonVma: { short: 'anon_vma', why: 'it has an anon_vma, so it may hold private pages' },
  refault: { short: 'nothing of its own', why: 'a fault can make every page table entry again' },
  wipe: { short: 'MADV_WIPEONFORK', why: 'MADV_WIPEONFORK' },
  skip: { short: 'MADV_DONTFORK', why: 'MADV_DONTFORK' },
};

/** The reason of a decision in words. */
export function forkWords({ action, rule }: ForkDecided): ForkWords {
  return FORK_WORDS[rule ?? (action === 'wipe' ? 'wipe' : 'skip')];
}

/** The reason in a column. `flags`: those that the rule found, as smaps prints them. */
export function forkShort(decided: ForkDecided, flags: string): string {
  const { short } = forkWords(decided);
  return flags === '' ? short : `${short} ${flags}`;
}

/** The reason as a clause. `flags`: those that the rule found, as smaps prints them. */
export function forkWhy(decided: ForkDecided, flags: string): string {
  const { why } = forkWords(decided);
  return flags === '' ? why : `${why} (${flags})`;
}
