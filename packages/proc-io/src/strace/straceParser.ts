import { OTHER_KINDS } from '../fileKinds.ts';
import { FoldedLine } from '../foldedLine.ts';
import { InputError } from '../inputError.ts';
import { LineEnds } from '../lineEnds.ts';
import { MIN_FOLDED, unfoldLine } from '../unfoldLine.ts';
import { Utf8Stream } from '../utf8.ts';
import { type HeldLine, LineNumbers } from './lineNumbers.ts';
import { LineReader } from './lineReader.ts';
import { LOG_LINES } from './logLines.ts';
import { LogText } from './logText.ts';
import { isPerfTraceLine, readPerfTraceLine } from './perfTraceLine.ts';
import type { StraceEvent, StraceStats, UnreadableLine } from './straceEvent.ts';

/** How to read a log. */
export interface StraceOptions {
  /** Name of the log, for messages. */
  readonly file?: string | undefined;
}

/** Longer lines are listed as unreadable and not kept whole. */
const MAX_LINE = 1 << 20;
/** A log that begins with this number of unreadable lines is no strace log. */
const BEGINNING = 1000;
/** Lines at the beginning that may show another kind of file. */
const LOOKED_AT = 5;

/**
 * Reads a strace log (strace 5 to 6.x) from chunks of any size. Memory use does not grow with the log: only calls that
 * wait for their `resumed` line are kept. Every line becomes part of an event or of a count; see {@link StraceStats}.
 */
export class StraceParser {
  private readonly options: StraceOptions;
  private readonly reader: LineReader = new LineReader();
  private readonly utf8: Utf8Stream = new Utf8Stream();
  private readonly ends: LineEnds = new LineEnds();
  private readonly chunk: LogText = new LogText();
  /** A line that the end of a chunk cut in two. */
  private readonly cut: LogText = new LogText();
  private readonly numbers: LineNumbers = new LineNumbers();
  /** A line that is no piece of a chunk. */
  private readonly made: LogText = new LogText();
  /** Something was read. */
  private started = false;
  /** The first line was one of `perf trace`, and so are all. */
  private isPerf = false;
  /** A line that is too long, and holds many. */
  private folded: FoldedLine | null = null;
  /** The part of a line that the last chunk ended with. */
  private rest = '';
  /** The rest of a line that was too long is being passed over. */
  private skipping = false;
  #begun = false;
  /** What was listed before that. */
  private held: StraceEvent[] = [];

  constructor(options: StraceOptions = {}) {
    this.options = options;
  }

  /** A line could be read, so this is a strace log. */
  get begun(): boolean {
    return this.#begun;
  }

  /** Counts so far; complete after `end()`. */
  get stats(): Readonly<StraceStats> {
    return this.reader.stats;
  }

  /**
   * Reads the next chunk; bytes are UTF-8.
   *
   * @returns the events it completes, in the order of the lines that complete them
   * @throws InputError where the beginning shows that this is no strace log
   */
  push(chunk: string | Uint8Array): StraceEvent[] {
    const out = this.held;
    this.lines(this.ends.take(typeof chunk === 'string' ? chunk : this.utf8.decode(chunk), false), out);
    return this.release(out);
  }

  /**
   * Ends the log.
   *
   * @returns what was still open: calls that never got their result
   * @throws InputError for an empty log, or one without any line of strace
   */
  end(): StraceEvent[] {
    const out = this.held;
    this.lines(this.ends.take(this.utf8.decode(new Uint8Array(0), true), true), out);
    this.endFolded(out);
    if (this.rest !== '') this.lastLine(out);
    this.heldLines(out);
    this.reader.finish(out);
    if (!this.begun) this.refuse(out);
    return this.release(out);
  }

  private lines(text: string, out: StraceEvent[]): void {
    let pos = this.skipBom(text);
    if (this.folded !== null) {
      const newline = text.indexOf('\n');
      this.foldedLines(this.folded.take(newline < 0 ? text : text.slice(0, newline)), out);
      if (newline < 0) return;
      this.endFolded(out);
      pos = newline + 1;
    }
    if (this.rest !== '' || this.skipping) {
      const newline = text.indexOf('\n');
      if (newline < 0) {
        this.keep(text, out);
        return;
      }
      if (!this.skipping) {
        const whole = this.cut.set(this.rest + text.slice(0, newline + 1));
        this.line(whole, 0, this.rest.length + newline, out);
      }
      this.skipping = false;
      this.rest = '';
      pos = newline + 1;
    }
    const chunk = this.chunk.set(text);
    for (let newline = text.indexOf('\n', pos); newline >= 0; newline = text.indexOf('\n', pos)) {
      this.line(chunk, pos, newline, out);
      pos = newline + 1;
    }
    if (pos < text.length) this.keep(text.slice(pos), out);
  }

  /** Where the text begins behind a byte order mark. */
  private skipBom(text: string): number {
    if (this.started || text === '') return 0;
    this.started = true;
    return text.startsWith('\ufeff') ? 1 : 0;
  }

  private line(log: LogText, start: number, end: number, out: StraceEvent[], atEnd = false): void {
    if (this.isPerf) this.perfLine(log.text.slice(start, end), out, atEnd);
    else if (this.begun && !this.numbers.mayBe && end - start < MIN_FOLDED)
      this.reader.line(log, start, end, out, atEnd);
    else this.textLine(log.text.slice(start, end), out, atEnd);
  }

