import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  CLOSE_PAREN,
  COMMA,
  LESS,
  OPEN_BRACE,
  OPEN_BRACKET,
  OPEN_PAREN,
  QUOTE,
  SLASH,
  STAR,
} from './chars.ts';

/** The arguments of a call, and where they end. */
export interface SplitArgs {
  /** Each argument as printed, without the spaces around it. */
  readonly args: readonly string[];
  /** Index of the parenthesis (or of the end) that closed them. */
  readonly close: number;
}

/**
 * Cuts at the commas that are in no string, path, struct, array, call or comment, up to the closing parenthesis.
 * `null` where there is none before `end`.
 */
export function splitArgs(text: string, from: number, end: number): SplitArgs | null {
  const args: string[] = [];
  const paths = new PathEnds(text, end);
  let start = from;
  let depth = 0;
  for (let p = from; p < end; p++) {
    const code = text.charCodeAt(p);
    if (code === QUOTE) p = skipString(text, p, end);
    else if (code === LESS) p = paths.skip(p);
    else if (code === SLASH && text.charCodeAt(p + 1) === STAR) p = skipComment(text, p, end);
    else if (code === OPEN_PAREN || code === OPEN_BRACE || code === OPEN_BRACKET) depth++;
    else if (depth > 0 && (code === CLOSE_PAREN || code === CLOSE_BRACE || code === CLOSE_BRACKET)) depth--;
    else if (depth === 0 && (code === COMMA || code === CLOSE_PAREN)) {
      const arg = text.slice(start, p).trim();
      if (code === COMMA || arg !== '' || args.length > 0) args.push(arg);
      if (code === CLOSE_PAREN) return { args, close: p };
      start = p + 1;
    }
  }
  return null;
}

/** The fields of `{a=1, b={c=2}}` by name; a field without a name is kept under its position. `null`: no struct. */
export function structFields(text: string): ReadonlyMap<string, string> | null {
  const trimmed = text.trim();
  if (!trimmed.startsWith('{')) return null;
  const close = matching(trimmed);
  if (close < 0) return null;
  const inner = `${trimmed.slice(1, close)})`;
  const split = splitArgs(inner, 0, inner.length);
  if (split === null) return null;
  const fields = new Map<string, string>();
  split.args.forEach((field, i) => {
    const equals = field.indexOf('=');
    if (equals < 0) fields.set(String(i), field);
    else fields.set(field.slice(0, equals).trim(), field.slice(equals + 1).trim());
  });
  return fields;
}

/** The elements of `[a, b]`; `null`: no array. */
export function arrayItems(text: string): readonly string[] | null {
  const trimmed = text.trim();
  if (!trimmed.startsWith('[') || !trimmed.endsWith(']')) return null;
  const inner = `${trimmed.slice(1, -1)})`;
  return splitArgs(inner, 0, inner.length)?.args ?? null;
}

/** Index of the bracket that closes the one at 0; -1 without one. */
function matching(text: string): number {
  let depth = 0;
  for (let p = 0; p < text.length; p++) {
    const char = text[p]!;
    if (char === '"') p = skipString(text, p, text.length);
    else if (char === '/' && text[p + 1] === '*') p = skipComment(text, p, text.length);
    else if (char === '{' || char === '[') depth++;
    else if ((char === '}' || char === ']') && --depth === 0) return p;
  }
  return -1;
}

function skipString(text: string, open: number, end: number): number {
  for (let p = open + 1; p < end; p++) {
    const code = text.charCodeAt(p);
    if (code === BACKSLASH) p++;
    else if (code === QUOTE) return p;
  }
  return end;
}

/** Finds where the paths of a text end, in steps that grow with the text and not with the number of its `<`. */
class PathEnds {
  readonly #text: string;
  readonly #end: number;
  /** Where each `<` is closed that is closed; found out for all of them once one is not. */
  #closed: ReadonlyMap<number, number> | null = null;

  constructor(text: string, end: number) {
    this.#text = text;
    this.#end = end;
  }

  /** The `>` that closes the `<` at `open`; `open` itself where none does, or it is a `<<`. */
  skip(open: number): number {
    const text = this.#text;
    if (text[open + 1] === '<' || text[open - 1] === '<') return open;
    if (this.#closed !== null) return this.#closed.get(open) ?? open;
    let depth = 0;
    for (let p = open; p < this.#end; p++) {
      if (text[p] === '<') depth++;
      else if (closesPath(text, p) && --depth === 0) return p;
    }
    this.#closed = this.#pairs(open);
    return open;
  }

  #pairs(from: number): ReadonlyMap<number, number> {
    const pairs = new Map<number, number>();
    const open: number[] = [];
    for (let p = from; p < this.#end; p++) {
      if (this.#text[p] === '<') open.push(p);
      else if (open.length > 0 && closesPath(this.#text, p)) pairs.set(open.pop()!, p);
    }
    return pairs;
  }
}

/** `->` closes nothing (`TCP:[1.2.3.4:5->6.7.8.9:10]`). */
function closesPath(text: string, at: number): boolean {
  return text[at] === '>' && text[at - 1] !== '-';
}

function skipComment(text: string, open: number, end: number): number {
  let depth = 0;
  for (let p = open; p < end; p++) {
    if (text.startsWith('/*', p)) {
      depth++;
      p++;
    } else if (text.startsWith('*/', p)) {
      p++;
      if (--depth === 0) return p;
    }
  }
  return end;
}
