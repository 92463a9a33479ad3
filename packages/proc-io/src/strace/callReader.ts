import { asTyped } from '../cleanText.ts';
import { detach } from '../detach.ts';
import { type CallName, CallNames } from './callNames.ts';
import { GREATER } from './chars.ts';
import { findResult } from './findResult.ts';
import { LineCursor } from './lineCursor.ts';
import type { LineSpan, LogState } from './logState.ts';
import { LogText } from './logText.ts';
import { MapFds } from './mapFds.ts';
import { findTornMessage, readAttachMessage } from './messageLines.ts';
import type { PendingCall } from './pendingCalls.ts';
import { readResult } from './readResult.ts';
import type { StraceCall } from './straceEvent.ts';

const UNFINISHED = ' <unfinished ...>';
const DETACHED = ' <detached ...>';
const RESUMED = 'resumed>';
/** `<... set_mempolicy_home_node resumed>` is the longest there is. */
const MAX_RESUMED = 80;

/** Reads the lines of calls: whole ones, ones that end in `<unfinished ...>`, and those that resume them. */
export class CallReader {
  private readonly state: LogState;
  private readonly names: CallNames = new CallNames();
  private readonly cursor: LineCursor = new LineCursor();
  private readonly mapFds: MapFds = new MapFds();
  /** A call whose text is not a piece of the log. */
  private readonly joined: LogText = new LogText();

  constructor(state: LogState) {
    this.state = state;
  }

  /** Reads the call on `[start, end)` of `log`, whose prefix has been read. False where no name and `(` begin it. */
  callLine(log: LogText, start: number, end: number, line: number): boolean {
    const { state, cursor } = this;
    const { text } = log;
    const from = state.prefix.pos;
    const found = this.names.find(log, from);
    if (found === null) return false;
    const p = from + found.printed.length;
    const call = found.elsewhere === null || this.mapFds.has(log, p + 1) ? found : found.elsewhere;
    if (log.codes[end - 1] === GREATER && this.openCall({ text, start, end, line }, call)) return true;
    if (call.decode === null) {
      const result = findResult(text, p, end);
      if (result < 0) this.broken({ text, start, end, line }, call, end, 'the call has no result');
      else {
        state.irrelevant(call);
        state.resultLine = state.endLine;
        if (text.indexOf(' = ', p) < result - 1) this.findBehind(log, p + 1, end);
      }
      return true;
    }
    cursor.reset(log, p + 1, end);
    const args = call.decode(cursor);
    const why = cursor.why ?? this.doubt(call) ?? this.cutErrno();
    if (why !== null) this.broken({ text, start, end, line }, call, cursor.why === null ? end : cursor.whyAt, why);
    else {
      if (args === null) state.irrelevant(call);
      else {
        state.stats.callLines += state.weight;
        state.counted = 'callLines';
        this.emit(call, args, line, state.endLine, state.pid(), state.prefix.time);
      }
      state.behind = cursor.behind;
    }
    return true;
  }

  /** Looks for a further call behind one that does not concern memory: its line has a second ` = `. */
  private findBehind(log: LogText, from: number, end: number): void {
    const { cursor } = this;
    cursor.reset(log, from, end);
    cursor.split();
    readResult(cursor);
    if (cursor.why === null) this.state.behind = cursor.behind;
  }

  /** Keeps a call that ends in `<unfinished ...>`, lists one that ends in `<detached ...>`. False: it ends in neither. */
  private openCall({ text, start, end, line }: LineSpan, call: CallName): boolean {
    const { state } = this;
    const detached = text.startsWith(DETACHED, end - DETACHED.length);
    if (!detached && !text.startsWith(UNFINISHED, end - UNFINISHED.length)) return false;
    const pid = state.pid();
    const { pos: from, time } = state.prefix;
    if (call.decode === null) state.irrelevant(call);
    const to = end - (detached ? DETACHED : UNFINISHED).length;
    const head = call.decode === null ? '' : asTyped(detach(text.slice(from, Math.max(to, from))));
    const pending: PendingCall = { call, line, weight: state.weight, pid, time, head, column: from - start };
    if (detached) state.unfinished(pending, 'detached');
    else {
      const before = state.pending.put(pid, pending);
      if (before !== undefined) state.unfinished(before, 'another call began');
    }
    return true;
  }

  /** Reads `<... mmap resumed>) = 0x7f12`. */
  resumedLine(span: LineSpan): void {
    const { state, cursor } = this;
    const { text, end, line } = span;
    const p = state.prefix.pos;
    const pid = state.pid();
    const close = p + text.slice(p, Math.min(end, p + MAX_RESUMED)).indexOf(RESUMED);
    if (!text.startsWith('<... ', p) || close < p) {
      state.unreadable(span, p, 'neither a call nor a resumed call');
      return;
    }
    const name = text.slice(p + 5, close).trim();
    const pending = state.pending.of(pid);
    if (pending === undefined || (name !== '' && name !== pending.call.printed)) {
      state.unreadable(span, p, `the log does not show where this call${name === '' ? '' : ` of ${name}`} began`);
      return;
    }
    const from = close + RESUMED.length;
    const { call, head } = pending;
    if (call.decode === null) {
      if (findResult(text, from - 1, end) >= 0) state.stats.irrelevantLines += state.weight;
      else state.unreadable(span, end, 'the call has no result');
      this.closed(pid);
      return;
    }
    const joined = `${head}${text.slice(from, end)}\n`.replace(`${UNFINISHED})`, ')');
    cursor.reset(this.joined.set(joined), call.printed.length + 1, joined.length - 1);
    const args = call.decode(cursor);
    const why = cursor.why ?? this.doubt(call);
    state.failed = why !== null;
    this.closed(pid);
    if (why !== null) this.brokenPair(span, from, pending, cursor.why === null ? joined.length : cursor.whyAt, why);
    else if (args === null) {
      state.irrelevant(call);
      state.stats.irrelevantLines += pending.weight;
    } else {
      state.stats.callLines += pending.weight + state.weight;
      this.emit(call, args, pending.line, line, pending.pid, pending.time);
    }
    if (why === null && cursor.behind >= 0) state.behind = from + cursor.behind - (joined.length - 1 - (end - from));
  }

