import { type KnowsPrefix, type Part, PutBefore } from './mendLine.ts';

/** Lines that one call may be wrapped to. */
const MAX_LINES = 12;
/** Characters of all of them. */
const MAX_LENGTH = 8192;

/** The beginning of a call that is not whole: mail wraps long lines, and the next one may go on with it. */
export class WrappedCall {
  readonly parts: readonly Part[];
  /** The call stands behind another one, whose line was counted so; `null`: it does not. */
  readonly counted: 'callLines' | 'irrelevantLines' | null;
  /** What there is of the call, put together in each of {@link JOINS}. */
  readonly #texts: readonly string[];
  readonly #before: PutBefore;

  constructor(
    parts: readonly Part[],
    counted: WrappedCall['counted'],
    begin: string | readonly string[],
    before: PutBefore | KnowsPrefix,
  ) {
    this.parts = parts;
    this.counted = counted;
    this.#texts = typeof begin === 'string' ? JOINS.map(() => begin) : begin;
    this.#before = typeof before === 'function' ? new PutBefore(parts[0]?.text ?? '', before) : before;
  }

  /** Lines that are in no count yet. */
  get weight(): number {
    return this.parts.length - (this.counted === null ? 0 : 1);
  }

  /** The call as far as it goes, in the ways that there are. @param isHard lines of this log are cut at a width, in words too */
  texts(isHard: boolean): ReadonlySet<string> {
    return new Set(isHard ? HARD_JOINS.map((join) => this.#texts[JOINS.indexOf(join)]!) : this.#texts);
  }

  /** True where the call may still go on behind a line. */
  goesOn(line: string): boolean {
    const [text = ''] = this.#texts;
    const full = this.parts.length >= MAX_LINES || text.length + line.length > MAX_LENGTH;
    return !full && line.trim() !== '' && !this.#before.begins(line);
  }

  /** The call, should it go on with a line. */
  with(line: string): WrappedCall {
    const { whole, bare } = this.#before.restOf(line);
    const texts = JOINS.map((join, i) => join(this.#texts[i]!, bare, whole));
    const part = { text: line, line: this.parts[0]!.line + this.parts.length };
    return new WrappedCall([...this.parts, part], this.counted, texts, this.#before);
  }
}

/** How two pieces become one; what wraps a log does it in one of these ways throughout. */
type Join = (text: string, bare: string, whole: string) => string;

/** Mail wraps at spaces, which are lost, and behind some characters in words. */
const atSpace: Join = (text, bare) => {
  const open = text.lastIndexOf('<');
  const inPath = open > text.lastIndexOf('>') && /\d/.test(text[open - 1] ?? '');
  const begin = text.replace(/(?<=\S)=$|\\$/, '');
  return inPath || /-$|(?<!\*)\/$/.test(begin) ? begin + bare : `${begin.trimEnd()} ${bare}`;
};
/** A backslash at the end says that the line goes on; so does `=` in mail. */
const atSign: Join = (text, bare) => text.replace(/[=\\]$/, '') + bare;
const atSignIndented: Join = (text, _, whole) => text.replace(/[=\\]$/, '') + whole;
/** A terminal wraps anywhere. A flag's bar may be on both lines. */
const anywhere: Join = (text, bare) => text + (text.endsWith('|') && bare.startsWith('|') ? bare.slice(1) : bare);
const anywhereIndented: Join = (text, _, whole) => text + whole;

const JOINS: readonly Join[] = [atSpace, atSign, atSignIndented, anywhere, anywhereIndented];
/** Of a log whose lines are cut at a width, which no space is lost at. */
const HARD_JOINS: readonly Join[] = [atSign, atSignIndented, anywhere, anywhereIndented, atSpace];
