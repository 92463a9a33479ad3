import { explain, type MergeRefusal, RULE_WORDS, VM_PKEY_MASK, type VmFlags, vmaPkey, vmFlagNames } from 'vma-core';
import { flagsDiffWords, refusalShort, refusalText } from 'vma-core/words';
import { FLAG_MEANINGS } from './flagMeanings.ts';
import { countOf, formatCount, formatPages } from './numbers.ts';

/** What is said of two neighbours; see `PairRow`. */
type AnswerWords = { readonly kind: 'seam' } | { readonly kind: 'unknown' | 'wall'; readonly refusal: MergeRefusal };

/** The part of a pair that its words need; see `WhyPair`. */
interface PairWords {
  readonly lower: { readonly name: string };
  readonly upper: { readonly name: string };
  readonly answer: AnswerWords;
}

/** What an answer takes for granted; see `PairAssumption`. */
type Assumption = 'anonVma' | 'offset' | 'openFile' | 'flags';

/** Two neighbours in words. */
export interface PairText {
  /** The rule with its two values, in a few words: `VM_ACCOUNT 'ac' ≠ none`. The lower of the two first. */
  readonly values: string;
  /** The kernel function or constant that refuses; empty where nothing does. */
  readonly kernelFunction: string;
  /** What that means: one sentence. */
  readonly sentence: string;
}

/** The part of a group of pairs that its words need; see `WhyGroup`. */
interface PairGroupWords {
  readonly kind: AnswerWords['kind'];
  readonly samePermissions: boolean;
  readonly count: number;
}

/** All pairs of a map in words. */
export interface PairsText {
  /** `28 pairs touch`. */
  readonly touch: string;
  /** How many of them stay apart, may merge, or are not known; the last two only where there are some. */
  readonly parts: readonly { readonly kind: AnswerWords['kind']; readonly text: string }[];
}

/** Says of all pairs of a map how many could merge. */
export function pairsText(groups: readonly PairGroupWords[]): PairsText {
  const sum = (wanted: (group: PairGroupWords) => boolean): number =>
    groups.filter(wanted).reduce((total, { count }) => total + count, 0);
  const all = sum(() => true);
  if (all === 0) return { touch: 'no two VMAs touch, so none could merge', parts: [] };
  const [walls, seams, unknown] = (['wall', 'seam', 'unknown'] as const).map((kind) => sum((one) => one.kind === kind));
  const differ = sum(({ kind, samePermissions }) => kind === 'wall' && !samePermissions);
  return {
    touch: countOf(all, 'pair touches', 'pairs touch'),
    parts: [
      {
        kind: 'wall' as const,
        text: `${formatCount(walls!)} stay apart (${formatCount(differ)} with different permissions)`,
      },
      ...(seams! > 0 ? [{ kind: 'seam' as const, text: `${formatCount(seams!)} could merge` }] : []),
      ...(unknown! > 0 ? [{ kind: 'unknown' as const, text: `of ${formatCount(unknown!)} it is not known` }] : []),
    ],
  };
}

/** Says of two neighbours why they are two. */
export function pairText({ lower, upper, answer }: PairWords): PairText {
  if (answer.kind === 'seam') {
    return {
      values: 'nothing keeps them apart',
      kernelFunction: '',
      sentence: 'They could merge: the next call that changes one of them, such as mprotect, asks again.',
    };
  }
  const { refusal } = answer;
  const { kernelFunction } = RULE_WORDS[refusal.rule];
  if (answer.kind === 'unknown') {
    return {
      values: 'anon_vma: the same or two',
      kernelFunction,
      sentence:
        'Both were written. Written as one they have one anon_vma and may merge; written apart they have two and may not.',
    };
  }
  const sentence = refusal.rule === 'vmFlags' ? flagsSentence(refusal) : explain(refusal);
  return { values: valuesText(refusal, lower.name, upper.name), kernelFunction, sentence };
}

function valuesText(refusal: MergeRefusal, lower: string, upper: string): string {
  switch (refusal.rule) {
    case 'vmFlags':
      return flagsText(refusal.neighbour, refusal.range, refusal.diff);
    case 'vmFile': {
      const [a, b] = [lastPart(lower), lastPart(upper)];
      if (refusal.range === null || refusal.neighbour === null) {
        const name = (own: number | null, path: string): string => (own === null ? 'anonymous' : path || 'a file');
        return `${name(refusal.neighbour, a)} ≠ ${name(refusal.range, b)}`;
      }
      return a === b ? 'not the same open file' : `${a || 'a file'} ≠ ${b || 'another file'}`;
    }
    case 'pgoff':
    case 'anonPgoff':
    case 'special':
      return refusalShort(refusal);
    default:
      return refusalText(refusal);
  }
}

/** `VM_ACCOUNT 'ac' ≠ none`; several flags on one side stand together. */
function flagsText(lower: VmFlags, upper: VmFlags, diff: VmFlags): string {
  const parts = [namesOf(lower, diff), namesOf(upper, diff)].map((names) => (names === '' ? 'none' : names));
  const key = (diff & VM_PKEY_MASK) === 0n ? [] : [`pkey ${vmaPkey(lower)} ≠ ${vmaPkey(upper)}`];
  return [...(parts.every((part) => part === 'none') ? [] : [parts.join(' ≠ ')]), ...key].join('; ');
}

type FlagsRefusal = Extract<MergeRefusal, { readonly rule: 'vmFlags' }>;

/** Which of the two has what: `Only the lower one is: counted against the commit limit.` */
function flagsSentence({ range, neighbour, diff }: FlagsRefusal): string {
  const parts = [
    ['lower', neighbour],
    ['upper', range],
  ] as const;
  const said = parts.flatMap(([side, flags]) => {
    const letters = flagsDiffWords((flags & diff & ~VM_PKEY_MASK) as VmFlags);
    if (letters === '') return [];
    const meanings = letters.split(' ').map((word) => FLAG_MEANINGS[word] ?? `'${word}'`);
    return [`only the ${side} one: ${meanings.join(', ')}`];
  });
  if ((diff & VM_PKEY_MASK) !== 0n) said.push('their protection keys differ');
  const text = said.join('; ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function namesOf(flags: VmFlags, diff: VmFlags): string {
  const own = (flags & diff & ~VM_PKEY_MASK) as VmFlags;
  const letters = flagsDiffWords(own);
  return letters === '' ? '' : `${vmFlagNames(own).join(' ')} '${letters}'`;
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

/** What an answer takes for granted, as a sentence about the input. `of`: all that is known is a maps or a smaps, or there is a log. */
export function assumptionText(assumption: Assumption, of: 'maps' | 'smaps' | 'log'): string {
  switch (assumption) {
    case 'anonVma':
      if (of === 'log')
        return 'A log does not show page faults: which memory was written, and so has an anon_vma, is assumed.';
      if (of === 'maps') return 'maps does not show which memory was written, nor which of it shares an anon_vma.';
      return 'smaps does not show anon_vma: memory with pages of its own is taken as written, other memory as never written.';
    case 'offset':
      return 'The page offset of anonymous memory is not shown: it is taken as never moved by mremap.';
    case 'openFile':
      return 'Which open a mapping is of is not shown: mappings of one file are taken as one open file.';
    case 'flags':
      return 'maps shows no flags, smaps would. They are taken as an ordinary mapping has them.';
    default:
      return assumption satisfies never;
  }
}

/** A hole beside a VMA. */
export function holeText(bytes: number, pageSize: number, side: 'below' | 'above'): string {
  return `${side}: a hole of ${formatPages(bytes / pageSize, pageSize)}. Only VMAs that touch may merge.`;
}
