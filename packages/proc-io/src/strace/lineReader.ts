import { CallReader } from './callReader.ts';
import { GREATER, LESS, LOWER_A, LOWER_S, LOWER_Z, MINUS, PLUS, QUESTION, UNDERSCORE } from './chars.ts';
import { type LineSpan, LogState } from './logState.ts';
import { LogText } from './logText.ts';
import {
  beginsLine,
  beginsWithBody,
  continuesTorn,
  isOnlyPrefix,
  mayGoOn,
  mendLine,
  type Part,
  PutBefore,
} from './mendLine.ts';
import { isSummaryLine } from './messageLines.ts';
import { eventLine, isStackLine, messageLine, stackLine } from './otherLines.ts';
import type { StraceEvent, StraceStats } from './straceEvent.ts';
import { WordPrefixes } from './wordPrefixes.ts';
import { WrappedCall } from './wrappedCall.ts';

/** What strace prints behind a result, the end of its errno included, on a line of its own: mail wrapped it. */
const REMARK = /^[\s>|]*(?:(?:[A-Z][A-Z0-9]{0,15} )?\([^()]{1,200}\)|[A-Za-z][A-Za-z '/_-]{0,60}\)|<\d+\.\d+>)\s*$/;

/** Characters of the narrowest lines that a log is cut to. */
const MIN_WIDTH = 40;

/** Turns lines into events. Lines are pieces of longer texts, so that none has to be cut out. */
export class LineReader {
  private readonly state: LogState = new LogState();
  private readonly calls: CallReader = new CallReader(this.state);
  /** A line that is no piece of the log: the two halves of a torn one, one that was mended, several that were wrapped. */
  private readonly made: LogText = new LogText();
  /** A call that goes on on the next line, perhaps. */
  private wrapped: WrappedCall | null = null;
  /** Characters of the lines of a log whose lines were cut at a width: a line so long may go on, even where it can be read. */
  private width: number | null = null;
  private readonly prefixes: WordPrefixes = new WordPrefixes();
  /** The line as it stands in the log that a message cut in two. */
  private tornLine: string | null = null;

  get stats(): StraceStats {
    return this.state.stats;
  }

  /** Lines that are in no count yet. */
  get waiting(): number {
    return (this.wrapped?.weight ?? 0) + Number(this.prefixes.holds);
  }

  /**
   * Reads the line `[start, end)` of `log`. The character at `end` must be a newline or a carriage return.
   *
   * @param atEnd it is the last line and its newline is not in the log
   */
  line(log: LogText, start: number, end: number, out: StraceEvent[], atEnd = false): void {
    const { state } = this;
    state.out = out;
    state.atEnd = atEnd;
    const line = ++state.stats.lines;
    if (this.prefixes.holds) this.release(log.text.slice(start, end));
    if (state.torn !== null && this.afterTorn(state.torn, log, start, end, line)) return;
    if (this.wrapped !== null) this.afterWrapped(this.wrapped, log, start, end, line);
    else if (end - start === this.width) this.holdFull(log.text.slice(start, end), line);
    else if (!this.read(log, start, end, line)) this.mend(log.text.slice(start, end), line);
    if (state.torn !== null) this.tornLine = log.text.slice(start, end);
  }

  /** Lists a line that is too long; `text` is its beginning. */
  tooLong(text: string, out: StraceEvent[]): void {
    const { state } = this;
    state.out = out;
    this.giveUp();
    const line = ++state.stats.lines;
    state.unreadable({ text, start: 0, end: text.length, line }, text.length, 'the line is too long');
  }

  /** Lists what is still open at the end of the log. */
  finish(out: StraceEvent[]): void {
    const { state } = this;
    state.out = out;
    if (state.torn !== null) this.dropTorn(state.torn);
    this.giveUp();
    for (const call of state.pending.takeAll()) state.unfinished(call, 'end of log');
  }

  /** Reads a line with all the calls on it. False: it cannot be read, and nothing was listed or counted. */
  private read(log: LogText, start: number, end: number, line: number, lines = 1, weight = lines): boolean {
    const { state } = this;
    state.trying = true;
    state.failed = false;
    state.behind = -1;
    state.weight = weight;
    state.endLine = line + lines - 1;
    this.wholeLine(log, start, end, line);
    state.trying = false;
    if (state.behind >= 0) this.readBehind(log, end, state.endLine);
    return !state.failed;
  }

  /** {@link read} of a text that is no piece of the log. */
  private readMade(text: string, line: number, lines = 1, weight = lines): boolean {
    return this.read(this.made.set(`${text}\n`), 0, text.length, line, lines, weight);
  }

  /** Reads the calls behind the one that was read; anything else there is somebody's remark. */
  private readBehind(log: LogText, end: number, line: number): void {
    const { state } = this;
    const before = state.counted;
    state.weight = 0;
    // A line that was made was counted as mended by who made it.
    if (log !== this.made) state.stats.mended++;
    state.trying = true;
    while (state.behind >= 0) {
      const from = state.behind;
      state.behind = -1;
      if (!beginsLine(log.text.slice(from, end))) break;
      this.wholeLine(log, from, end, line);
      if (!state.failed) continue;
      state.failed = false;
      const text = log.text.slice(from, end);
      this.wrapped = new WrappedCall([{ text, line }], before, text, this.prefixes.knows);
    }
    state.trying = false;
  }

  /** A line that cannot be read as it is: without what others put around it, or with the next one; else it is listed. */
  private mend(text: string, line: number): void {
    const mended = this.mended(text);
    if (mended !== null && this.readMade(mended, line)) {
      this.state.stats.mended++;
      return;
    }
    if (this.state.resultLine === line - 1 && REMARK.test(text)) {
      this.state.stats.mended++;
      this.state.stats.otherLines++;
      return;
    }
    const begin = mended ?? text;
    if (mayGoOn(begin)) this.wrapped = new WrappedCall([{ text, line }], null, begin, this.prefixes.knows);
    else this.meet(text, line);
  }

  /** A line that cannot be read, unless what stands before its call is a prefix. */
  private meet(text: string, line: number): void {
    if (isSummaryLine(text)) {
      this.state.stats.otherLines++;
      return;
    }
    const met = this.prefixes.meet({ text, line });
    if (met === 'known') this.mend(text, line);
    else if (met === 'none') this.list(text, line);
  }

  private mended(text: string): string | null {
    return mendLine(text, this.prefixes.knows);
  }

  /** Reads or lists the line that is held. `next`: the line behind it; `null`: there is none. */
  private release(next: string | null): void {
    const held = this.prefixes.release(next);
    if (held?.canBeRead) this.mend(held.text, held.line);
    else if (held) this.list(held.text, held.line);
  }

  /** The line behind one that was not whole: a line of its own, or more of that one. */
  private afterWrapped(wrapped: WrappedCall, log: LogText, start: number, end: number, line: number): void {
    const { state } = this;
    this.wrapped = null;
    const text = log.text.slice(start, end);
    if (end - start === this.width && beginsLine(this.mended(text) ?? text)) {
      this.listAll(wrapped);
      this.holdFull(text, line);
      return;
    }
    const afterPrefix = isOnlyPrefix(wrapped.parts.at(-1)!.text) && beginsWithBody(text);
    // A line that has just the width may be whole.
    if (this.width !== null && beginsLine(this.mended(text) ?? text) && this.readAlone(wrapped)) {
      if (!this.read(log, start, end, line)) this.mend(text, line);
      return;
    }
    const longer = wrapped.with(text);
    if (afterPrefix && this.readWrapped(longer)) return;
    const { out } = state;
    const own: StraceEvent[] = [];
    state.out = own;
    const isOwn = this.read(log, start, end, line);
    state.out = out;
    if (isOwn) {
      this.listAll(wrapped);
      for (const event of own) out.push(event);
      return;
    }
    if (text.length !== this.width && this.readWrapped(longer)) return;
    if (afterPrefix || wrapped.goesOn(text)) this.wrapped = longer;
    else {
      this.listAll(wrapped);
      this.mend(text, line);
    }
  }

  /** Reads a call of several lines in the first way in which it can be read. */
  private readWrapped(wrapped: WrappedCall): boolean {
    const { parts, weight } = wrapped;
    for (const text of wrapped.texts(this.width !== null)) {
      if (!this.readMade(text, parts[0]!.line, parts.length, weight)) continue;
      this.state.stats.mended += weight;
      this.width ??= cutWidth(parts.slice(0, -1));
      return true;
    }
    return false;
  }

  private readAlone(wrapped: WrappedCall): boolean {
    const [first] = wrapped.parts;
    return wrapped.parts.length > 1 ? this.readWrapped(wrapped) : wrapped.counted === null && this.readCut(first!);
  }

  /** Keeps a line until the next one shows whether it goes on. */
  private holdFull(text: string, line: number): void {
    const mended = this.mended(text) ?? text;
    if (beginsLine(mended)) this.wrapped = new WrappedCall([{ text, line }], null, mended, this.prefixes.knows);
    else this.mend(text, line);
  }

  /** Lists what was to go on and does not. */
  private giveUp(): void {
    const { wrapped } = this;
    this.wrapped = null;
    this.release(null);
    if (wrapped !== null) this.listAll(wrapped);
  }

  private listAll(wrapped: WrappedCall): void {
    const { parts, counted } = wrapped;
    if (parts.length > 1 && this.readWrapped(wrapped)) return;
    if (counted === null && this.readCut(parts[0]!)) {
      for (const { text, line } of parts.slice(1)) this.list(text, line);
      return;
    }
    // The line of a call that could be read was counted with it: now it counts for what could not.
    if (counted !== null) this.state.stats[counted]--;
    for (const { text, line } of parts) this.list(text, line);
  }

  /** Reads a call that nothing goes on with: it was whole, or it failed, and somebody has cut the line off behind its errno. */
  private readCut({ text, line }: Part): boolean {
    const { state } = this;
    state.mayBeCut = true;
    const asItIs = this.readMade(text, line);
    const mended = asItIs ? null : this.mended(text);
    const isRead = asItIs || (mended !== null && this.readMade(mended, line));
    state.mayBeCut = false;
    if (mended !== null && isRead) state.stats.mended++;
    return isRead;
  }

  /** Lists a line that cannot be read. */
  private list(text: string, line: number): void {
    const { state } = this;
    state.weight = 1;
    state.endLine = line;
    this.wholeLine(this.made.set(`${text}\n`), 0, text.length, line);
  }

  private wholeLine(log: LogText, start: number, end: number, line: number): void {
    const { state } = this;
    const { prefix } = state;
    const { text } = log;
    prefix.read(log, start, end);
    const p = prefix.pos;
    if (p >= end) {
      if (prefix.pid === null && prefix.time === null) state.stats.blank += state.weight;
      else state.unreadable({ text, start, end, line }, end, 'the line ends before a call');
      return;
    }
    const code = log.codes[p]!;
    if ((code >= LOWER_A && code <= LOWER_Z) || code === UNDERSCORE || code === QUESTION) {
      const isMessage = code === LOWER_S && text.startsWith('strace: ', p);
      if (isMessage || !this.calls.callLine(log, start, end, line)) messageLine(state, { text, start, end, line });
    } else if (code === LESS) this.calls.resumedLine({ text, start, end, line });
    else if (code === MINUS || code === PLUS) eventLine(state, { text, start, end, line });
    else if (code === GREATER && p > start && isStackLine(text.slice(p, end)))
      stackLine(state, text.slice(p, end), line);
    else messageLine(state, { text, start, end, line });
  }

  /** The line behind a torn one. True: it was its second half, and the call could be read. */
  private afterTorn(torn: LineSpan, log: LogText, start: number, end: number, line: number): boolean {
    const { state } = this;
    state.torn = null;
    const text = log.text.slice(start, end);
    const rest = this.tornLine === null ? text : new PutBefore(this.tornLine, this.prefixes.knows).restOf(text).whole;
    this.tornLine = null;
    if (continuesTorn(rest) && this.readMade(`${torn.text}${rest}`, line)) return true;
    this.dropTorn(torn);
    return false;
  }

  /** A torn line that nothing goes on with was counted as a message; now its call is listed. */
  private dropTorn(torn: LineSpan): void {
    const { state } = this;
    state.torn = null;
    state.stats.otherLines--;
    state.unreadable(torn, torn.end, 'a message cuts this call in two, and its second half does not follow');
  }
}

/** The characters of each piece of a call but its last, where they are as many in all: so many a line has before it is cut. `null`: they differ. */
function cutWidth(parts: readonly Part[]): number | null {
  const width = parts[0]!.text.length;
  return width >= MIN_WIDTH && parts.length > 0 && parts.every(({ text }) => text.length === width) ? width : null;
}
