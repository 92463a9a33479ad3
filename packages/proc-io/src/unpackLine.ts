/** Characters of a line among which the string must begin that holds its text; a collector's other fields stand before it. */
const MAX_BEFORE = 4096;
/** Strings that are looked at. */
const MAX_STRINGS = 200;

/** What stands before a string that is a field, an element or a whole line, and behind it; not so in a sentence or a call. */
const BEFORE = /(?:^[\s>|*+-]{0,20}|(?:=>|[=:,;|[{(\t])\s{0,20})[bru]?$/;
const BEHIND = /^\s*(?:$|[,;)}\]|\t]|\/>)/;

/**
 * The text that a line holds as a string of JSON, CSV, C, Python, SQL, logfmt or XML, unescaped: `{"log":"mmap(...) = 0x7f12\n","stream":"stderr"}`,
 * `7,"munmap(0x1000, 4096) = 0"`. `null`: none of its strings begins a line of strace.
 *
 * @param begins tells whether a text begins a line of strace
 */
export function unpackLine(line: string, begins: (text: string) => boolean): string | null {
  const quotes = /["']/g;
  for (let n = 0; n < MAX_STRINGS; n++) {
    const found = quotes.exec(line);
    if (found === null || found.index > MAX_BEFORE) return null;
    const { index } = found;
    const quote = found[0];
    if (!BEFORE.test(index < 20 ? line.slice(0, index) : line.slice(index - 8, index))) continue;
    const close = closeOf(line, index, quote);
    if (close < 0 || !BEHIND.test(line.slice(close + 1, close + 80))) continue;
    const text = unescaped(line.slice(index + 1, close), quote).trimEnd();
    if (begins(text)) return begins(line.slice(0, index)) ? null : text;
  }
  return null;
}

/**
 * The texts of every string of a line that holds a line of a log, unescaped; as {@link unpackLine} tells strings from quotes in a sentence.
 *
 * @param begins tells whether a text begins a line of strace
 */
export function unpackLines(line: string, begins: (text: string) => boolean): string[] {
  const quotes = /["']/g;
  const texts: string[] = [];
  for (let found = quotes.exec(line); found !== null; found = quotes.exec(line)) {
    const { index } = found;
    const quote = found[0];
    if (!BEFORE.test(line.slice(Math.max(0, index - 8), index))) continue;
    const close = closeOf(line, index, quote);
    // No string of this kind ends any more.
    if (close < 0) break;
    if (!BEHIND.test(line.slice(close + 1, close + 80))) continue;
    const text = unescaped(line.slice(index + 1, close), quote).trimEnd();
    if (text.split('\n').some(begins)) texts.push(text);
    quotes.lastIndex = close + 1;
  }
  return texts;
}

/** Where a string ends: at a quote that is neither escaped nor doubled. -1: nowhere. */
function closeOf(line: string, open: number, quote: string): number {
  for (let p = open + 1; p < line.length; p++) {
    const char = line[p];
    if (char === quote) {
      if (line[p + 1] !== quote) return p;
      p++;
    } else if (char === '\\' && !line.startsWith('""', p + 1)) p++;
  }
  return -1;
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', ''],
  ['t', '\t'],
]);

/** A string without its escapes. @param quote the one around it */
export function unescaped(text: string, quote: string): string {
  // CSV and SQL double their quotes, and know no other escape.
  if (text.includes(quote + quote)) return text.replaceAll(quote + quote, quote);
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/g, (_, hex?: string, char = '') =>
    hex === undefined ? (ESCAPES.get(char) ?? char) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
