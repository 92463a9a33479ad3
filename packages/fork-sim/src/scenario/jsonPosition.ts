/** Where a value is in a JSON text: property names and array indices, from the outside in. */
export type JsonPath = readonly (string | number)[];

/** The first place at which a text is no JSON; `offset` counts UTF-16 units from 0. */
export interface JsonProblem {
  readonly offset: number;
  readonly message: string;
}

/** Deeper nesting is refused: no format here needs ten levels. */
const MAX_DEPTH = 200;

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /-?[A-Za-z_$][\w$]*/y;

/**
 * Finds where `JSON.parse` would give up, and says why in words. Only asked after it did: engines word their own messages
 * differently, and few give a position.
 *
 * @returns `null` where the text is one JSON value
 */
export function findJsonProblem(text: string): JsonProblem | null {
  const scan = new JsonScan(text, null);
  try {
    scan.value(0, 0);
    scan.end();
    return null;
  } catch (problem) {
    if (problem instanceof ScanStop) return { offset: problem.offset, message: problem.message };
    throw problem;
  }
}

/**
 * Offset of the value at `path` in a text that is JSON; of the innermost value on the way where the path leads nowhere.
 */
export function findJsonValue(text: string, path: JsonPath): number {
  const scan = new JsonScan(text, path);
  scan.value(0, 0);
  return scan.found;
}

/** Ends a scan at the first fault. Not an error of the program: it never leaves this file. */
class ScanStop extends Error {
  readonly offset: number;
  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

/** One pass over a text, which remembers where the value at `path` starts. */
class JsonScan {
  found = 0;
  readonly #text: string;
  readonly #path: JsonPath | null;
  #at = 0;

  constructor(text: string, path: JsonPath | null) {
    this.#text = text;
    this.#path = path;
  }

  /** Reads a value. `matched`: how many steps of the path lead to it, or -1 beside the path. */
  value(depth: number, matched: number): void {
    this.#space();
    if (this.#path !== null && matched >= 0) this.found = this.#at;
    if (depth > MAX_DEPTH) this.#stop('nested too deeply');
    const first = this.#text[this.#at];
    if (first === '{') this.#object(depth, matched);
    else if (first === '[') this.#array(depth, matched);
    else if (first === '"') this.#string();
    else this.#scalar();
  }

  end(): void {
    this.#space();
    if (this.#at < this.#text.length) this.#stop('something follows the JSON value');
  }

  #object(depth: number, matched: number): void {
    this.#at++;
    this.#space();
    if (this.#take('}')) return;
    do {
      this.#space();
      if (this.#text[this.#at] !== '"') this.#stop('a property name in double quotes is missing');
      const key = this.#string();
      this.#space();
      if (!this.#take(':')) this.#stop('a ":" is missing');
      this.value(depth + 1, this.#step(matched, key));
      this.#space();
    } while (this.#take(','));
    if (!this.#take('}')) this.#stop('a "," or "}" is missing');
  }

  #array(depth: number, matched: number): void {
    this.#at++;
    this.#space();
    if (this.#take(']')) return;
    let index = 0;
    do {
      this.value(depth + 1, this.#step(matched, index++));
      this.#space();
    } while (this.#take(','));
    if (!this.#take(']')) this.#stop('a "," or "]" is missing');
  }

  #string(): string {
    const start = this.#at++;
    for (; this.#at < this.#text.length; this.#at++) {
      const char = this.#text[this.#at] as string;
      if (char === '\\') this.#at++;
      else if (char === '"') {
        this.#at++;
        const token = this.#text.slice(start, this.#at);
        try {
          return JSON.parse(token) as string;
        } catch {
          throw new ScanStop(start, 'a string with an escape that JSON does not know');
        }
      } else if (char < ' ') this.#stop('a control character inside a string');
    }
    throw new ScanStop(start, 'the string is not closed: the line ends in it');
  }

  #scalar(): void {
    for (const word of ['true', 'false', 'null']) {
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length;
        return;
      }
    }
    const word = match(WORD, this.#text, this.#at);
    if (word !== null) this.#stop(`${word} is no JSON value`);
    const number = match(NUMBER, this.#text, this.#at);
    if (number !== null) {
      this.#at += number.length;
      return;
    }
    this.#stop(
      this.#at < this.#text.length ? 'a JSON value is expected here' : 'the line ends in the middle of a value',
    );
  }

  /** A step inwards: still on the path? */
  #step(matched: number, key: string | number): number {
    const path = this.#path;
    return path !== null && matched >= 0 && path[matched] === key ? matched + 1 : -1;
  }

  #space(): void {
    while (' \t\r\n'.includes(this.#text[this.#at] ?? '!')) this.#at++;
  }

  #take(char: string): boolean {
    if (this.#text[this.#at] !== char) return false;
    this.#at++;
    return true;
  }

  #stop(message: string): never {
    const atEnd = this.#at >= this.#text.length && message.includes('missing');
    throw new ScanStop(this.#at, atEnd ? `the line ends too early: ${message}` : message);
  }
}

function match(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}
