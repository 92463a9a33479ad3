import { CallReader } from './callReader.ts';
import { GREATER, LESS, LOWER_A, LOWER_S, LOWER_Z, MINUS, PLUS, QUESTION, SPACE, UNDERSCORE } from './chars.ts';
import { type LineSpan, LogState } from './logState.ts';
import { LogText } from './logText.ts';
import { beginsCall, beginsLine, mendLine } from './mendLine.ts';
import { readAttachMessage, readNotice, readPlusLine, readSignalLine } from './messageLines.ts';
import { readStackLine } from './stackLine.ts';
import type { StraceEvent, StraceStats } from './straceEvent.ts';
import { type Part, WrappedCall } from './wrappedCall.ts';

/** What strace prints behind a result, the end of its errno included, on a line of its own: mail wrapped it. */
const REMARK = /^[\s>|]*(?:(?:[A-Z][A-Z0-9]{0,15} )?\([^()]{1,200}\)|[A-Za-z][A-Za-z '/-]{0,60}\)|<\d+\.\d+>)\s*$/;

/** Turns lines into events. Lines are pieces of longer texts, so that none has to be cut out. */
export class LineReader {
  private readonly state: LogState = new LogState();
  private readonly calls: CallReader = new CallReader(this.state);
  /** A line that is no piece of the log: the two halves of a torn one, one that was mended, several that were wrapped. */
  private readonly made: LogText = new LogText();
  /** A call that goes on on the next line, perhaps. */
  private wrapped: WrappedCall | null = null;

  get stats(): StraceStats {
    return this.state.stats;
  }

  /** Lines that are in no count yet. */
  get waiting(): number {
    return this.wrapped?.weight ?? 0;
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
    if (state.torn !== null && this.afterTorn(state.torn, log, start, end, line)) return;
    if (this.wrapped !== null) this.afterWrapped(this.wrapped, log, start, end, line);
    else if (!this.read(log, start, end, line)) this.mend(log.text.slice(start, end), line);
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
      this.wrapped = new WrappedCall([{ text, line }], before, text);
    }
    state.trying = false;
  }

  /** A line that cannot be read as it is: without what others put around it, or with the next one; else it is listed. */
  private mend(text: string, line: number): void {
    const mended = mendLine(text);
    if (mended !== null && this.readMade(mended, line)) {
      this.state.stats.mended++;
      return;
    }
    const begin = mended ?? text;
    if (this.state.resultLine === line - 1 && REMARK.test(text)) {
      this.state.stats.mended++;
      this.state.stats.otherLines++;
      return;
    }
    if (beginsCall(begin)) this.wrapped = new WrappedCall([{ text, line }], null, begin);
    else this.list(text, line);
  }

  /** The line behind one that was not whole: a line of its own, or more of that one. */
  private afterWrapped(wrapped: WrappedCall, log: LogText, start: number, end: number, line: number): void {
    const { state } = this;
    const { out } = state;
    this.wrapped = null;
    const own: StraceEvent[] = [];
    state.out = own;
    const isOwn = this.read(log, start, end, line);
    state.out = out;
    if (isOwn) {
      this.listAll(wrapped);
      for (const event of own) out.push(event);
      return;
    }
    const text = log.text.slice(start, end);
    const { parts, weight } = wrapped;
    for (const joined of wrapped.joinedWith(text)) {
      if (!this.readMade(joined, parts[0]!.line, parts.length + 1, weight + 1)) continue;
      state.stats.mended += weight + 1;
      return;
    }
    if (wrapped.goesOn(text)) this.wrapped = wrapped.with(text);
    else {
      this.listAll(wrapped);
      this.mend(text, line);
    }
  }

  /** Lists what was to go on and does not. */
  private giveUp(): void {
    const { wrapped } = this;
    this.wrapped = null;
    if (wrapped !== null) this.listAll(wrapped);
  }

  private listAll({ parts, counted }: WrappedCall): void {
    if (counted === null && this.readCut(parts[0]!)) {
      for (const { text, line } of parts.slice(1)) this.list(text, line);
      return;
    }
    // The line of a call that could be read was counted with it: now it counts for what could not.
    if (counted !== null) this.state.stats[counted]--;
    for (const { text, line } of parts) this.list(text, line);
  }

  /** Reads a call that failed, and behind whose errno somebody has cut the line off: nothing goes on with it. */
  private readCut({ text, line }: Part): boolean {
    const { state } = this;
    const mended = mendLine(text);
    state.mayBeCut = true;
    const isRead = this.readMade(mended ?? text, line);
    state.mayBeCut = false;
    if (isRead && mended !== null) state.stats.mended++;
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
      if (isMessage || !this.calls.callLine(log, start, end, line)) this.messageLine({ text, start, end, line });
    } else if (code === LESS) this.calls.resumedLine({ text, start, end, line });
    else if (code === MINUS || code === PLUS) this.eventLine({ text, start, end, line });
    else if (code === GREATER && p > start && isStackLine(text.slice(p, end))) this.stackLine(text.slice(p, end), line);
    else this.messageLine({ text, start, end, line });
  }

  private stackLine(text: string, line: number): void {
    const { state } = this;
    state.stats.stackLines += state.weight;
    const event = readStackLine(text, line);
    if (event !== null) state.out.push(event);
  }

  /** `--- SIGCHLD ... ---` and `+++ exited with 0 +++` */
  private eventLine(span: LineSpan): void {
    const { state } = this;
    const pid = state.pid();
    const text = span.text.slice(state.prefix.pos, span.end);
    const event = text.startsWith('+') ? readPlusLine(text, span.line, pid) : readSignalLine(text, span.line, pid);
    if (event === null) {
      state.unreadable(span, state.prefix.pos, 'neither a signal nor an exit');
      return;
    }
    state.stats.otherLines += state.weight;
    if (event.kind === 'exit') {
      const pending = state.pending.take(pid);
      if (pending !== undefined) state.unfinished(pending, 'exited');
      state.pids.gone(pid);
    } else if (event.kind === 'superseded') {
      const pending = state.pending.supersede(event.by, pid);
      if (pending !== undefined) state.unfinished(pending, 'exited');
      state.pids.gone(event.by);
    }
    state.out.push(event);
  }

  /** Messages of strace itself; a line that begins like nothing known is unreadable. */
  private messageLine(span: LineSpan): void {
    const { state } = this;
    const at = state.prefix.pos;
    const text = span.text.slice(at, span.end);
    const message = readAttachMessage(text);
    if (message !== null) {
      state.attachMessage(message, span.line);
      return;
    }
    const notice = readNotice(text, span.line);
    if (notice === null) {
      state.unreadable(span, at, 'this begins neither a call nor a message of strace');
      return;
    }
    state.stats.otherLines += state.weight;
    state.out.push(notice);
  }

  /** The line behind a torn one. True: it was its second half, and the call could be read. */
  private afterTorn(torn: LineSpan, log: LogText, start: number, end: number, line: number): boolean {
    const { state } = this;
    state.torn = null;
    const { text } = log;
    if (continues(text, start, end) && this.readMade(`${torn.text}${text.slice(start, end)}`, line)) return true;
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

/** True for a line of a stack trace: ` > /usr/lib/libc.so.6(mmap+0x10) [0x11]`; false for a call that somebody quoted. */
function isStackLine(text: string): boolean {
  return / \[0x[0-9a-f]+\]/.test(text) || !beginsLine(mendLine(text) ?? text);
}

/** True for what can go on with a call: a comma, a parenthesis, ` <unfinished ...>`, ` => {`. */
function continues(text: string, start: number, end: number): boolean {
  let p = start;
  while (p < end && text.charCodeAt(p) === SPACE) p++;
  if (text.startsWith('<unfinished ...>', p) || text.startsWith('<detached ...>', p)) return true;
  return p < end && ',)]}|="'.includes(text[p]!);
}
