import type { LineKind } from './unfoldLine.ts';
import { unescaped } from './unpackLine.ts';

/** Characters of the line by which it is known how it was folded. */
const LOOKED_AT = 1 << 16;
/** Characters of one of its lines. */
const MAX_LINE = 1 << 20;
/** Quotes of the beginning behind one of which the first line may stand. */
const MAX_QUOTES = 40;

/** What stands between two lines: a break of HTML, a new line as a string writes it, the next string of an array, a new line escaped twice. */
const SEPARATORS: readonly RegExp[] = [
  /<br\s*\/?>/i,
  /(?<!\\)(?:\\r)?\\n/,
  /(?<!\\)",\s*[bru]?"/,
  /(?<!\\)',\s*[bru]?'/,
  /(?:\\\\r)?\\\\n/,
];

/** What ends a string, and what it stands in. */
const BEHIND = /(?<!\\)["'][\s,;)}\]]{0,40}$/;

/**
 * A line that is too long to be kept, as it holds a whole log or map: its new lines became `\n` or `<br>`, or it is an array of strings. It
 * is read part by part; no more is kept than one of its lines.
 */
export class FoldedLine {
  readonly #separator: RegExp;
  readonly #kind: LineKind;
  /** The quote within which everything stands, escaped; `null`: nothing is. */
  readonly #quote: string | null;
  #isFirst = true;
  #rest = '';

  private constructor(separator: RegExp, kind: LineKind, quote: string | null) {
    this.#separator = separator;
    this.#kind = kind;
    this.#quote = quote;
  }

  /** `null`: its beginning does not show lines. */
  static of(line: string, kind: LineKind): FoldedLine | null {
    const head = line.slice(0, LOOKED_AT);
    for (const separator of SEPARATORS) {
      // The first is behind what else the line begins with, the last is cut.
      const pieces = head.split(separator).slice(1, -1);
      for (const quote of [null, '"', "'"]) {
        const lines = pieces.map((piece) => (quote === null ? piece : unescaped(piece, quote)));
        if (!isQuoted(pieces, quote) || !kind.areLines(lines)) continue;
        return new FoldedLine(separator, kind, quote);
      }
    }
    return null;
  }

  /** Takes the next part of the line; the lines that are whole with it. */
  take(part: string): readonly string[] {
    this.#rest += part;
    const pieces = this.#rest.split(this.#separator);
    const rest = pieces.pop() as string;
    this.#rest = rest.length > MAX_LINE ? '' : rest;
    return this.#linesOf(pieces);
  }

  /** The line is at its end: what is left of it. */
  end(): readonly string[] {
    return this.#linesOf(this.#rest.replace(BEHIND, '').split(this.#separator));
  }

  #linesOf(pieces: readonly string[]): readonly string[] {
    const lines = pieces.map((piece) => (this.#quote === null ? piece : unescaped(piece, this.#quote)));
    const [first] = pieces;
    if (this.#isFirst && first !== undefined) lines[0] = this.#firstLine(first);
    this.#isFirst &&= first === undefined;
    return lines.filter((line) => line.trim() !== '');
  }

  /** The first line without what stands before it: `{"rc": 0, "stderr": "`. */
  #firstLine(piece: string): string {
    const quotes = /(?<!\\)["']/g;
    for (let n = 0; n < MAX_QUOTES; n++) {
      const found = quotes.exec(piece);
      if (found === null) break;
      const behind = piece.slice(found.index + 1);
      const line = this.#quote === null ? behind : unescaped(behind, this.#quote);
      if (/[=:,;|[{(>]\s*[bru]?$|^\s*[bru]?$/.test(piece.slice(0, found.index)) && this.#kind.isLine(line)) return line;
    }
    return this.#quote === null ? piece : unescaped(piece, this.#quote);
  }
}

/** Are quotes within the pieces escaped, as they are in a string that has this one around it? */
function isQuoted(pieces: readonly string[], quote: string | null): boolean {
  const text = pieces.join('');
  const escaped = text.includes('\\"');
  if (quote === null) return !escaped || /(?<!\\)"/.test(text);
  return quote === '"' ? escaped && !/(?<!\\)"/.test(text) : text.includes("\\'");
}
