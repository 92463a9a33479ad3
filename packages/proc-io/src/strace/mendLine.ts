import { cleanText } from '../cleanText.ts';
import { unpackLine } from '../unpackLine.ts';
import { findResult } from './findResult.ts';

/** Characters of a line among which its call must begin. */
const MAX_PREFIX = 400;

/** How many things may have been done to a line, one after the other. */
const MAX_DEPTH = 3;

/** Longer lines are taken as they are. */
const MAX_LENGTH = 1 << 14;

/** Where what strace prints begins: a call, its second half, an event, a message. */
const BODY =
  /[a-z_][a-z0-9_]{0,63}\(|<\.\.\. |\+\+\+ (?:exited|killed|superseded)|--- (?:SIG|stopped)|strace: (?!\d|\[pid|[a-z_][a-z0-9_]*\(|<\.\.\. |\+\+\+ |--- )|Process \d+ (?:attached|detached)/;

/** What stands right before it: `[pid 7] `, `7 `, `7<bash> `, a time, the number of `-n`, the address of `-i`. */
const WHO =
  /(?:\[pid +\d+(?:<[^<>]*>)?\] +|(?<![\w./]|(?<=.)(?<!\d)-)\d+(?:<[^<>]*>)? +)?(?:(?<![\w./-])\d+(?::\d\d){1,2}(?:\.\d+)? +|(?<![\w./-])\d+\.\d+ +)?(?:\(\+ +[\d.]+\) +)?(?:\[ *(?:\d+|[0-9a-f]{8,16}|\?{8,16})\] +){0,2}$/;

/** Tells of a prefix that ends in a word whether a collector put it before the line; else it is a sentence that names a call. */
export type KnowsPrefix = (foreign: string) => boolean;

const NO_WORDS: KnowsPrefix = () => false;

/**
 * A line of a log as strace printed it, where something was put around or into it on its way: quoting, indentation, prefixes of log
 * collectors, colours, HTML, quoted-printable, quotes of a word processor. `null`: nothing of this kind is to be found.
 */
export function mendLine(line: string, knows: KnowsPrefix = NO_WORDS): string | null {
  if (line.length > MAX_LENGTH) return null;
  let clean = line;
  // A collector keeps what another one has put its own before.
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    const text = cleanText(unpackLine(clean, holdsLine) ?? clean);
    if (text === clean) break;
    clean = text;
  }
  const { who, body } = partsOf(clean, knows) ?? { who: '', body: clean };
  const mended = withoutTail(who + body);
  return mended === line ? null : mended;
}

/** A line as it stands in the log. */
export interface Part {
  readonly text: string;
  readonly line: number;
}

/** A piece of a line that was wrapped: what goes on with the call of the line before it. */
export interface Continuation {
  /** As it is, but for what was done to the characters. */
  readonly whole: string;
  /** Without indentation and the signs of a quotation. */
  readonly bare: string;
}

/** What stands before the second piece of a line: quotation, indentation, an arrow. A bar before a flag is the call's own. */
const INDENT = /^[\s>|\u21a9-\u21ff\u2937\u2936]*?(?=\|[A-Z]+_)|^[\s>|\u21a9-\u21ff\u2937\u2936]+/;

/** What others put before the lines of a log, as one of them shows it. */
export class PutBefore {
  /** The line is a string of JSON or CSV. */
  readonly #isPacked: boolean;
  /** Prefixes that differ in their digits only, such as the time of a collector, which may look like one of strace. */
  readonly #likes: readonly RegExp[];
  readonly #knows: KnowsPrefix;

  /** @param first a line that strace begins a call on */
  constructor(first: string, knows: KnowsPrefix) {
    this.#knows = knows;
    this.#isPacked = unpackLine(first, holdsLine) !== null;
    const { foreign = '', who = '' } = this.#isPacked ? {} : (partsOf(cleanText(first), knows) ?? {});
    const prefixes = /:|\d\.\d/.test(who) ? [foreign + who, foreign] : [foreign];
    this.#likes = prefixes.filter((prefix) => prefix.trim() !== '').map(likePrefix);
  }

  /** True for a line with a call of its own. */
  begins(line: string): boolean {
    return beginsLine(mendLine(line, this.#knows) ?? line);
  }

  /** What a line holds that goes on with a call. */
  restOf(line: string): Continuation {
    const packed = this.#isPacked ? unpackLine(line, continuesTorn) : null;
    if (packed !== null) return { whole: packed, bare: packed };
    const clean = cleanText(line);
    const like = this.#likes.find((one) => one.test(clean));
    const whole = like === undefined ? clean : clean.replace(like, '');
    return { whole, bare: whole.replace(INDENT, '') };
  }
}

function likePrefix(prefix: string): RegExp {
  const like = prefix
    .replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
    .replace(/ +(?!$)/g, ' +')
    .replace(/\d+/g, '\\d+');
  return new RegExp(`^${like}`);
}

/** What can go on with a call that a message cut in two: a comma, a parenthesis, ` <unfinished ...>`, ` => {`. */
const CONTINUES = /^ *(?:<(?:unfinished|detached) \.\.\.>|[,)\]}|="])/;

/** True for a text that can go on with a call that a message cut in two. */
export function continuesTorn(text: string): boolean {
  return CONTINUES.test(text);
}

/** True for a text that strace begins a line with. */
export function beginsLine(text: string): boolean {
  return bodyOf(text) !== null;
}

/** True for a call, the second half of one, or an event that is not whole: the next line may go on with it. */
export function mayGoOn(text: string): boolean {
  const body = bodyOf(text);
  if (body === null) return isOnlyPrefix(text);
  return body.endsWith('(') || !/ = [-?\d]| \+\+\+$| ---$/.test(text);
}

/** What no line of strace is without, however it was encoded. */
const ANY_BODY = /[a-z0-9_]\(|resumed|exited|killed|superseded|--- |strace|attached|detached/;

/** True for a text that strace begins a line with, behind what others put before it. */
function holdsLine(text: string): boolean {
  return ANY_BODY.test(text.slice(0, MAX_PREFIX)) && partsOf(cleanText(text.slice(0, 2 * MAX_PREFIX))) !== null;
}

/** True for a line that holds a time or `[pid 7]` and nothing behind it: its call may be on the next one. */
export function isOnlyPrefix(text: string): boolean {
  if (text.length > MAX_PREFIX || !/\d[:.]\d|\[pid|\[[0-9a-f]{8}/.test(text)) return false;
  let end = text.length;
  while (end > 0 && /[\s\\=]/.test(text[end - 1]!)) end--;
  return WHO.exec(`${text.slice(0, end)} `)?.index === 0;
}

/** True for a line whose beginning is that of a call, not of what strace prints before one. */
export function beginsWithBody(text: string): boolean {
  const begin = text.replace(INDENT, '').slice(0, MAX_PREFIX);
  return BODY.exec(begin)?.index === 0;
}

/** How the part of a line begins that stands behind its prefix; `null`: strace begins no line so. */
function bodyOf(text: string): string | null {
  const head = text.slice(0, MAX_PREFIX);
  const body = BODY.exec(head);
  return body !== null && WHO.exec(head.slice(0, body.index))?.index === 0 ? body[0] : null;
}

/** A line in parts. */
interface LineParts {
  /** What others put before it. */
  readonly foreign: string;
  /** What strace prints before a call. */
  readonly who: string;
  readonly body: string;
}

/** How a line of strace ends. */
const WHOLE = / = [-?\d][^=]*$|<unfinished \.\.\.>\W*$| \+\+\+\W*$| ---\W*$/;

/** True for a text that ends as a line of strace does. */
export function endsLine(text: string): boolean {
  return WHOLE.test(text.slice(-MAX_PREFIX));
}

/** What stands before the whole call of a line, and ends in a word, so that the line was not read; `null`: nothing of this kind. */
export function wordPrefix(line: string): string | null {
  if (line.length > MAX_LENGTH || !endsLine(line)) return null;
  const text = cleanText(line);
  return partsOf(text) === null ? (partsOf(text, () => true)?.foreign ?? null) : null;
}

/** `null`: strace's own text begins nowhere in the line, or only behind words that are no prefix. */
function partsOf(line: string, knows: KnowsPrefix = NO_WORDS): LineParts | null {
  const found = BODY.exec(line.slice(0, MAX_PREFIX));
  if (found === null) return null;
  const before = line.slice(0, found.index);
  const who = WHO.exec(before)?.[0] ?? '';
  const foreign = before.slice(0, before.length - who.length);
  // A call in a string or in a sentence is not the call of this line; words before a time are those of a collector.
  const words = /:|\[pid/.test(who) ? /.["“]$/ : /.["“]|[A-Za-z]{2}$/;
  if (words.test(foreign.trimEnd()) && !knows(foreign)) return null;
  return { foreign, who, body: line.slice(found.index) };
}

/** How a line ends whose call has no result yet. */
const OPEN_ENDS = ['<unfinished ...>', '<detached ...>'];

/** The line without what was put behind its end, where that is known. */
function withoutTail(line: string): string {
  const body = bodyOf(line);
  const begun = body === null ? 0 : line.indexOf(body);
  const ends = body?.startsWith('+++') ? [' +++'] : body?.startsWith('---') ? [' ---'] : OPEN_ENDS;
  for (const end of ends) {
    const at = line.lastIndexOf(end);
    const behind = line.slice(at + end.length);
    if (at > begun && !/^\)|"/.test(behind)) return line.slice(0, at + end.length);
  }
  // What ends every line of `cat -A`, and of a text that was printed with its escapes.
  const text = withoutMessageTail(line.trimEnd()).replace(/(?:\\[rn])+$|\$$/, '');
  let to = text.length;
  while (to > 0 && '`\'"*;,}| '.includes(text[to - 1]!)) to--;
  // A comma behind an argument is the call's own.
  return findResult(text, 0, to) >= 0 ? text.slice(0, to) : text;
}

/** A message ends a line, also one that it cut in two. */
function withoutMessageTail(text: string): string {
  if (!text.includes('strace: Process ')) return text;
  return text.replace(/(strace: Process \d+(?:<[^<>]*>)? (?:attached|detached))[\s"'`|,;}\u2500-\u257f]*$/, '$1');
}
