import { type VirtAddr, virtAddr } from 'vma-core';
import {
  CLOSE_PAREN,
  COMMA,
  EQUALS,
  GREATER,
  LESS,
  LOWER_A,
  LOWER_F,
  LOWER_X,
  MINUS,
  NINE,
  OPEN_PAREN,
  QUESTION,
  SLASH,
  SPACE,
  STAR,
  UPPER_A,
  UPPER_E,
  UPPER_F,
  UPPER_N,
  ZERO,
} from './chars.ts';
import { readLongNumber } from './exactNumber.ts';
import type { FlagCache } from './flagWords.ts';
import { withoutComments } from './flagWords.ts';
import { type SplitArgs, splitArgs } from './splitArgs.ts';
import type { StraceFd } from './straceArgs.ts';
import { NO_FD, readFdText } from './straceFd.ts';

/**
 * Reads the arguments and the result of one call, character by character, without cutting the line into pieces.
 *
 * The first thing that cannot be read is kept in `why` and `whyAt`; from then on every method returns at once with a
 * dummy, so a decoder needs no checks. `text[end]` is always a newline (or another character that ends a token), so
 * loops over digits need no test for the end.
 */
export class LineCursor {
  text = '';
  pos = 0;
  /** Where the line ends, exclusive. */
  end = 0;
  /** Why the line cannot be read; `null` so far. */
  why: string | null = null;
  /** Where reading stopped: an index in `text`. */
  whyAt = 0;
  unknownNames: readonly string[] | null = null;
  inexact = false;
  // The result, set by `result()`.
  ret: number | null = null;
  errno: string | null = null;
  injected = false;
  duration: number | null = null;

  /** Starts on the characters `[pos, end)` of `text`. */
  reset(text: string, pos: number, end: number): void {
    this.text = text;
    this.pos = pos;
    this.end = end;
    this.why = null;
    this.unknownNames = null;
    this.inexact = false;
    this.ret = null;
    this.errno = null;
    this.injected = false;
    this.duration = null;
  }

  fail(why: string, at: number = this.pos): void {
    if (this.why !== null) return;
    this.why = why;
    this.whyAt = at;
    this.pos = this.end;
  }

  /** An address: `NULL` or a number. */
  address(): VirtAddr {
    if (this.text.charCodeAt(this.pos) === UPPER_N && this.text.startsWith('NULL', this.pos)) {
      this.pos += 4;
      return virtAddr(0);
    }
    return virtAddr(this.number());
  }

  /** A number, decimal, hex or octal, with or without a comment behind it. Marks the call as inexact past 2^53. */
  number(): number {
    const { text } = this;
    const start = this.pos;
    let p = start;
    let code = text.charCodeAt(p);
    let value = 0;
    if (code === ZERO && text.charCodeAt(p + 1) === LOWER_X) {
      p += 2;
      const first = p;
      for (; ; p++) {
        code = text.charCodeAt(p);
        if (code >= ZERO && code <= NINE) value = value * 16 + (code - ZERO);
        else if (code >= LOWER_A && code <= LOWER_F) value = value * 16 + (code - LOWER_A + 10);
        else if (code >= UPPER_A && code <= UPPER_F) value = value * 16 + (code - UPPER_A + 10);
        else break;
      }
      if (p === first || p - first > 16) return this.notANumber(start);
      if (p - first > 13) value = this.longNumber(start, p);
    } else {
      const negative = code === MINUS;
      if (negative) code = text.charCodeAt(++p);
      const first = p;
      const octal = code === ZERO;
      for (; code >= ZERO && code <= NINE; code = text.charCodeAt(++p)) value = value * 10 + (code - ZERO);
      if (p === first || p - first > 20) return this.notANumber(start);
      if ((octal && p - first > 1) || p - first > 15) value = this.longNumber(first, p);
      if (negative) value = -value;
    }
    this.pos = p;
    if (code === SPACE && text.charCodeAt(p + 1) === SLASH) this.skipComment();
    return value;
  }

  private notANumber(at: number): number {
    this.fail('a number is expected here', at);
    return 0;
  }

  private longNumber(from: number, to: number): number {
    const read = readLongNumber(this.text.slice(from, to));
    if (read === null) return this.notANumber(from);
    if (!read.exact) this.inexact = true;
    return read.value;
  }

  /** Passes over ` /* ... *\/`. */
  private skipComment(): void {
    if (this.text.charCodeAt(this.pos + 2) !== STAR) return;
    const close = this.text.indexOf('*/', this.pos);
    if (close < 0 || close >= this.end) this.fail('a comment without an end');
    else this.pos = close + 2;
  }

  /** A flags argument, up to the comma or the closing parenthesis. */
  flags(cache: FlagCache): number {
    const { text, end } = this;
    const start = this.pos;
    let hash = 0;
    let p = start;
    for (; p < end; p++) {
      const code = text.charCodeAt(p);
      if (code === COMMA || code === CLOSE_PAREN) break;
      hash = (Math.imul(hash, 31) + code) | 0;
    }
    const found = p > start ? cache.find(text, start, p, hash) : null;
    if (found === null) {
      this.fail('flags are expected here', start);
      return 0;
    }
    this.pos = p;
    if (found.unknownNames !== null) {
      this.unknownNames =
        this.unknownNames === null ? found.unknownNames : [...this.unknownNames, ...found.unknownNames];
    }
    return found.value;
  }

  /** A file descriptor: `-1`, `3`, `3</path>`, `3</path>(deleted)`, `4</dev/zero<char 1:5>>`. */
  fd(): StraceFd {
    const fd = this.number();
    if (this.text.charCodeAt(this.pos) !== LESS)
      return fd === -1 ? NO_FD : { fd, path: null, deleted: false, device: null };
    const open = this.pos;
    const close = this.skipAngles();
    const deleted = this.text.startsWith('(deleted)', this.pos);
    if (deleted) this.pos += 9;
    return readFdText(fd, this.text.slice(open + 1, close), deleted);
  }

