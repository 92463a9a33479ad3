import { flagLetters } from '../flagLetters.ts';
import type { MergeRefusal, MergeRule } from '../merge/mergeRefusal.ts';
import { formatVmFlags, VM_PKEY_MASK, type VmFlags, vmaPkey } from '../vmFlags.ts';
import { flagsDiffWords } from './flagWords.ts';
import { formatPgoff } from './numbers.ts';

/** The two values that a rule compared, in words. */
export interface RefusalValues {
  /** What was compared. */
  readonly what: string;
  /** Of the range that is about to be mapped or changed. */
  readonly range: string;
  /** Of its neighbour. */
  readonly neighbour: string;
  /** Words of the two values that are not in both. */
  readonly differ: readonly string[];
}

/** The path of an open file by its id; empty where it has none. */
export type PathOf = (file: number) => string;

/** One rule in words. Methods, so that a row of one rule can be used where any rule is. */
export interface RuleWords<Refusal extends MergeRefusal = MergeRefusal> {
  /** The kernel function or constant that refuses. */
  readonly kernelFunction: string;
  /** The reason why two neighbours stay two, without its values: a clause. */
  readonly title: string;
  /** The reason in a few words with its values, as it stands on a wall. By default the two values, or else the title. */
  short?(refusal: Refusal): string;
  /** The reason with its values as a sentence. By default the title. */
  sentence?(refusal: Refusal): string;
  /** The two values; a rule without it compares none. */
  values?(refusal: Refusal, pathOf: PathOf): RefusalValues;
}

/** Every rule in words. A rule without a row does not compile. */
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
    short: ({ flags }) => `special: ${formatVmFlags(flags)}`,
    sentence: ({ flags }) => `Special mappings (${formatVmFlags(flags)}) never merge.`,
  },
  vmFlags: {
    kernelFunction: 'is_mergeable_vma()',
    title: 'flags differ',
    short: (refusal) => flagsShort(refusal),
    sentence: ({ diff }) => `The flags differ by ${flagsDiffWords(diff)}, which this kernel does not ignore.`,
    values: ({ range, neighbour, diff }) => ({
      what: 'flags',
      range: withPkey(range, diff),
      neighbour: withPkey(neighbour, diff),
      differ: [range, neighbour].flatMap((flags) => withPkey((flags & diff) as VmFlags, diff).match(/\S+/g) ?? []),
    }),
  },
  vmFile: {
    kernelFunction: 'is_mergeable_vma()',
    title: 'they are not backed by the same open file',
    short: ({ range, neighbour }) => (range && neighbour ? 'not the same open file' : 'file ≠ anonymous'),
    values: ({ range, neighbour }, pathOf) => pair('open file', fileName(range, pathOf), fileName(neighbour, pathOf)),
  },
  policy: {
    kernelFunction: 'is_mergeable_vma()',
    title: 'their memory policies differ',
    values: ({ range, neighbour }) => pair('memory policy', idText('', range), idText('', neighbour)),
  },
  userfaultfd: {
    kernelFunction: 'is_mergeable_vma()',
    title: 'they belong to different userfaultfds',
    values: ({ range, neighbour }) => pair('userfaultfd', idText('#', range), idText('#', neighbour)),
  },
  anonName: {
    kernelFunction: 'is_mergeable_vma()',
    title: 'their names differ',
    values: ({ range, neighbour }) => pair('name', range ?? 'none', neighbour ?? 'none'),
  },
  anonVma: {
    kernelFunction: 'is_mergeable_anon_vma()',
    title: 'they have two different anon_vmas',
    sentence: ({ range, neighbour }) =>
      `Both were written, apart from each other, and have two anon_vmas (av${range} and av${neighbour}).`,
    values: ({ range, neighbour }) => pair('anon_vma', idText('av', range), idText('av', neighbour)),
  },
  forkChild: {
    kernelFunction: 'is_mergeable_anon_vma()',
    title: 'only one side has an anon_vma, and that side was inherited over a fork',
    short: ({ anonVma, chain }) => `fork child: av${anonVma}, chain of ${chain}`,
    sentence: ({ chain }) =>
      `Only one side has an anon_vma, and that side was inherited over a fork (its chain has ${chain} links).`,
    values: ({ side, anonVma, chain }) => {
      const forked = `av${anonVma}, chain of ${chain}`;
      return side === 'range' ? pair('anon_vma', forked, 'none') : pair('anon_vma', 'none', forked);
    },
  },
  faultedIntoUnfaulted: {
    kernelFunction: 'is_mergeable_anon_vma()',
    title: 'this kernel does not merge a written range into a neighbour that was never written',
    short: () => 'written next to unwritten',
    values: ({ range }) => pair('anon_vma', idText('av', range), 'none'),
  },
  pgoff: {
    kernelFunction: 'can_vma_merge_before/after()',
    title: 'the offsets do not continue',
    short: ({ want, got }) => `pgoff ${formatPgoff(got)} ≠ ${formatPgoff(want)}`,
    sentence: ({ want, got }) =>
      `The offsets do not continue: page offset ${formatPgoff(want)} was needed, the neighbour has ${formatPgoff(got)}.`,
    values: ({ want, got }) => offsets('offset, in pages', want, got),
  },
  anonPgoff: {
    kernelFunction: 'can_vma_merge_before/after()',
    title: 'the anonymous offsets of a private file mapping do not continue',
    short: ({ want, got }) => `anon pgoff ${formatPgoff(got)} ≠ ${formatPgoff(want)}`,
    sentence: ({ want, got }) =>
      `The anonymous offsets do not continue: ${formatPgoff(want)} was needed, the neighbour has ${formatPgoff(got)}.`,
    values: ({ want, got }) => offsets('anonymous offset, in pages', want, got),
  },
  neighboursAnonVma: {
    kernelFunction: 'can_vma_merge_right()',
    title: 'both neighbours fit, but they have two different anon_vmas',
    sentence: ({ prev, next }) =>
      prev === 0
        ? `Both neighbours fit, but the upper one is asked first, and has an anon_vma (av${next}) that the lower one has not.`
        : `Both neighbours fit, but they have two anon_vmas (av${prev} and av${next}), so only one can join.`,
    values: ({ prev, next }) => pair('anon_vmas of the neighbours', idText('av', prev), idText('av', next)),
  },
  closeHook: {
    kernelFunction: 'can_merge_remove_vma()',
    title: 'the merge would remove a VMA whose driver has a close() hook; before 6.4 such a VMA never merges',
    short: ({ removed }) => `close hook of the VMA at 0x${removed.toString(16)}`,
  },
  ownSource: {
    kernelFunction: 'copy_vma()',
    title: 'a copy made by MREMAP_DONTUNMAP does not join its own source',
    short: () => 'its own source',
  },
  justExpand: {
    kernelFunction: 'do_brk_flags()',
    title: 'the program break only grows the last VMA of the heap',
  },
};