  /** A line of `perf trace`: a call is read as strace would print it. */
  private perfLine(text: string, out: StraceEvent[], atEnd: boolean): void {
    const { stats } = this.reader;
    const read = readPerfTraceLine(text);
    if (read !== null && read.kind !== 'call') {
      stats.lines++;
      stats.otherLines++;
      if (read.kind === 'fault') stats.perfFaults++;
      return;
    }
    const line = read?.text ?? text;
    this.reader.line(this.made.set(`${line}\n`), 0, line.length, out, atEnd);
    if (read !== null) this.#begun = true;
  }

  /** A line that may hold several, or begin with a number of an editor. */
  private textLine(text: string, out: StraceEvent[], atEnd: boolean): void {
    if (!this.begun && this.reader.stats.lines === 0 && isPerfTraceLine(text)) {
      this.isPerf = true;
      this.numbers.close();
      this.perfLine(text, out, atEnd);
      return;
    }
    const unfolded = unfoldLine(text, LOG_LINES);
    if (unfolded !== null) this.reader.stats.mended++;
    for (const line of unfolded ?? [text]) {
      for (const held of this.numbers.take({ text: line, atEnd })) this.numberedLine(held, out);
    }
  }

  /** Lines of which the end of the log shows whether they are numbered. */
  private heldLines(out: StraceEvent[]): void {
    for (const held of this.numbers.end()) this.numberedLine(held, out);
  }

  /** A line without the number that it may have had. */
  private numberedLine({ text, atEnd, wasNumbered = false }: HeldLine, out: StraceEvent[]): void {
    const log = this.made.set(`${text}\n`);
    if (wasNumbered) this.reader.stats.mended++;
    if (this.begun) this.reader.line(log, 0, text.length, out, atEnd);
    else this.firstLine(text, log, out, atEnd);
  }

  private firstLine(line: string, log: LogText, out: StraceEvent[], atEnd: boolean): void {
    const { stats } = this.reader;
    if (stats.lines === 0 && isGzip(line)) throw this.error('not a strace log: gzip data, unpack it first', 1, 1);
    if (stats.lines < LOOKED_AT) this.refuseOther(line, stats.lines + 1);
    const zero = line.indexOf('\0');
    if (zero >= 0) throw this.error('not a strace log: binary data', stats.lines + 1, zero + 1);
    this.reader.line(log, 0, line.length, out, atEnd);
    this.#begun = stats.lines - stats.blank - stats.stackLines - stats.unreadable - this.reader.waiting > 0;
    if (this.begun) this.numbers.close();
    else if (stats.unreadable >= BEGINNING) this.refuse(out);
  }

  /** Keeps a part of a line for the next chunk, unless the line has become too long. */
  private keep(text: string, out: StraceEvent[]): void {
    if (this.skipping) return;
    this.rest += text;
    if (this.rest.length <= MAX_LINE) return;
    this.folded = FoldedLine.of(this.rest, LOG_LINES);
    if (this.folded !== null) {
      const { rest } = this;
      this.rest = '';
      this.reader.stats.mended++;
      this.foldedLines(this.folded.take(rest), out);
      return;
    }
    this.heldLines(out);
    if (!this.begun) this.numberedLine({ text: this.rest, atEnd: true }, out);
    else this.reader.tooLong(this.rest, out);
    this.rest = '';
    this.skipping = true;
  }

  private foldedLines(lines: readonly string[], out: StraceEvent[]): void {
    for (const text of lines) this.numberedLine({ text, atEnd: false }, out);
  }

  /** The line that holds many is at its end. */
  private endFolded(out: StraceEvent[]): void {
    this.foldedLines(this.folded?.end() ?? [], out);
    this.folded = null;
  }

  /** The last line, which has no newline: strace writes one behind every line, so it may be cut. */
  private lastLine(out: StraceEvent[]): void {
    const end = this.rest.length;
    this.line(this.cut.set(`${this.rest}\n`), 0, end, out, true);
    this.rest = '';
  }

  /** Some tools print calls much as strace does: what they print must not be read as its log. */
  private refuseOther(line: string, number: number): void {
    // Some kinds are known by their first line alone.
    const lines = number === 1 ? [line] : ['', line];
    const other = OTHER_KINDS.find(({ is }) => is(lines));
    if (other === undefined) return;
    const { what, command, instead } = other;
    const advice = command === null ? instead : `vma-lab ${command} reads it`;
    throw this.error(`this is ${what}: ${advice}`, number, 1);
  }

  private release(out: StraceEvent[]): StraceEvent[] {
    this.held = this.begun ? [] : out;
    return this.begun ? out : [];
  }

  private refuse(out: readonly StraceEvent[]): never {
    if (this.reader.stats.perfFaults > 0) throw this.error(FAULTS_ALONE, 1, 1);
    const first = out.find(isUnreadable);
    if (first === undefined) throw this.error('the log is empty', 1, 1);
    throw this.error(`not a strace log: ${first.why}`, first.line, first.column);
  }

  private error(message: string, line: number, column: number): InputError {
    return new InputError(message, { file: this.options.file, line, column });
  }
}

const FAULTS_ALONE = 'page faults of perf trace without calls: record both with perf trace -F all --syscalls';

/** The first two bytes of gzip, however they were decoded. */
function isGzip(text: string): boolean {
  return text.charCodeAt(0) === 0x1f && [0x8b, 0xdc8b, 0xfffd].includes(text.charCodeAt(1));
}

function isUnreadable(event: StraceEvent): event is UnreadableLine {
  return event.kind === 'unreadable';
}