  /** From a `<` to behind its `>`; returns where that is. `->` closes nothing (`TCP:[1.2.3.4:5->6.7.8.9:10]`). */
  private skipAngles(): number {
    let depth = 0;
    for (let p = this.pos; p < this.end; p++) {
      const code = this.text.charCodeAt(p);
      if (code === LESS) depth++;
      else if (code === GREATER && this.text.charCodeAt(p - 1) !== MINUS && --depth === 0) {
        this.pos = p + 1;
        return p;
      }
    }
    this.fail('a path without its closing >');
    return this.end;
  }

  /** The comma before the next argument. */
  comma(): void {
    const { text } = this;
    let p = this.pos;
    while (text.charCodeAt(p) === SPACE) p++;
    if (text.charCodeAt(p) !== COMMA || p >= this.end) {
      this.fail('a comma and another argument are expected here');
      return;
    }
    p++;
    while (text.charCodeAt(p) === SPACE) p++;
    this.pos = p;
  }

  /** True where another argument follows; then the comma is passed. */
  hasMore(): boolean {
    if (this.why !== null || this.text.charCodeAt(this.pos) !== COMMA) return false;
    this.comma();
    return true;
  }

  /** All arguments up to the closing parenthesis, which is passed too, as texts. */
  split(): readonly string[] {
    if (this.why !== null) return [];
    const split: SplitArgs | null = splitArgs(this.text, this.pos, this.end);
    if (split === null) {
      this.fail('the arguments have no closing parenthesis', this.end);
      return [];
    }
    this.pos = split.close;
    return split.args;
  }

  /** The closing parenthesis and the result behind it, to the end of the line. */
  finish(): void {
    const { text } = this;
    if (this.why !== null) return;
    let p = this.pos;
    while (text.charCodeAt(p) === SPACE) p++;
    if (text.charCodeAt(p) !== CLOSE_PAREN) {
      this.fail('a closing parenthesis is expected here');
      return;
    }
    this.pos = p + 1;
    this.result();
  }

  /** `= 0x7f12`, `= -1 ENOMEM (...)`, `= ?`, with what may follow: `<0.000012>`, `(INJECTED)`, a path. */
  result(): void {
    const { text } = this;
    let p = this.pos;
    while (text.charCodeAt(p) === SPACE) p++;
    if (text.charCodeAt(p) !== EQUALS || text.charCodeAt(p + 1) !== SPACE) {
      this.pos = p;
      this.fail('the result (= ...) is expected here');
      return;
    }
    this.pos = p + 2;
    if (text.charCodeAt(p + 2) === QUESTION) this.pos++;
    else this.ret = this.number();
    if (this.pos < this.end) this.afterResult();
  }

  private afterResult(): void {
    const { text, end } = this;
    while (this.why === null && this.pos < end) {
      const code = text.charCodeAt(this.pos);
      if (code === SPACE) this.pos++;
      else if (code === UPPER_E && this.errno === null) this.errnoName();
      else if (code === OPEN_PAREN) this.remark();
      else if (code === LESS) this.durationOrPath();
      else this.fail('the result has something behind it');
    }
  }

  private errnoName(): void {
    const start = this.pos;
    let p = start;
    for (; p < this.end; p++) {
      const code = this.text.charCodeAt(p);
      if (!((code >= UPPER_A && code <= 90) || (code >= ZERO && code <= NINE))) break;
    }
    this.errno = this.text.slice(start, p);
    this.pos = p;
  }

  /** `(Cannot allocate memory)`, `(INJECTED)`, `(errno 530)`, `(flags FD_CLOEXEC)`, `(deleted)`. */
  private remark(): void {
    const start = this.pos;
    let close = this.text.indexOf(')', start);
    const nested = this.text.indexOf('(', start + 1);
    if (nested >= 0 && nested < close) close = this.text.indexOf(')', close + 1);
    if (close < 0 || close >= this.end) {
      this.fail('a remark without its closing parenthesis', start);
      return;
    }
    const inner = this.text.slice(start + 1, close);
    if (inner.startsWith('INJECTED')) this.injected = true;
    else if (inner.startsWith('errno ')) this.errno = `E${inner.slice(6)}`;
    this.pos = close + 1;
  }

  private durationOrPath(): void {
    const start = this.pos;
    const code = this.text.charCodeAt(start + 1);
    const close = this.skipAngles();
    if (this.why !== null) return;
    const inner = this.text.slice(start + 1, close);
    if (code >= ZERO && code <= NINE && this.pos === this.end) {
      const seconds = Number(inner);
      if (Number.isFinite(seconds)) {
        this.duration = seconds;
        return;
      }
    }
    if (inner === 'unfinished ...') this.fail('an unfinished call with a result', start);
  }

  /** Reads a number from a text of its own, such as a field of a struct. */
  numberOf(text: string): number {
    const word = withoutComments(text).trim();
    if (word === 'NULL') return 0;
    const read = readLongNumber(word);
    if (read === null) {
      this.fail(`${JSON.stringify(text)} is no number`);
      return 0;
    }
    if (!read.exact) this.inexact = true;
    return read.value;
  }

  /** Reads flags from a text of its own. */
  flagsOf(text: string, cache: FlagCache): number {
    const value = cache.findText(text);
    if (value === null) {
      this.fail(`${JSON.stringify(text)} are no flags`);
      return 0;
    }
    if (value.unknownNames !== null) this.unknownNames = [...(this.unknownNames ?? []), ...value.unknownNames];
    return value.value;
  }
}
