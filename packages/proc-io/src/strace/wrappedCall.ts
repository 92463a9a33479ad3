import { beginsLine, mendContinuation, mendLine } from './mendLine.ts';

/** Lines that one call may be wrapped to. */
const MAX_LINES = 12;
/** Characters of all of them. */
const MAX_LENGTH = 8192;

/** A line as it stands in the log. */
export interface Part {
  readonly text: string;
  readonly line: number;
}

/** The beginning of a call that is not whole: mail wraps long lines, and the next one may go on with it. */
export class WrappedCall {
  readonly parts: readonly Part[];
  /** The call stands behind another one, whose line was counted so; `null`: it does not. */
  readonly counted: 'callLines' | 'irrelevantLines' | null;
  /** What there is of the call, put together with spaces, as mail wraps, and without, as a terminal does. */
  readonly #spaced: string;
  readonly #tight: string;

  constructor(parts: readonly Part[], counted: WrappedCall['counted'], spaced: string, tight: string = spaced) {
    this.parts = parts;
    this.counted = counted;
    this.#spaced = spaced;
    this.#tight = tight;
  }

  /** Lines that are in no count yet. */
  get weight(): number {
    return this.parts.length - (this.counted === null ? 0 : 1);
  }

  /** The call, should it go on with a line: in the ways that there are. */
  joinedWith(line: string): readonly string[] {
    const more = mendContinuation(line);
    const tight = this.#tight.endsWith('|') && more.startsWith('|') ? more.slice(1) : more;
    return [join(this.#spaced, more), this.#tight + tight];
  }

  /** True where the call may still go on behind a line. */
  goesOn(line: string): boolean {
    const full = this.parts.length >= MAX_LINES || this.#spaced.length + line.length > MAX_LENGTH;
    return !full && line.trim() !== '' && !beginsLine(mendLine(line) ?? line);
  }

  with(line: string): WrappedCall {
    const [spaced, tight] = this.joinedWith(line);
    const number = this.parts[0]!.line + this.parts.length;
    return new WrappedCall([...this.parts, { text: line, line: number }], this.counted, spaced!, tight);
  }
}

/** Mail wraps at spaces, and behind some characters in words; `=` and `\\` at the end of a line say that it goes on. */
function join(text: string, more: string): string {
  if (/\S=$|\\$/.test(text)) return text.slice(0, -1) + more;
  const open = text.lastIndexOf('<');
  const inPath = open > text.lastIndexOf('>') && /\d/.test(text[open - 1] ?? '');
  return inPath || /[-/]$/.test(text) ? text + more : `${text.trimEnd()} ${more}`;
}
