import { formsOfOperations, wordsAfter } from '../scenario/notation.ts';
import type { OpHelp } from '../scenario/operations.ts';
import { RESULT_HELP, RESULT_WORDS } from './callResult.ts';
import { CLAIMS } from './claims.ts';
import { HEADERS } from './headers.ts';
import { KERNELS_FORM } from './kernelSet.ts';

/** The lines that a litmus file may have, by their kind, each in its form and with what it says: the grammar, for help. */
export const LITMUS_HELP: {
  readonly headers: readonly OpHelp[];
  readonly operations: readonly OpHelp[];
  readonly results: readonly OpHelp[];
  readonly claims: readonly OpHelp[];
  readonly prefixes: readonly OpHelp[];
} = {
  headers: Object.values(HEADERS),
  operations: formsOfOperations(),
  results: RESULT_HELP,
  claims: Object.values(CLAIMS),
  prefixes: [
    {
      form: 'kid: ...',
      says: 'The operation runs in the process of that name, or the claim is about it. The first is parent.',
    },
    {
      form: '[as-posted]: ...',
      says: `A claim for some kernels; it takes the place of a general one about the same. Written ${KERNELS_FORM}.`,
    },
    { form: 'never ...', says: 'The claim that follows holds in no state of the file.' },
    { form: 'always ...', says: 'The claim that follows holds in every state of the file.' },
  ],
};

/** A kind of word, for colours. */
export type LitmusTokenKind =
  | 'comment'
  | 'header'
  | 'kernels'
  | 'process'
  | 'when'
  | 'operation'
  | 'claim'
  | 'arrow'
  | 'result'
  | 'number'
  | 'word';

/** One kind of word: a regular expression that matches where the word begins. */
export interface LitmusToken {
  readonly kind: LitmusTokenKind;
  readonly pattern: string;
  /** It stands at the beginning of a line. */
  readonly first?: boolean;
}

const oneOf = (words: Iterable<string>): string =>
  `(?:${[...new Set(words)].sort((a, b) => b.length - a.length || (a < b ? -1 : 1)).join('|')})(?![\\w-])`;

const OPERATIONS = formsOfOperations().map(({ form }) => form.split(' ')[0] as string);
const OPTIONS = OPERATIONS.flatMap((name) => wordsAfter(name)).filter((word) => /^[a-zA-Z_]\w*$/.test(word));

/** The words of litmus files, the first that matches. The editor's mode and the TextMate grammar are both made of this table. */
export const LITMUS_TOKENS: readonly LitmusToken[] = [
  { kind: 'comment', pattern: '#.*' },
  { kind: 'header', pattern: `(?:${Object.keys(HEADERS).join('|')}):`, first: true },
  { kind: 'kernels', pattern: '\\[[^\\]]*\\]:' },
  { kind: 'arrow', pattern: '=>|->' },
  { kind: 'when', pattern: oneOf(['never', 'always']) },
  { kind: 'process', pattern: '[a-z]\\w*:(?=\\s)' },
  { kind: 'claim', pattern: oneOf(Object.keys(CLAIMS)) },
  { kind: 'operation', pattern: oneOf(OPERATIONS) },
  { kind: 'result', pattern: `${oneOf(RESULT_WORDS)}|E[A-Z][A-Z\\d]+` },
  { kind: 'number', pattern: '0x[\\da-f]+|\\d+(?:\\+\\d+)?|\\+\\d+' },
  { kind: 'word', pattern: `${oneOf(OPTIONS)}|[A-Za-z_][\\w@.-]*` },
];

/** The scopes of the TextMate grammar. */
const SCOPES: Readonly<Record<LitmusTokenKind, string>> = {
  comment: 'comment.line.number-sign',
  header: 'keyword.other.header',
  kernels: 'entity.name.tag',
  process: 'entity.name.function',
  when: 'keyword.control',
  operation: 'keyword.operator.word',
  claim: 'support.function',
  arrow: 'keyword.operator',
  result: 'constant.language',
  number: 'constant.numeric',
  word: 'variable.other',
};

/** The TextMate grammar of litmus files, as a value that becomes JSON. */
export function litmusTextMate(): object {
  return {
    name: 'VMA litmus',
    scopeName: 'source.vma-litmus',
    fileTypes: ['litmus'],
    patterns: LITMUS_TOKENS.map(({ kind, pattern, first }) => ({
      name: `${SCOPES[kind]}.vma-litmus`,
      match: first ? `^\\s*${pattern}` : pattern,
    })),
  };
}