  /** A call waits no more, unless its second half is to be read in another way. */
  private closed(pid: number | null): void {
    const { state } = this;
    if (!state.failed || !state.trying) state.pending.take(pid);
  }

  /** A call of two lines that cannot be read: both are listed, the reason with the line it is on. */
  private brokenPair(span: LineSpan, from: number, pending: PendingCall, at: number, why: string): void {
    if (this.state.trying) return;
    const { head, line, weight, column } = pending;
    const inHead = at < head.length;
    const headWhy = inHead ? why : `line ${span.line}, which resumes this call, cannot be read`;
    const tailWhy = inHead ? `line ${line}, where this call began, cannot be read` : why;
    for (let n = 0; n < weight; n++) {
      const headSpan: LineSpan = { text: head, start: 0, end: head.length, line: line + n };
      this.state.unreadable(headSpan, inHead ? at : 0, headWhy, column);
    }
    this.state.unreadable(span, inHead ? from : from + at - head.length, tailWhy);
  }

  /** A line that cannot be read as a whole call: cut by a message, cut by the end of its process, or unreadable. */
  private broken(span: LineSpan, call: CallName, at: number, why: string): void {
    const { state } = this;
    const line = span.text.slice(span.start, span.end);
    const message = findTornMessage(line);
    if (message >= 0 && state.weight === 1) {
      // First whose call this is: from now on there is one process more.
      state.pid();
      state.attachMessage(readAttachMessage(line.slice(message))!, span.line);
      state.torn = { text: detach(line.slice(0, message)), start: 0, end: message, line: span.line };
      return;
    }
    if (/ <unfinished \.\.\.>\) += \?$/.test(line)) {
      const { pos, time } = state.prefix;
      const column = pos - span.start;
      const head = detach(line.slice(column, line.lastIndexOf(UNFINISHED)));
      const { weight } = state;
      const pending: PendingCall = { call, line: span.line, weight, pid: state.pid(), time, head, column };
      this.endsUnfinished(pending);
      return;
    }
    state.unreadable(span, at, why);
  }

  /** `exit_group(0 <unfinished ...>) = ?`: complete where all arguments were printed. */
  private endsUnfinished(pending: PendingCall): void {
    const { state, cursor } = this;
    const { call, head, line } = pending;
    const whole = `${head}) = ?\n`;
    cursor.reset(this.joined.set(whole), call.printed.length + 1, whole.length - 1);
    const args = call.decode === null ? null : call.decode(cursor);
    if (call.decode === null || (cursor.why === null && args === null)) state.irrelevant(call);
    else if (cursor.why !== null) state.unfinished(pending, 'exited');
    else {
      state.stats.callLines += pending.weight;
      this.emit(call, args, line, line, pending.pid, pending.time);
    }
  }

  private emit(
    call: CallName,
    args: unknown,
    line: number,
    endLine: number,
    pid: number | null,
    time: string | null,
  ): void {
    const { cursor, state } = this;
    state.stats.calls++;
    state.resultLine = endLine;
    if (call.name !== null && cursor.errno === null && cursor.ret !== null)
      this.mapFds.see(call.name, args, cursor.ret);
    state.out.push({
      kind: 'call',
      name: call.name,
      line,
      endLine,
      openSince: state.pending.since(),
      pid,
      time,
      duration: cursor.duration,
      ret: cursor.ret,
      errno: cursor.errno,
      injected: cursor.injected,
      unknownNames: cursor.unknownNames,
      inexact: cursor.inexact,
      args,
    } as StraceCall);
  }

  /** Why a result that was read cannot be right; `null`: it can. */
  private doubt(call: CallName): string | null {
    const { ret, errno, text, end } = this.cursor;
    if (call.returnsPage && ret !== null && ret >= 0) {
      const pages = ret / 4096;
      if (pages !== Math.floor(pages)) return 'the address returned is not page-aligned';
    }
    if (!this.state.atEnd || (ret !== -1 && errno === null)) return null;
    const last = text[end - 1];
    return last === ')' || last === '>' ? null : 'the result is cut off';
  }

  /** Why a call that failed may go on on the next line: strace prints what its errno means. `null`: it does not. */
  private cutErrno(): string | null {
    const { ret, remarked } = this.cursor;
    return ret !== -1 || remarked || this.state.mayBeCut ? null : 'the error of the result is cut off';
  }
}
