import { findResult } from './findResult.ts';

/** Characters of a line among which its call must begin. */
const MAX_PREFIX = 400;

/** Longer lines are taken as they are. */
const MAX_LENGTH = 1 << 14;

/** Where what strace prints begins: a call, its second half, an event, a message. */
const BODY =
  /[a-z_][a-z0-9_]*\(|<\.\.\. |\+\+\+ (?:exited|killed|superseded)|--- (?:SIG|stopped)|strace: |Process \d+ (?:attached|detached)/;

/** What stands right before it: `[pid 7] `, `7 `, `7<bash> `, a time, the address of `-i`. */
const WHO =
  /(?:\[pid +\d+(?:<[^<>]*>)?\] +|(?<![\w./]|(?<!\d)-)\d+(?:<[^<>]*>)? +)?(?:(?<![\w./-])\d+(?::\d\d){1,2}(?:\.\d+)? +|(?<![\w./-])\d+\.\d+ +)?(?:\(\+ +[\d.]+\) +)?(?:\[[0-9a-f]{8,16}\] +)?$/;

/** A time with its day, of which the time is kept. */
const DATES: readonly RegExp[] = [
  /\b\d{4}[-/]\d\d[-/]\d\d[T ](\d\d:\d\d:\d\d(?:[.,]\d+)?)(?:Z|[+-]\d\d:?\d\d)?(?=[\s\]|:])/g,
  /\b(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? )?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]\d (?:\d{4} )?(\d\d:\d\d:\d\d(?:[.,]\d+)?)(?: \d{4})?(?=[\s\]|:])/g,
];

/**
 * A line of a log as strace printed it, where something was put around or into it on its way: quoting, indentation, prefixes of log
 * collectors, colours, HTML, quoted-printable, quotes of a word processor. `null`: nothing of this kind is to be found.
 */
export function mendLine(line: string): string | null {
  if (line.length > MAX_LENGTH) return null;
  const clean = cleanText(line);
  const mended = withoutTail(withoutPrefix(clean) ?? clean);
  return mended === line ? null : mended;
}

/** A piece of a line that was wrapped: what goes on with the call of the line before it. */
export function mendContinuation(line: string): string {
  // A bar before a flag is the call's own.
  return cleanText(line).replace(/^[\s>|]*?(?=\|[A-Z]+_)|^[\s>|]+/, '');
}

/** True for a text that strace begins a line with. */
export function beginsLine(text: string): boolean {
  return bodyOf(text) !== null;
}

/** True for a text that begins a call. */
export function beginsCall(text: string): boolean {
  return bodyOf(text)?.endsWith('(') === true;
}

/** How the part of a line begins that stands behind its prefix; `null`: strace begins no line so. */
function bodyOf(text: string): string | null {
  const head = text.slice(0, MAX_PREFIX);
  const body = BODY.exec(head);
  return body !== null && WHO.exec(head.slice(0, body.index))?.index === 0 ? body[0] : null;
}