/** `flags differ by wr ac; pkey 0 ≠ 1; zz ≠ none`: the neighbour first; flags that no table here knows one by one. */
function flagsShort({ range, neighbour, diff }: Extract<MergeRefusal, { readonly rule: 'vmFlags' }>): string {
  const known = formatVmFlags((diff & KNOWN_FLAGS) as VmFlags);
  const parts = known === '' ? [] : [`flags differ by ${known}`];
  if ((diff & VM_PKEY_MASK) !== 0n) parts.push(`pkey ${vmaPkey(neighbour)} ≠ ${vmaPkey(range)}`);
  const other = flagLetters(neighbour);
  for (const word of flagLetters(diff)) parts.push(other.includes(word) ? `${word} ≠ none` : `none ≠ ${word}`);
  return parts.join('; ');
}

/** All that is a bit of a kernel's flags. */
const KNOWN_FLAGS = 2n ** 64n - 1n;

/** Flags in words; with the protection key, where keys differ. */
function withPkey(flags: VmFlags, diff: VmFlags): string {
  const words = formatVmFlags(flags);
  return (diff & VM_PKEY_MASK) === 0n ? words : `${words} pkey:${vmaPkey(flags)}`.trim();
}

const NO_PATH: PathOf = () => '';

/** The two values that a rule compared; `null` for a rule that compares none. */
export function refusalValues(refusal: MergeRefusal, pathOf: PathOf = NO_PATH): RefusalValues | null {
  const row: RuleWords = RULE_WORDS[refusal.rule];
  return row.values?.(refusal, pathOf) ?? null;
}

/** A refusal in a few words, as it stands on a wall: `flags differ by wr ac`, `pgoff 4 ≠ 6`. */
export function refusalShort(refusal: MergeRefusal): string {
  const row: RuleWords = RULE_WORDS[refusal.rule];
  if (row.short) return row.short(refusal);
  const values = refusalValues(refusal);
  return values === null ? row.title : `${values.what} ${values.range} ≠ ${values.neighbour}`;
}

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

/** The two values on one line, without what both have; a rule that compares none says itself in short. */
export function refusalText(refusal: MergeRefusal, pathOf: PathOf = NO_PATH): string {
  const values = refusalValues(refusal, pathOf);
  if (values === null) return refusalShort(refusal);
  const only = (text: string): string =>
    text
      .split(' ')
      .filter((word) => values.differ.includes(word))
      .join(' ');
  if (values.differ.includes(values.range)) return `${values.range} ≠ ${values.neighbour}`;
  const parts = [
    ['range', only(values.range)],
    ['neighbour', only(values.neighbour)],
  ];
  return parts.flatMap(([side, words]) => (words === '' ? [] : [`only the ${side}: ${words}`])).join('; ');
}

function pair(what: string, range: string, neighbour: string): RefusalValues {
  return { what, range, neighbour, differ: [range, neighbour] };
}

/** A number that identifies something; 0 and `null` are none. */
function idText(name: string, id: number | null): string {
  return id === null || id === 0 ? 'none' : `${name}${id}`;
}

function fileName(file: number | null, pathOf: PathOf): string {
  if (file === null) return 'anonymous';
  const path = pathOf(file);
  return path === '' ? `file ${file}` : path.slice(path.lastIndexOf('/') + 1);
}

function offsets(what: string, want: number, got: number): RefusalValues {
  return pair(what, `${formatPgoff(want)} needed`, formatPgoff(got));
}
