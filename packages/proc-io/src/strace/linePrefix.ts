import {
  CLOSE_BRACKET,
  CLOSE_PAREN,
  COLON,
  DOT,
  GREATER,
  LESS,
  LOWER_A,
  LOWER_Z,
  NINE,
  OPEN_BRACKET,
  OPEN_PAREN,
  PLUS,
  SPACE,
  UNDERSCORE,
  ZERO,
} from './chars.ts';
import type { LogText } from './logText.ts';

/** No Linux has greater pids (`PID_MAX_LIMIT`): a greater number at the start of a line is a time. */
const PID_MAX = 4_194_304;

/** What stands before a call: who, when, and columns that say nothing about memory. */
export class LinePrefix {
  /** `null`: the line names none. */
  pid: number | null = null;
  /** The pid was printed as `[pid 7]`: then lines of the same log may have none. */
  bracketed = false;
  time: string | null = null;
  /** Where the rest begins. */
  pos = 0;

  /**
   * Reads `7 `, `[pid 7] `, `7<bash> `, times of `-t`, `-tt`, `-ttt`, `-r`, the address of `-i`, the number of `-n`.
   * Never fails: what it does not know is left for the caller, from `pos` on.
   */
  read(log: LogText, start: number, end: number): void {
    const { codes } = log;
    this.pid = null;
    this.bracketed = false;
    this.time = null;
    let p = start;
    while (p < end) {
      const code = codes[p]!;
      if ((code >= LOWER_A && code <= LOWER_Z) || code === UNDERSCORE) break;
      if (code === SPACE) p++;
      else if (code >= ZERO && code <= NINE) {
        const next = this.number(log, p, end);
        if (next === p) break;
        p = next;
      } else if (code === OPEN_BRACKET) {
        const next = this.bracket(log, p, end);
        if (next === p) break;
        p = next;
      } else if (code === OPEN_PAREN && codes[p + 1] === PLUS && this.time !== null) {
        // `-t -r` together: `12:00:00 (+     0.000123)`.
        while (p < end && codes[p] !== CLOSE_PAREN) p++;
        p++;
      } else break;
    }
    this.pos = Math.min(p, end);
  }

  /** A pid or a time. Returns where it ends; its start where it is neither. */
  private number({ codes, text }: LogText, start: number, end: number): number {
    let p = start;
    let value = 0;
    let code = codes[p]!;
    for (; code >= ZERO && code <= NINE; code = codes[++p]!) value = value * 10 + (code - ZERO);
    if (p >= end) return start;
    if (code === SPACE) {
      // Strace prints one pid: a number before it is that of the line, which an editor or `cat -n` put there.
      if (this.time === null && value <= PID_MAX && !this.bracketed && (this.pid === null || value > 0))
        this.pid = value;
      else if (this.time === null) this.time = text.slice(start, p);
      else return start;
      return p;
    }
    if (code === LESS && this.pid === null) {
      while (p < end && !(codes[p] === GREATER && codes[p + 1] === SPACE)) p++;
      if (p >= end) return start;
      this.pid = value;
      return p + 1;
    }
    if ((code !== COLON && code !== DOT) || this.time !== null) return start;
    for (; (code >= ZERO && code <= NINE) || code === COLON || code === DOT; code = codes[++p]!) {
      if (code === COLON && !isTwoDigits(codes, p + 1)) return start;
    }
    if (code !== SPACE || p >= end) return start;
    this.time = text.slice(start, p);
    return p;
  }

  /** `[pid 7]`, `[pid 7<bash>]`, `[00007f5d464faad7]`, `[  59]`; not `[ Process PID=7 runs in 32 bit mode. ]`. */
  private bracket({ codes, text }: LogText, start: number, end: number): number {
    let close = start;
    while (close < end && codes[close] !== CLOSE_BRACKET) close++;
    if (close >= end) return start;
    if (text.startsWith('[pid', start)) {
      const pid = /^\[pid +(\d+)(?:<.*>)?\]$/.exec(text.slice(start, close + 1));
      if (pid === null || this.bracketed || this.time !== null) return start;
      this.pid = Number(pid[1]);
      this.bracketed = true;
      return close + 1;
    }
    return text.startsWith('[ Process', start) ? start : close + 1;
  }
}

/** Minutes or seconds: `12:00:07` is a time, `12:26324` the number that `grep -n` puts before a pid. */
function isTwoDigits(codes: Uint8Array, at: number): boolean {
  return isDigit(codes[at]!) && isDigit(codes[at + 1]!) && !isDigit(codes[at + 2]!);
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}