/** The line from where strace's own text begins; `null`: it begins nowhere, or only behind words. */
function withoutPrefix(line: string): string | null {
  const body = BODY.exec(line.slice(0, MAX_PREFIX));
  if (body === null) return null;
  const before = line.slice(0, body.index);
  const who = WHO.exec(before)?.[0] ?? '';
  const foreign = before.slice(0, before.length - who.length).trimEnd();
  // A call in a string or in a sentence is not the call of this line.
  if (/.["“]|[A-Za-z]{2}$/.test(foreign)) return null;
  return who + line.slice(body.index);
}

/** How a line ends whose call has no result yet. */
const OPEN_ENDS = ['<unfinished ...>', '<detached ...>'];

/** The line without what was put behind its end, where that is known. */
function withoutTail(line: string): string {
  const body = bodyOf(line);
  const ends = body?.startsWith('+++') ? [' +++'] : body?.startsWith('---') ? [' ---'] : OPEN_ENDS;
  for (const end of ends) {
    const at = line.lastIndexOf(end);
    const behind = line.slice(at + end.length);
    if (at > 0 && !/^\)|"/.test(behind)) return line.slice(0, at + end.length);
  }
  const text = line.trimEnd();
  let to = text.length;
  while (to > 0 && '`\'"*;,}'.includes(text[to - 1]!)) to--;
  // A comma behind an argument is the call's own.
  return findResult(text, 0, to) >= 0 ? text.slice(0, to) : text;
}

function cleanText(line: string): string {
  let text = unpackJson(line);
  if (text.includes(ESC) || /\^\[\[|\[[0-9;]*m/.test(text)) text = withoutColours(text);
  if (text.includes('&') || /<\/?[a-z]/i.test(text)) text = withoutHtml(text);
  if (/=(?:3D|20|09|22|3C|3E)/.test(text)) text = fromQuotedPrintable(text);
  text = asPrinted(asTyped(text));
  for (const date of DATES) text = text.replace(date, (_, time: string) => time.replace(',', '.'));
  return text;
}

/** `{"log":"mmap(...) = 0x7f12\n","stream":"stderr"}`, as containers keep their output. */
function unpackJson(line: string): string {
  if (!/^\s*\{\s*"/.test(line) || !/"(?:log|message|msg|MESSAGE)"\s*:\s*"/.test(line)) return line;
  try {
    const { log, message, msg, MESSAGE } = JSON.parse(line) as Readonly<Record<string, unknown>>;
    const text = [log, message, msg, MESSAGE].find((one) => typeof one === 'string');
    return typeof text === 'string' ? text.trimEnd() : line;
  } catch {
    return line;
  }
}

const ESC = '\x1b';
/** Sequences of a terminal: `ESC [ 32 m`, `ESC ] 0 ; title BEL`, `ESC ( B`. */
const SEQUENCES = new RegExp(
  `(?:${ESC}|\\^\\[)\\[[0-9;?]*[@-~]|${ESC}\\][^\x07${ESC}]*(?:\x07|${ESC}\\\\)|${ESC}[()][0-9A-Z]`,
  'g',
);

/** Without the sequences of a terminal, also as `cat -v` shows them, or with their ESC lost. */
function withoutColours(text: string): string {
  return text.replace(SEQUENCES, '').replace(/\[(?:\d{1,3}(?:;\d{1,3})*)?m/g, '');
}

const TAGS =
  /<\/?(?:br|p|pre|code|div|span|b|i|u|s|a|em|strong|tt|font|li|ul|ol|td|tr|th|table|tbody|blockquote|samp|kbd|mark|small)(?:[ \t][^<>]*)?\/?>/gi;
const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
  ['nbsp', ' '],
  ['hellip', '...'],
  ['minus', '-'],
  ['ndash', '-'],
  ['vert', '|'],
  ['equals', '='],
  ['lpar', '('],
  ['rpar', ')'],
]);

/** Without tags; entities become characters, also those that were escaped twice. */
function withoutHtml(text: string): string {
  return decodeEntities(decodeEntities(text.replace(TAGS, ' '))).trimEnd();
}

function decodeEntities(text: string): string {
  return text.replace(
    /&(?:#x([0-9a-f]{1,5})|#(\d{1,6})|([a-z]{2,6}));/gi,
    (all, hex?: string, dec?: string, name = '') => {
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
      if (dec !== undefined) return String.fromCharCode(Number(dec));
      return ENTITIES.get(name.toLowerCase()) ?? all;
    },
  );
}

/** `=3D` is `=`: how mail encodes a text. */
function fromQuotedPrintable(text: string): string {
  return text.replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** Spaces, quotes, dashes and dots as a keyboard has them. */
function asTyped(text: string): string {
  if (!/[\t\u0080-\uffff]|^\s*\d+\t/.test(text)) return text;
  return text
    .replace(/^\s*\d+\t/, '')
    .replace(/[\u200b-\u200f\u2060\ufeff]/g, '')
    .replace(/[\t\u00a0\u2000-\u200a\u202f\u3000]/g, ' ')
    .replace(/[\u201c\u201d\u201e\u00ab\u00bb]/g, '"')
    .replace(/[\u2018\u2019]/g, "'")
    .replace(/[\u2010-\u2013\u2212]/g, '-')
    .replace(/\u2014/g, '--')
    .replace(/\u2026/g, '...');
}

/** A call as strace spaces it, and without what Markdown puts before its own signs. */
function asPrinted(text: string): string {
  return text
    .replace(/\\(?=[_|*<>#~[\]-])/g, '')
    .replace(/\b(mmap2?|munmap|mprotect|madvise|mremap|brk|mlock2?|munlock|clone3?|execve) +\(/, '$1(')
    .replace(/\) *=(?=[-?\d][^=]*$)/, ') = ');
}
