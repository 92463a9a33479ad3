import { type Word, wrongWord } from '../scenario/notation.ts';
import type { OpHelp } from '../scenario/operations.ts';
import type { Claim, ClaimName, MapClaim, MarkName, MarksClaim, Pages, PagesClaim } from './claim.ts';

/** A kind of claim: how it is written, and what it says. */
interface ClaimKind<C> extends OpHelp {
  /** Reads the words behind the kind's own. @throws LineError */
  read(words: readonly Word[], head: Word): C;
  print(claim: C): string;
  /** What the claim is about: a claim for some kernels takes the place of a general one about the same. */
  subject(claim: C): string;
  /** Words that an editor offers. */
  readonly words: readonly string[];
}

type MarksKind<Name extends MarkName> = ClaimKind<MarksClaim<Name>>;

const ACTIONS = ['copy', 'refault', 'wipe', 'skip'] as const;
const HOWS = ['has', 'lacks', 'are'] as const;
const MAX_PAGE = 2 ** 34;

/** Every kind of claim, in the order in which help lists them. */
export const CLAIMS: { readonly [Name in ClaimName]: ClaimKind<Extract<Claim, { kind: Name }>> } = {
  map: {
    form: 'map ..AAAABB',
    says: 'The VMAs of the whole arena, a letter each, `.` for a hole. `map 500: AABB` is about pages 500 to 503 alone.',
    words: [],
    read: (words, head) => ({ kind: 'map', ...readRow(words, head, DRAWING, 'a drawing such as ..AAAABB') }),
    print: ({ first, drawing }) => printRow(first, drawing),
    subject: ({ first }) => String(first),
  },
  pages: {
    form: 'pages ..A.GG',
    says: 'The state of each page: . empty, z zero page, A or a anonymous (a: shared with another process), F or f file, G guard, S swapped, W uffd marker, - not mapped.',
    words: [],
    read: (words, head) => {
      const { first, drawing } = readRow(words, head, LETTERS, 'letters such as ..A.GG');
      return { kind: 'pages', first, letters: drawing };
    },
    print: ({ first, letters }) => printRow(first, letters),
    subject: ({ first }) => String(first),
  },
  guards: marks('guards', 'guards 4 9+2', 'The pages that are guards, and no others. `guards none`: there are none.'),
  'soft-dirty': marks('soft-dirty', 'soft-dirty 4+2', 'The pages that pagemap shows as soft-dirty, and no others.'),
  'write-protected': marks(
    'write-protected',
    'write-protected 4+2',
    'The pages that a userfaultfd write-protects, and no others.',
  ),
  flags: {
    form: 'flags A has gu',
    says: 'Flags of a VMA, as smaps shows them. lacks: it has none of them. are: it has these and no others.',
    words: HOWS,
    read: (words, head) => {
      const [vma, how, ...flags] = need(words, head, 3, 'flags A has gu');
      return {
        kind: 'flags',
        vma: readVma(vma!),
        how: oneOf(how!, HOWS),
        flags: flags.map((word) => matching(word, /^[a-z?]{2}$/, 'a flag of smaps: two letters, such as gu')),
      };
    },
    print: ({ vma, how, flags }) => `${vma} ${how} ${flags.join(' ')}`,
    subject: ({ vma }) => vma,
  },
  vma: {
    form: 'vma A rw-p [file0@2]',
    says: 'What maps shows of a VMA: its permissions, and its file with the page it begins with.',
    words: ['rw-p', 'r--p', 'rw-s', 'anon'],
    read: (words, head) => {
      const [vma, perms, backing, more] = need(words, head, 2, 'vma A rw-p file0@2');
      if (more !== undefined) throw wrongWord(`a line ends behind the backing; "${more.text}" is too much`, more);
      const [, name = null, pgoff = null] = backing
        ? (/^([a-z]\w*)(?:@(\d+))?$/.exec(backing.text) ?? wrong(backing, 'anon, or a file such as file0@2'))
        : [];
      return {
        kind: 'vma',
        vma: readVma(vma!),
        perms: matching(perms!, /^[r-][w-][x-][ps]$/, 'permissions as in maps, such as rw-p'),
        backing: name,
        pgoff: pgoff === null ? null : Number(pgoff),
      };
    },
    print: ({ vma, perms, backing, pgoff }) =>
      `${vma} ${perms}${backing === null ? '' : ` ${backing}${pgoff === null ? '' : `@${pgoff}`}`}`,
    subject: ({ vma }) => vma,
  },
  vmas: {
    form: 'vmas 3',
    says: 'How many VMAs the arena has.',
    words: [],
    read: (words, head) => ({ kind: 'vmas', count: readNumber(only(words, head, 'vmas 3')) }),
    print: ({ count }) => String(count),
    subject: () => '',
  },
  forked: {
    form: 'forked A copy',
    says: 'What the fork above did with a VMA of the parent: copy its page tables, let the child refault, wipe or skip it.',
    words: ACTIONS,
    read: (words, head) => {
      const [vma, action] = need(words, head, 2, 'forked A copy');
      return { kind: 'forked', vma: readVma(vma!), action: oneOf(action!, ACTIONS) };
    },
    print: ({ vma, action }) => `${vma} ${action}`,
    subject: ({ vma }) => vma,
  },
  tables: {
    form: 'tables 12 kB',
    says: 'The memory of the page tables that the arena needs.',
    words: ['kB'],
    read: (words, head) => {
      const [kb, unit, more] = need(words, head, 1, 'tables 12 kB');
      if (more !== undefined || (unit !== undefined && unit.text !== 'kB')) wrong(more ?? unit!, 'kB');
      return { kind: 'tables', kb: readNumber(kb!) };
    },
    print: ({ kb }) => `${kb} kB`,
    subject: () => '',
  },
};

