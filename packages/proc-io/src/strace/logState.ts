import type { CallName } from './callNames.ts';
import { LinePrefix } from './linePrefix.ts';
import type { AttachMessage } from './messageLines.ts';
import { type PendingCall, PendingCalls } from './pendingCalls.ts';
import { PidTracker } from './pidTracker.ts';
import type { StraceEvent, StraceStats, UnfinishedCall } from './straceEvent.ts';

/** So much of an unreadable line is kept. */
const MAX_TEXT = 500;
/** Names of irrelevant calls that are counted apart; a real log has a few hundred at most. */
const MAX_NAMES = 2000;

/** A piece of a text that holds one line, and the number of that line. */
export interface LineSpan {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly line: number;
}

/** What the reading of a log remembers from line to line, and the ways to report. */
export class LogState {
  readonly stats: StraceStats = {
    lines: 0,
    blank: 0,
    callLines: 0,
    irrelevantLines: 0,
    otherLines: 0,
    perfFaults: 0,
    stackLines: 0,
    unreadable: 0,
    unfinished: 0,
    mended: 0,
    calls: 0,
    irrelevant: new Map(),
  };
  /** Where events go. */
  out: StraceEvent[] = [];
  /** The line has no newline, so its result may be cut. */
  atEnd = false;
  /** Lines of the log that the text being read stands for: several where they were wrapped, 0 behind another call. */
  weight = 1;
  /** The last of them. */
  endLine = 0;
  /** The line that had the last result. */
  resultLine = 0;
  /** A line that cannot be read is not listed: there are other ways to read it. */
  trying = false;
  /** What was tried could not be read. */
  failed = false;
  /** Where something begins behind the call that was read; -1: nothing does. */
  behind = -1;
  /** How the line was counted whose call was read last. */
  counted: 'callLines' | 'irrelevantLines' = 'callLines';
  /** The beginning of a line that a message of strace cut in two: the next line goes on with it. */
  torn: LineSpan | null = null;
  /** A failed call without what strace prints behind its errno is whole: nothing goes on with it. */
  mayBeCut = false;
  #lastPid: number | null = null;
  readonly prefix: LinePrefix = new LinePrefix();
  readonly pids: PidTracker = new PidTracker();
  readonly pending: PendingCalls = new PendingCalls();

  /** The pid of the line whose prefix was just read. */
  pid(): number | null {
    // Behind another call on the same line, which named the process.
    if (this.weight === 0 && this.prefix.pid === null) return this.#lastPid;
    this.#lastPid = this.#pidOfLine();
    return this.#lastPid;
  }

  #pidOfLine(): number | null {
    const { prefix, pids } = this;
    if (prefix.pid === null) return pids.ofUnprefixed();
    if (prefix.bracketed && pids.bracketed(prefix.pid)) {
      this.out.push({ kind: 'pidKnown', line: this.stats.lines, pid: prefix.pid });
      this.pending.move(null, prefix.pid);
    }
    return prefix.pid;
  }

  /** Lists a line; reading it stopped at `at`, an index in `span.text`. `shift`: columns before `span.start`. */
  unreadable(span: LineSpan, at: number, why: string, shift = 0): void {
    this.failed = true;
    if (this.trying) return;
    this.stats.unreadable++;
    this.out.push({
      kind: 'unreadable',
      line: span.line,
      column: Math.max(0, Math.min(at, span.end) - span.start) + shift + 1,
      text: span.text.slice(span.start, Math.min(span.end, span.start + MAX_TEXT)),
      why,
    });
  }

  /** Takes note of a process that was attached or detached. */
  attachMessage({ kind, pid }: AttachMessage, line: number): void {
    this.stats.otherLines += this.weight;
    if (kind === 'attach') this.pids.attached(pid);
    else this.pids.gone(pid);
    this.out.push({ kind, line, pid });
  }

  /** Counts a call that does not concern memory. */
  irrelevant(call: CallName): void {
    const { irrelevant } = this.stats;
    this.stats.irrelevantLines += this.weight;
    this.counted = 'irrelevantLines';
    const count = irrelevant.get(call.printed);
    if (count !== undefined) irrelevant.set(call.printed, count + 1);
    else {
      const name = irrelevant.size < MAX_NAMES ? call.printed : '(others)';
      irrelevant.set(name, (irrelevant.get(name) ?? 0) + 1);
    }
  }

  /** Lists a call that will never get its result. One that does not concern memory was counted when it began. */
  unfinished(pending: PendingCall, why: UnfinishedCall['why']): void {
    if (pending.call.name === null) return;
    this.stats.unfinished += pending.weight;
    const { line, pid, head: text, call } = pending;
    this.out.push({ kind: 'unfinished', line, pid, name: call.printed, text, why });
  }
}
