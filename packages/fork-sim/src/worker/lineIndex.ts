/** Lines between two places that are remembered. */
const EVERY = 64;
/** Lines at once: further apart they are read one by one. */
const MAX_SPAN = 8192;
const NEWLINE = 10;
const RETURN = 13;

/**
 * Where the lines of a text are, so that any of them can be read again without keeping the text: a place each 64 lines. Fed with
 * the chunks as they are read; asked with the text they came from.
 */
export class LineIndex {
  /** Bytes (characters of a string) at which lines 1, 65, 129, ... begin. */
  readonly #starts: number[] = [0];
  #line = 1;
  #read = 0;
  /** The last chunk ended in a carriage return: a newline may follow. */
  #endsInReturn = false;

  feed(chunk: Uint8Array | string): void {
    if (chunk.length === 0) return;
    const codeAt = (at: number): number => (typeof chunk === 'string' ? chunk.charCodeAt(at) : chunk[at]!);
    const find = (code: number, from: number): number =>
      typeof chunk === 'string' ? chunk.indexOf(String.fromCharCode(code), from) : chunk.indexOf(code, from);
    if (this.#endsInReturn && codeAt(0) !== NEWLINE && codeAt(0) !== RETURN) this.#begin(this.#read);
    let newline = find(NEWLINE, 0);
    let carriage = find(RETURN, 0);
    while (newline >= 0 || carriage >= 0) {
      const at = newline < 0 || (carriage >= 0 && carriage < newline) ? carriage : newline;
      const next = codeAt(at + 1);
      // A carriage return ends a line only where no other end follows.
      if (at === newline || (at + 1 < chunk.length && next !== NEWLINE && next !== RETURN))
        this.#begin(this.#read + at + 1);
      if (at === newline) newline = find(NEWLINE, at + 1);
      else carriage = find(RETURN, at + 1);
    }
    this.#endsInReturn = codeAt(chunk.length - 1) === RETURN;
    this.#read += chunk.length;
  }

  #begin(place: number): void {
    this.#line++;
    if (this.#line % EVERY === 1) this.#starts.push(place);
  }

  /** The texts of lines, from 1, without their ends. */
  async read(source: Blob | string, lines: readonly number[]): Promise<Map<number, string>> {
    const found = new Map<number, string>();
    if (lines.length === 0) return found;
    const first = lines.reduce((a, b) => Math.min(a, b));
    const last = lines.reduce((a, b) => Math.max(a, b));
    if (last - first <= MAX_SPAN) await this.#readSpan(source, first, last, found);
    else for (const line of lines) await this.#readSpan(source, line, line, found);
    return found;
  }

  async #readSpan(source: Blob | string, first: number, last: number, found: Map<number, string>): Promise<void> {
    const block = Math.floor((first - 1) / EVERY);
    const start = this.#starts[block];
    if (start === undefined) return;
    const end = this.#starts[Math.floor((last - 1) / EVERY) + 1] ?? this.#read;
    const piece = source.slice(start, end);
    const texts = (typeof piece === 'string' ? piece : await piece.text()).split(/\r+\n?|\n/);
    for (let line = first; line <= last; line++) {
      const text = texts[line - 1 - block * EVERY];
      if (text !== undefined) found.set(line, text);
    }
  }
}