/** True for a word with which a claim begins. */
export function isClaimName(text: string): text is ClaimName {
  return Object.hasOwn(CLAIMS, text);
}

/** Reads a claim from its words; the first is its kind. @throws LineError */
export function readClaim(words: readonly Word[]): Claim {
  const [head, ...rest] = words as [Word, ...Word[]];
  if (!isClaimName(head.text))
    throw wrongWord(`no claim "${head.text}"; there are ${Object.keys(CLAIMS).join(', ')}`, head);
  return CLAIMS[head.text].read(rest, head);
}

/** Prints a claim as {@link readClaim} reads it. */
export function formatClaim(claim: Claim): string {
  return `${claim.kind} ${kindOf(claim).print(claim)}`;
}

/** What a claim is about. */
export function subjectOf(claim: Claim): string {
  return `${claim.kind} ${kindOf(claim).subject(claim)}`;
}

function kindOf<C extends Claim>(claim: C): ClaimKind<C> {
  // The row of a claim's own kind takes that claim, which the type of the table's index does not say.
  return CLAIMS[claim.kind] as unknown as ClaimKind<C>;
}

function marks<Name extends MarkName>(kind: Name, form: string, says: string): MarksKind<Name> {
  return {
    form,
    says,
    words: ['none'],
    read: (words, head) => {
      const [first] = need(words, head, 1, form);
      if (first!.text === 'none') return { kind, ranges: only(words, head, form) && [] };
      return { kind, ranges: words.map(readPages) };
    },
    print: ({ ranges }) =>
      ranges.length === 0
        ? 'none'
        : ranges.map(({ first, count }) => (count === 1 ? `${first}` : `${first}+${count}`)).join(' '),
    subject: () => '',
  };
}

function readPages(word: Word): Pages {
  const [, first, count = '1'] = /^(\d+)(?:\+(\d+))?$/.exec(word.text) ?? wrong(word, 'pages such as 4 or 4+2');
  if (Number(count) === 0 || Number(first) + Number(count) > MAX_PAGE) wrong(word, 'pages of the arena');
  return { first: Number(first), count: Number(count) };
}

const DRAWING = /^[A-Z.]+$/;
const LETTERS = /^[-.zaAfFSGW]+$/;

function readRow(
  words: readonly Word[],
  head: Word,
  form: RegExp,
  what: string,
): Pick<MapClaim, 'first' | 'drawing'> & Partial<Pick<PagesClaim, 'letters'>> {
  const [one, two, three] = need(words, head, 1, `${head.text} ${what.slice(what.lastIndexOf(' ') + 1)}`);
  const at = /^(\d+):$/.exec(one!.text);
  if (at !== null && two === undefined) wrong(one!, `followed by ${what}`);
  const extra = at === null ? two : three;
  if (extra !== undefined) throw wrongWord(`a line ends behind its drawing; "${extra.text}" is too much`, extra);
  const drawing = (at === null ? one : two)!;
  if (form === DRAWING && /[a-z]/.test(drawing.text)) {
    throw wrongWord('a claim draws VMAs in upper case: lower case marks the range of a call', drawing);
  }
  matching(drawing, form, what);
  if (form === DRAWING) checkTwins(drawing);
  return { first: at === null ? null : Number(at[1]), drawing: drawing.text };
}

/** A letter is one VMA, and so in one place. */
function checkTwins({ text, column }: Word): void {
  for (const [at, letter] of text.split('').entries()) {
    if (letter === '.' || at === 0 || text[at - 1] === letter || !text.slice(0, at).includes(letter)) continue;
    const message = `${letter} is in two places, and a letter is one VMA; give the second a letter of its own`;
    throw wrongWord(message, { text: letter, column: column + at });
  }
}

function printRow(first: number | null, row: string): string {
  return first === null ? row : `${first}: ${row}`;
}

function readVma(word: Word): string {
  return matching(word, /^([A-Z]|\d+)$/, 'a VMA: a letter of the map above, or a page that it holds');
}

function readNumber(word: Word): number {
  return Number(matching(word, /^\d{1,9}$/, 'a number'));
}

function oneOf<const Name extends string>(word: Word, names: readonly Name[]): Name {
  return names.find((name) => name === word.text) ?? wrong(word, names.join(', '));
}

function matching(word: Word, form: RegExp, what: string): string {
  return form.test(word.text) ? word.text : wrong(word, what);
}

function wrong(word: Word, what: string): never {
  throw wrongWord(`"${word.text}" must be ${what}`, word);
}

function need(words: readonly Word[], head: Word, least: number, form: string): readonly Word[] {
  if (words.length >= least) return words;
  throw wrongWord(`${head.text} needs more; it is written "${form}"`, words.at(-1) ?? head);
}

function only(words: readonly Word[], head: Word, form: string): Word {
  const [word, more] = need(words, head, 1, form);
  if (more !== undefined) throw wrongWord(`"${more.text}" is too much; it is written "${form}"`, more);
  return word!;
}
