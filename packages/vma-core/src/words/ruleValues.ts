import { flagLetters } from '../flagLetters.ts';
import type { MergeRefusal, MergeRule } from '../merge/mergeRefusal.ts';
import { formatVmFlags, VM_PKEY_MASK, type VmFlags, vmaPkey } from '../vmFlags.ts';
import { formatPgoff } from './numbers.ts';
import { RULE_WORDS } from './ruleWords.ts';

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

/** The values of one rule in words. Methods, so that a row of one rule can be used where any rule is. */
interface RuleValues<Refusal extends MergeRefusal = MergeRefusal> {
  /** The reason in a few words with its values, as it stands on a wall. By default the two values, or else the title. */
  short?(refusal: Refusal): string;
  /** The two values; a rule without it compares none. */
  values?(refusal: Refusal, pathOf: PathOf): RefusalValues;
}

/** The values in words, of rules whose values have words of their own. Of any other rule they are said as they are, under the rule's name. */
const RULE_VALUES: {
  readonly [R in MergeRule]?: RuleValues<Extract<MergeRefusal, { readonly rule: R }>>;
} = {
  special: {
    short: ({ flags }) => `special: ${formatVmFlags(flags)}`,
  },
  vmFlags: {
    short: (refusal) => flagsShort(refusal),
    values: ({ range, neighbour, diff }) => ({
      what: 'flags',
      range: withPkey(range, diff),
      neighbour: withPkey(neighbour, diff),
      differ: [range, neighbour].flatMap((flags) => withPkey((flags & diff) as VmFlags, diff).match(/\S+/g) ?? []),
    }),
  },
  vmFile: {
    short: ({ range, neighbour }) => (range && neighbour ? 'not the same open file' : 'file ≠ anonymous'),
    values: ({ range, neighbour }, pathOf) => pair('open file', fileName(range, pathOf), fileName(neighbour, pathOf)),
  },
  policy: {
    values: ({ range, neighbour }) => pair('memory policy', idText('', range), idText('', neighbour)),
  },
  userfaultfd: {
    values: ({ range, neighbour }) => pair('userfaultfd', idText('#', range), idText('#', neighbour)),
  },
  anonName: {
    values: ({ range, neighbour }) => pair('name', range ?? 'none', neighbour ?? 'none'),
  },
  anonVma: {
    values: ({ range, neighbour }) => pair('anon_vma', idText('av', range), idText('av', neighbour)),
  },
  forkChild: {
    short: ({ anonVma, chain }) => `fork child: av${anonVma}, chain of ${chain}`,
    values: ({ side, anonVma, chain }) => {
      const forked = `av${anonVma}, chain of ${chain}`;
      return side === 'range' ? pair('anon_vma', forked, 'none') : pair('anon_vma', 'none', forked);
    },
  },
  faultedIntoUnfaulted: {
    short: () => 'written next to unwritten',
    values: ({ range }) => pair('anon_vma', idText('av', range), 'none'),
  },
  pgoff: {
    short: ({ want, got }) => `pgoff ${neededText(want, got)}`,
    values: ({ want, got }) => offsets('offset, in pages', want, got),
  },
  anonPgoff: {
    short: ({ want, got }) => `anon pgoff ${neededText(want, got)}`,
    values: ({ want, got }) => offsets('anonymous offset, in pages', want, got),
  },
  neighboursAnonVma: {
    values: ({ prev, next }) => pair('anon_vmas of the neighbours', idText('av', prev), idText('av', next)),
  },
  closeHook: {
    short: ({ removed }) => `close hook of the VMA at 0x${removed.toString(16)}`,
  },
  ownSource: {
    short: () => 'its own source',
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
  const row: RuleValues | undefined = RULE_VALUES[refusal.rule];
  if (row !== undefined) return row.values?.(refusal, pathOf) ?? null;
  if (!('range' in refusal) || !('neighbour' in refusal)) return null;
  return pair(refusal.rule, valueText(refusal.range), valueText(refusal.neighbour));
}

/** A value as it is; 0 and `null` are none. */
function valueText(value: bigint | number | string | null): string {
  return value ? String(value) : 'none';
}

/** A refusal in a few words, as it stands on a wall: `flags differ by wr ac`, `pgoff 6 needed, has 4`. */
export function refusalShort(refusal: MergeRefusal): string {
  const row: RuleValues | undefined = RULE_VALUES[refusal.rule];
  if (row?.short) return row.short(refusal);
  const values = refusalValues(refusal);
  return values === null ? RULE_WORDS[refusal.rule].title : `${values.what} ${values.range} ≠ ${values.neighbour}`;
}

/** The two values on one line, without what both have; a rule that compares none, or offsets, says itself in short. */
export function refusalText(refusal: MergeRefusal, pathOf: PathOf = NO_PATH): string {
  if (refusal.rule === 'pgoff' || refusal.rule === 'anonPgoff') return refusalShort(refusal);
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

/** Offsets are not just two values: one is where the other would have to be. */
function neededText(want: number, got: number): string {
  return `${formatPgoff(want)} needed, has ${formatPgoff(got)}`;
}

function offsets(what: string, want: number, got: number): RefusalValues {
  return pair(what, `${formatPgoff(want)} needed`, formatPgoff(got));
}
