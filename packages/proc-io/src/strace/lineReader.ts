import { CallReader } from './callReader.ts';
import { GREATER, LESS, LOWER_A, LOWER_S, LOWER_Z, MINUS, PLUS, QUESTION, SPACE, UNDERSCORE } from './chars.ts';
import { type LineSpan, LogState } from './logState.ts';
import { LogText } from './logText.ts';
import { readAttachMessage, readNotice, readPlusLine, readSignalLine } from './messageLines.ts';
import type { StraceEvent, StraceStats } from './straceEvent.ts';

/** Turns lines into events. Lines are pieces of longer texts, so that none has to be cut out. */
export class LineReader {
  private readonly state: LogState = new LogState();
  private readonly calls: CallReader = new CallReader(this.state);
  /** The two halves of a torn line. */
  private readonly joined: LogText = new LogText();

  get stats(): StraceStats {
    return this.state.stats;
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
    if (state.torn !== null) this.afterTorn(state.torn, log, start, end, line);
    else this.wholeLine(log, start, end, line);
  }

  /** Lists a line that is too long; `text` is its beginning. */
  tooLong(text: string, out: StraceEvent[]): void {
    const { state } = this;
    state.out = out;
    const line = ++state.stats.lines;
    state.unreadable({ text, start: 0, end: text.length, line }, text.length, 'the line is too long');
  }

  /** Lists what is still open at the end of the log. */
  finish(out: StraceEvent[]): void {
    const { state } = this;
    state.out = out;
    if (state.torn !== null) this.dropTorn(state.torn);
    for (const call of state.pending.takeAll()) state.unfinished(call, 'end of log');
  }

  private wholeLine(log: LogText, start: number, end: number, line: number): void {
    const { state } = this;
    const { prefix } = state;
    const { text } = log;
    prefix.read(log, start, end);
    const p = prefix.pos;
    if (p >= end) {
      if (prefix.pid === null && prefix.time === null) state.stats.blank++;
      else state.unreadable({ text, start, end, line }, end, 'the line ends before a call');
      return;
    }
    const code = log.codes[p]!;
    if ((code >= LOWER_A && code <= LOWER_Z) || code === UNDERSCORE || code === QUESTION) {
      const isMessage = code === LOWER_S && text.startsWith('strace: ', p);
      if (isMessage || !this.calls.callLine(log, start, end, line)) this.messageLine({ text, start, end, line });
    } else if (code === LESS) this.calls.resumedLine({ text, start, end, line });
    else if (code === MINUS || code === PLUS) this.eventLine({ text, start, end, line });
    else if (code === GREATER && p > start) state.stats.stackLines++;
    else this.messageLine({ text, start, end, line });
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
    state.stats.otherLines++;
    if (event.kind === 'exit') {
      const pending = state.pending.take(pid);
      if (pending !== undefined) state.unfinished(pending, 'exited');
      state.pids.gone(pid);
    } else if (event.kind === 'superseded') {
      const pending = state.pending.move(event.by, pid);
      if (pending !== undefined) state.unfinished(pending, 'exited');
      state.pids.gone(event.by);
    }
    state.out.push(event);
  }

  /** Messages of strace itself; whatever else begins like nothing known is unreadable. */
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
    state.stats.otherLines++;
    state.out.push(notice);
  }

  /** The line behind a torn one: its second half, unless it stands on its own. */
  private afterTorn(torn: LineSpan, log: LogText, start: number, end: number, line: number): void {
    const { state } = this;
    state.torn = null;
    const { text } = log;
    if (!continues(text, start, end)) {
      this.dropTorn(torn);
      this.wholeLine(log, start, end, line);
      return;
    }
    const joined = `${torn.text}${text.slice(start, end)}\n`;
    this.wholeLine(this.joined.set(joined), 0, joined.length - 1, line);
  }

  /** A torn line that nothing goes on with was counted as a message; now its call is listed. */
  private dropTorn(torn: LineSpan): void {
    const { state } = this;
    state.torn = null;
    state.stats.otherLines--;
    state.unreadable(torn, torn.end, 'a message cuts this call in two, and its second half does not follow');
  }
}

/** True for what can go on with a call: a comma, a parenthesis, ` <unfinished ...>`, ` => {`. */
function continues(text: string, start: number, end: number): boolean {
  let p = start;
  while (p < end && text.charCodeAt(p) === SPACE) p++;
  if (text.startsWith('<unfinished ...>', p) || text.startsWith('<detached ...>', p)) return true;
  return p < end && ',)]}|="'.includes(text[p]!);
}
