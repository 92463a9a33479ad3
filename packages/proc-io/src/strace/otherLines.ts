import type { LineSpan, LogState } from './logState.ts';
import { beginsLine, mendLine } from './mendLine.ts';
import { readAttachMessage, readNotice, readPlusLine, readSignalLine } from './messageLines.ts';
import { readStackLine } from './stackLine.ts';

/** A frame of a stack. */
export function stackLine(state: LogState, text: string, line: number): void {
  state.stats.stackLines += state.weight;
  const event = readStackLine(text, line);
  if (event !== null) state.out.push(event);
}

/** `--- SIGCHLD ... ---` and `+++ exited with 0 +++` */
export function eventLine(state: LogState, span: LineSpan): void {
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
export function messageLine(state: LogState, span: LineSpan): void {
  const at = state.prefix.pos;
  const text = span.text.slice(at, span.end);
  const message = readAttachMessage(text);
  if (message !== null) {
    state.attachMessage(message, span.line);
    return;
  }
  // A tag of a collector may look like the beginning of a message.
  const notice = isTagged(text) ? null : readNotice(text, span.line);
  if (notice === null) {
    state.unreadable(span, at, 'this begins neither a call nor a message of strace');
    return;
  }
  state.stats.otherLines += state.weight;
  state.out.push(notice);
}

/** True for a call behind `strace: `, which is then the tag of a collector and not the beginning of a message. */
function isTagged(text: string): boolean {
  const rest = text.replace(/^(?:strace: )+/, '');
  return rest !== text && beginsLine(rest) && / = [-?\d]|<unfinished|resumed>| \+\+\+$| ---$/.test(rest);
}

/** True for a line of a stack trace: ` > /usr/lib/libc.so.6(mmap+0x10) [0x11]`; false for a call that somebody quoted. */
export function isStackLine(text: string): boolean {
  return / \[0x[0-9a-f]+\]/.test(text) || !beginsLine(mendLine(text) ?? text);
}
