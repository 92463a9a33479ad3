/** A time with its day, of which the time is kept. A year behind it belongs to it only where the name of the day stands before: else it is a pid. */
const DATES: readonly RegExp[] = [
  /\b\d{4}[-/]\d\d[-/]\d\d[T ](\d\d:\d\d:\d\d(?:[.,]\d+)?)(?:Z|[+-]\d\d:?\d\d)?(?=[\s\]|:])/g,
  /\b\d\d?[-/.]\d\d?[-/.]\d{2,4}[T ](\d\d:\d\d:\d\d(?:[.,]\d+)?)(?: [AP]M)?(?=[\s\]|:])/g,
  /\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]\d (?:\d{4} )?(\d\d:\d\d:\d\d(?:[.,]\d+)?)(?: \d{4})?(?=[\s\]|:])/g,
  /\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]\d (?:\d{4} )?(\d\d:\d\d:\d\d(?:[.,]\d+)?)(?=[\s\]|:])/g,
];

/** A line without what terminals, web pages, mail and word processors did to its characters. */
export function cleanText(line: string): string {
  let text = line;
  if (COLOURED.test(text)) text = withoutColours(text);
  if (text.includes('&') || /<[/!]?[a-z[]/i.test(text)) text = withoutHtml(text);
  if (/=(?:3D|20|09|22|3C|3E)/.test(text)) text = fromQuotedPrintable(text);
  text = asPrinted(asTyped(text));
  for (const date of DATES) text = text.replace(date, (_, time: string) => time.replace(',', '.'));
  return text;
}

/** ESC, and what it becomes where a text is printed, kept or decoded: `^[`, `\e`, `\033`, `\x1b`, `\u001b`, `#033` of rsyslog, its picture. */
const ESC = '(?:\x1b|\\^\\[|\\\\(?:e|0?33|x1[bB]|u001[bB])|#033|\u241b|\ufffd)';
/** Sequences of a terminal: `ESC [ 32 m`, `ESC ] 0 ; title BEL`, `ESC ( B`. */
const SEQUENCES = new RegExp(
  `${ESC}\\[[0-9;:?]{0,40}[@-~]|${ESC}\\][^\x07\x1b]*(?:\x07|${ESC}\\\\)|${ESC}[()][0-9A-Z]`,
  'g',
);
/** The same with the ESC lost; not the `[` before the name of a call. */
const BARE_SEQUENCES = /\[(?:\d{1,3}(?:;\d{1,3})*m|m(?![a-z0-9_]*\())/g;
const COLOURED = new RegExp(`${ESC}[[\\]()]|\\[[0-9;]*m`);

function withoutColours(text: string): string {
  return text.replace(SEQUENCES, '').replace(BARE_SEQUENCES, '');
}

const TAGS =
  /<\/?(?:br|p|pre|code|div|span|b|i|u|s|a|em|strong|tt|font|li|ul|ol|td|tr|th|table|tbody|blockquote|samp|kbd|mark|small)(?:[ \t][^<>]*)?\/?>|<!\[CDATA\[|\]\]>/gi;
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
  const clean = decodeEntities(decodeEntities(text.replace(TAGS, ' ')));
  // Where nothing was taken off, a blank at the end is the log's own.
  return clean === text ? text : clean.trimEnd();
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

/** Spaces, quotes, dashes, dots and letters as a keyboard has them. */
export function asTyped(text: string): string {
  if (!/[\t\v\f\u0080-\uffff]|``|^\s*\d+\t/.test(text)) return text;
  return text
    .replace(/^\s*\d+\t/, '')
    .replace(/[\u00ad\u200b-\u200f\u2060\ufeff]/g, '')
    .replace(/[\t\v\f\u00a0\u2000-\u200a\u202f\u3000]/g, ' ')
    .replace(/[\u201c\u201d\u201e\u201f\u00ab\u00bb\uff02]/g, '"')
    .replace(/[\u2018\u2019\u201a\u2039\u203a]/g, "'")
    .replace(/``([^`']*)''|''([^`']*)''/g, '"$1$2"')
    .replace(/[\u2010-\u2013\u2212]/g, '-')
    .replace(/\u2014/g, '--')
    .replace(/\u2026/g, '...')
    .replace(/[\ufb00-\ufb06]/g, (ligature) => ligature.normalize('NFKC'))
    .replace(/[\uff08\uff09\uff0c\uff1d]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0));
}

/** A call as strace spaces it, and without what Markdown puts before its own signs. */
function asPrinted(text: string): string {
  return text
    .replace(/\\(?=[_|*<>#~[\](){}+.!-])/g, '')
    .replace(/\b(mmap2?|munmap|mprotect|madvise|mremap|brk|mlock2?|munlock|clone3?|execve) +\(/, '$1(')
    .replace(/\) *=(?=[-?\d][^=]*$)/, ') = ');
}
