import { type Word, wrongWord } from '../scenario/notation.ts';
import type { OpHelp } from '../scenario/operations.ts';
import { type CallResult, VALUE_WORDS } from './claim.ts';

/** What may stand behind `=>`. */
const RESULT_FORM =
  '"=> ok", "=> ENOMEM", "=> SIGSEGV", "=> ok at 20", "=> SIGSEGV faults .M", "=> reads written" or "=> reads zero 65"';

/** The forms of a result, for help. */
export const RESULT_HELP: readonly OpHelp[] = [
  { form: 'munmap 4 => ok', says: 'The call succeeds; of a touch: no page faults for good.' },
  { form: 'guard 4 => EINVAL', says: 'It fails with this error.' },
  { form: 'read 4 => SIGSEGV', says: 'The touch ends in this signal, SIGSEGV or SIGBUS.' },
  { form: 'mmap +4 rw hint=8 => ok at 8', says: 'Where a mapping landed: a page, or outside.' },
  { form: 'process_madvise 4+2 8 COLD => ok done 2', says: 'How many pages a vector of advice came to.' },
  {
    form: 'read 4+3 => SIGSEGV faults ..M',
    says: 'A letter a page: . no fault, M SEGV_MAPERR, P SEGV_ACCERR, B SIGBUS.',
  },
  {
    form: 'read 4+2 => reads zero written',
    says: 'The first byte of each page, or one for all: zero, written (by the file), file0, file1 or memfd0 (bytes of the file), a number, nothing (it faulted).',
  },
];

/** Words of a result, for editors. */
export const RESULT_WORDS: readonly string[] = [
  'ok',
  'refused',
  'SIGSEGV',
  'SIGBUS',
  'at',
  'outside',
  'done',
  'faults',
  'reads',
  ...Object.keys(VALUE_WORDS),
  'nothing',
];

const OUTCOME = /^(ok|refused|SIGSEGV|SIGBUS|LIVELOCK|E[A-Z\d]+)$/;

/** Reads what stands behind `=>`. @param arrow the arrow itself @throws LineError */
export function readResult(words: readonly Word[], arrow: Word): CallResult {
  const [first] = words;
  if (first === undefined) throw wrongWord(`"=>" says what comes of the call: ${RESULT_FORM}`, arrow);
  const said = OUTCOME.test(first.text);
  let result: CallResult = { outcome: said ? first.text : 'ok' };
  for (let at = said ? 1 : 0; at < words.length; ) {
    const word = words[at] as Word;
    const value = words[at + 1];
    if (word.text === 'at') result = { ...result, at: readPlace(value, word) };
    else if (word.text === 'done')
      result = { ...result, done: Number(read(value, word, /^\d+$/, 'a number of pages')) };
    else if (word.text === 'faults') result = { ...result, faults: read(value, word, /^[.MPB]+$/, 'letters of .MPB') };
    else if (word.text === 'reads') {
      const values = words.slice(at + 1);
      if (values.length === 0)
        throw wrongWord('"reads" needs a value: a byte, zero, written, file0, file1, memfd0 or nothing', word);
      return { ...result, reads: values.map(readValue) };
    } else throw wrongWord(`"${word.text}" is no result; results are ${RESULT_FORM}`, word);
    at += 2;
  }
  return result;
}

function readPlace(word: Word | undefined, before: Word): number | 'outside' {
  return word?.text === 'outside' ? 'outside' : Number(read(word, before, /^\d+$/, 'a page, or "outside"'));
}

function read(word: Word | undefined, before: Word, form: RegExp, what: string): string {
  if (word === undefined || !form.test(word.text))
    throw wrongWord(`"${before.text}" is followed by ${what}`, word ?? before);
  return word.text;
}

function readValue(word: Word): string {
  const isByte = /^\d{1,3}$/.test(word.text) && Number(word.text) < 256;
  if (isByte || Object.hasOwn(VALUE_WORDS, word.text) || word.text === 'nothing') return word.text;
  throw wrongWord(
    `"${word.text}" is no byte; there are 0 to 255, ${Object.keys(VALUE_WORDS).join(', ')}, nothing`,
    word,
  );
}

/** Prints what {@link readResult} reads. */
export function formatResult({ outcome, at, done, faults, reads }: CallResult): string {
  const words = [outcome];
  if (at !== undefined) words.push('at', String(at));
  if (done !== undefined) words.push('done', String(done));
  if (faults !== undefined) words.push('faults', faults);
  if (reads !== undefined) words.push('reads', ...reads);
  return words.join(' ');
}
