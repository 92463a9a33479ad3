/** Lines that are held at most until it is known whether they are numbered. */
const MAX_HELD = 300;
/** Numbered lines that a log has at least. */
const MIN_LINES = 3;

/** A number, and what strace begins a line with that has no pid. */
const NUMBERED = /^\s*(\d{1,7})\s+(?=[a-z_][a-z0-9_]*\(|<\.\.\. |\+\+\+ |--- |\d\d:\d\d:\d\d|\d+\.\d+ |\[pid )/;

/** A line of a text. */
export interface HeldLine {
  readonly text: string;
  /** It is the last one and has no end. */
  readonly atEnd: boolean;
  /** An editor's number was taken away. */
  readonly wasNumbered?: boolean;
}

/**
 * The numbers that an editor or a web page puts before the lines of a log without pids, which look like pids: each line has the next number.
 * Lines are held until one has another number, as of threads that an attached strace lists one after the other.
 */
export class LineNumbers {
  #held: HeldLine[] = [];
  #last = 0;
  #state: 'open' | 'numbered' | 'plain' = 'open';

  /** Lines may be numbered, so that {@link take} has to see them. */
  get mayBe(): boolean {
    return this.#state !== 'plain';
  }

  /** Takes the next line, and gives those that can be read now. */
  take(line: HeldLine): readonly HeldLine[] {
    if (this.#state === 'plain') return [line];
    const number = numberOf(line.text);
    if (this.#state === 'numbered') return [number > this.#last ? this.#bare(line) : line];
    if (number >= 0 && (this.#held.length === 0 || number === this.#last + 1)) {
      this.#last = number;
      this.#held.push(line);
      return this.#held.length < MAX_HELD ? [] : this.#decide(true);
    }
    if (this.#held.length === 0) return [line];
    const before = this.#decide(number < 0);
    return [...before, ...this.take(line)];
  }

  /** A line was read that has no number: none has. */
  close(): void {
    if (this.#state === 'open' && this.#held.length === 0) this.#state = 'plain';
  }

  /** No line follows: those that are still held. */
  end(): readonly HeldLine[] {
    return this.#decide(true);
  }

  /** @param mayBe nothing speaks against it: lines that are numbered up to here are */
  #decide(mayBe: boolean): readonly HeldLine[] {
    const held = this.#held;
    this.#held = [];
    const isNumbered = mayBe && held.length >= MIN_LINES;
    if (held.length > 0) this.#state = isNumbered ? 'numbered' : 'plain';
    this.#last = 0;
    return isNumbered ? held.map((line) => this.#bare(line)) : held;
  }

  #bare(line: HeldLine): HeldLine {
    this.#last = numberOf(line.text);
    return { ...line, text: line.text.replace(NUMBERED, ''), wasNumbered: true };
  }
}

function numberOf(text: string): number {
  const found = NUMBERED.exec(text.slice(0, 60));
  return found === null ? -1 : Number(found[1]);
}
