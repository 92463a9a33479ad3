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

/** A stretch of time in words, with one digit, or two below 20: `210–560 ms`. Rounded outwards. */
export function timeText({ from, to }: { readonly from: number; readonly to: number }): string {
  const [unit, ms] = to >= 1000 ? ['s', 1000] : to >= 1 ? ['ms', 1] : ['µs', 0.001];
  return `${rounded(from / ms, Math.floor)}–${rounded(to / ms, Math.ceil)} ${unit}`;
}

function rounded(value: number, round: (value: number) => number): string {
  if (value === 0) return '0';
  const step = 10 ** (Math.floor(Math.log10(value)) - 1);
  return String(Number((round(value / step) * step).toPrecision(2)));
}

/** Where the times of a fork come from, in one sentence. */
export const FORK_TIME_SOURCE =
  'From 9 to 23.3 ms for each GB of 4 kB pages (Redis\u2019s documentation: physical machines, VMware, KVM; old Xen guests took up to 424), and from 0.3 to 0.7 µs for each huge page and 0.15 to 0.4 µs for each VMA (a KVM guest with Linux 6.18.44).';
