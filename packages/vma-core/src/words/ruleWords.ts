import type { MergeRefusal, MergeRule } from '../merge/mergeRefusal.ts';
import { formatVmFlags } from '../vmFlags.ts';
import { flagsDiffWords } from './flagWords.ts';
import { formatPgoff } from './numbers.ts';

/** One rule in words. Methods, so that a row of one rule can be used where any rule is. */
export interface RuleWords<Refusal extends MergeRefusal = MergeRefusal> {
  /** The kernel function or constant that refuses. */
  readonly kernelFunction: string;
  /** The reason why two neighbours stay two, without its values: a clause. */
  readonly title: string;
  /** The reason with its values as a sentence. By default the title. */
  sentence?(refusal: Refusal): string;
}

/** Every rule in words; its values are in `ruleValues.ts`. A rule without a row does not compile. */
export const RULE_WORDS: {
  readonly [R in MergeRule]: RuleWords<Extract<MergeRefusal, { readonly rule: R }>>;
} = {
  notAdjacent: {
    kernelFunction: 'can_vma_merge_left/right()',
    title: 'there is a hole between them',
  },
  notAtEdge: {
    kernelFunction: 'vma_merge_existing_range()',
    title: 'the range does not reach this edge of its VMA',
  },
  special: {
    kernelFunction: 'VM_SPECIAL',
    title: 'special mappings never merge',
    sentence: ({ flags }) => `Special mappings (${formatVmFlags(flags)}) never merge.`,
  },
  vmFlags: {
    kernelFunction: 'is_mergeable_vma()',
    title: 'flags differ',
    sentence: ({ diff }) => `The flags differ by ${flagsDiffWords(diff)}, which this kernel does not ignore.`,
  },
  vmFile: {
    kernelFunction: 'is_mergeable_vma()',
    title: 'they are not backed by the same open file',
  },
  policy: {
    kernelFunction: 'is_mergeable_vma()',
    title: 'their memory policies differ',
  },
  userfaultfd: {
    kernelFunction: 'is_mergeable_vma()',
    title: 'they belong to different userfaultfds',
  },
  anonName: {
    kernelFunction: 'is_mergeable_vma()',
    title: 'their names differ',
  },
  anonVma: {
    kernelFunction: 'is_mergeable_anon_vma()',
    title: 'they have two different anon_vmas',
    sentence: ({ range, neighbour }) =>
      `Both were written, apart from each other, and have two anon_vmas (av${range} and av${neighbour}).`,
  },
  forkChild: {
    kernelFunction: 'is_mergeable_anon_vma()',
    title: 'only one side has an anon_vma, and that side was inherited over a fork',
    sentence: ({ chain }) =>
      `Only one side has an anon_vma, and that side was inherited over a fork (its chain has ${chain} links).`,
  },
  faultedIntoUnfaulted: {
    kernelFunction: 'is_mergeable_anon_vma()',
    title: 'this kernel does not merge a written range into a neighbour that was never written',
  },
  pgoff: {
    kernelFunction: 'can_vma_merge_before/after()',
    title: 'the offsets do not continue',
    sentence: ({ want, got }) =>
      `The offsets do not continue: page offset ${formatPgoff(want)} was needed, the neighbour has ${formatPgoff(got)}.`,
  },
  anonPgoff: {
    kernelFunction: 'can_vma_merge_before/after()',
    title: 'the anonymous offsets of a private file mapping do not continue',
    sentence: ({ want, got }) =>
      `The anonymous offsets do not continue: ${formatPgoff(want)} was needed, the neighbour has ${formatPgoff(got)}.`,
  },
  neighboursAnonVma: {
    kernelFunction: 'can_vma_merge_right()',
    title: 'both neighbours fit, but they have two different anon_vmas',
    sentence: ({ prev, next }) =>
      prev === 0
        ? `Both neighbours fit, but the upper one is asked first, and has an anon_vma (av${next}) that the lower one has not.`
        : `Both neighbours fit, but they have two anon_vmas (av${prev} and av${next}), so only one can join.`,
  },
  closeHook: {
    kernelFunction: 'can_merge_remove_vma()',
    title: 'the merge would remove a VMA whose driver has a close() hook; before 6.4 such a VMA never merges',
  },
  ownSource: {
    kernelFunction: 'copy_vma()',
    title: 'a copy made by MREMAP_DONTUNMAP does not join its own source',
  },
  justExpand: {
    kernelFunction: 'do_brk_flags()',
    title: 'the program break only grows the last VMA of the heap',
  },
};

/**
 * Why two neighbours stay two, as one sentence with the values that the rule compared. Shorter forms: {@link refusalShort},
 * {@link refusalText}; the kernel function that refuses is in {@link RULE_WORDS}.
 *
 * @example
 * explain({ rule: 'pgoff', want: 4, got: 9 }); // 'The offsets do not continue: page offset 4 was needed, the neighbour has 9.'
 */
export function explain(refusal: MergeRefusal): string {
  const row: RuleWords = RULE_WORDS[refusal.rule];
  return row.sentence?.(refusal) ?? `${row.title.charAt(0).toUpperCase()}${row.title.slice(1)}.`;
}
