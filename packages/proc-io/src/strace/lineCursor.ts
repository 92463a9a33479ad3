import { type VirtAddr, virtAddr } from 'vma-core';
import {
  CLOSE_PAREN,
  COMMA,
  GREATER,
  LESS,
  LOWER_F,
  LOWER_X,
  MINUS,
  NINE,
  SLASH,
  SPACE,
  STAR,
  UPPER_N,
  ZERO,
} from './chars.ts';
import { HEX_DIGITS, POWERS_OF_16, readLongNumber } from './exactNumber.ts';
import { type FlagCache, type FlagValue, withoutComments } from './flagWords.ts';
import type { LogText } from './logText.ts';
import { inQuotes } from './quotedText.ts';
import { RecentTexts } from './recentTexts.ts';
import { type SplitArgs, splitArgs } from './splitArgs.ts';
import type { StraceFd } from './straceArgs.ts';
import { NO_FD, readFdText } from './straceFd.ts';

/**
 * Reads the arguments and the result of one call, character by character, without cutting the line into pieces.
 *
 * The first thing that cannot be read is kept in `why` and `whyAt`; from then on every method returns at once with a
 * dummy, so a decoder needs no checks. `codes[end]` is always a newline (or another character that ends a token), so
 * loops over digits need no test for the end.
 */
export class LineCursor {
  text = '';
  /** The characters of `text`; see {@link LogText}. */
  codes: Uint8Array = new Uint8Array(0);
  pos = 0;
  /** Where the line ends, exclusive. */
  end = 0;
  /** Why the line cannot be read; `null` so far. */
  why: string | null = null;
  /** Where reading stopped: an index in `text`. */
  whyAt = 0;
  unknownNames: readonly string[] | null = null;
  inexact = false;
  /** Where the arguments that `split()` cut begin. */
  argsAt = 0;
  // The result, set by `readResult`.
  ret: number | null = null;
  errno: string | null = null;
  injected = false;
  duration: number | null = null;
  /** Where something begins that is not part of the call; -1: nothing does. */
  behind = -1;
  /** Something in parentheses stands behind the result. */
  remarked = false;
  /** Descriptors by their text: a log repeats them. */
  private readonly recentFds: RecentTexts<StraceFd> = new RecentTexts([COMMA, CLOSE_PAREN]);

  /** Starts on the characters `[pos, end)` of `log`. */
  reset(log: LogText, pos: number, end: number): void {
    this.text = log.text;
    this.codes = log.codes;
    this.pos = pos;
    this.end = end;
    this.why = null;
    this.unknownNames = null;
    this.inexact = false;
    this.ret = null;
    this.errno = null;
    this.injected = false;
    this.duration = null;
    this.behind = -1;
    this.remarked = false;
  }

  fail(why: string, at: number = this.pos): void {
    if (this.why !== null) return;
    this.why = why;
    this.whyAt = at;
    this.pos = this.end;
  }

  /** An address: `NULL` or a number. */
  address(): VirtAddr {
    if (this.codes[this.pos] === UPPER_N && this.text.startsWith('NULL', this.pos)) {
      this.pos += 4;
      return virtAddr(0);
    }
    return virtAddr(this.number());
  }

  /** A number, decimal, hex or octal, with or without a comment behind it. Marks the call as inexact past 2^53. */
  number(): number {
    const { codes } = this;
    const start = this.pos;
    if (codes[start] === ZERO && codes[start + 1] === LOWER_X) return this.hexNumber(start);
    let p = start;
    let code = codes[p]!;
    const negative = code === MINUS;
    if (negative) code = codes[++p]!;
    const first = p;
    let value = 0;
    for (; code >= ZERO && code <= NINE; code = codes[++p]!) value = value * 10 + (code - ZERO);
    const digits = p - first;
    if (digits === 0 || digits > 22) return this.notANumber(start);
    if (digits > 15 || (digits > 1 && codes[first] === ZERO)) value = this.longNumber(first, p);
    this.pos = p;
    if (code === SPACE && codes[p + 1] === SLASH) this.skipComment();
    return negative ? -value : value;
  }

  private hexNumber(start: number): number {
    const { codes } = this;
    const first = start + 2;
    let p = first;
    let value = 0;
    let high = 0;
    let code = codes[p]!;
    // Seven digits at a time fit the integers that are fastest.
    for (; code <= LOWER_F; code = codes[++p]!) {
      const digit = HEX_DIGITS[code]!;
      if (digit > 15) break;
      if (p === first + 6 || p === first + 12) {
        high = high * 0x100_0000 + value;
        value = 0;
      }
      value = (value << 4) | digit;
    }
    const digits = p - first;
    if (digits === 0 || digits > 16) return this.notANumber(start);
    this.pos = p;
    if (code === SPACE && codes[p + 1] === SLASH) this.skipComment();
    if (digits > 13) return this.longNumber(start, p);
    return digits <= 6 ? value : digits <= 12 ? high * POWERS_OF_16[digits - 6]! + value : high * 16 + value;
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
    if (this.codes[this.pos + 2] !== STAR) return;
    let p = this.pos + 3;
    while (p < this.end && !(this.codes[p] === STAR && this.codes[p + 1] === SLASH)) p++;
    if (p >= this.end) this.fail('a comment without an end');
    else this.pos = p + 2;
  }

  /** A flags argument, up to the comma or the closing parenthesis. */
  flags(cache: FlagCache): number {
    const known = cache.recent.find(this.codes, this.pos);
    if (known !== undefined) this.pos = cache.recent.end;
    const found = known ?? this.newFlags(cache);
    if (found === null) return 0;
    if (!found.exact) this.inexact = true;
    if (found.unknownNames !== null) this.addUnknown(found.unknownNames);
    return found.value;
  }

  /** A flags argument not met before, or long ago. */
  private newFlags(cache: FlagCache): FlagValue | null {
    const start = this.pos;
    let p = start;
    while (p < this.end && this.codes[p] !== COMMA && this.codes[p] !== CLOSE_PAREN) p++;
    const found = p > start ? cache.findText(this.text.slice(start, p)) : null;
    if (found === null) this.fail('flags are expected here', start);
    else {
      cache.recent.add(this.codes, start, p, found);
      this.pos = p;
    }
    return found;
  }

  private addUnknown(names: readonly string[]): void {
    this.unknownNames = this.unknownNames === null ? names : [...this.unknownNames, ...names];
  }

  /** A file descriptor: `-1`, `3`, `3</path>`, `3</path>(deleted)`, `4</dev/zero<char 1:5>>`. */
  fd(): StraceFd {
    const known = this.recentFds.find(this.codes, this.pos);
    if (known === undefined) return this.newFd();
    this.pos = this.recentFds.end;
    return known;
  }

  /** A descriptor not met before, or long ago. */
  private newFd(): StraceFd {
    const start = this.pos;
    const fd = this.number();
    let read: StraceFd = fd === -1 ? NO_FD : { fd, path: null, deleted: false, device: null };
    if (this.codes[this.pos] === LESS) {
      const open = this.pos;
      const close = this.skipAngles();
      const deleted = this.text.startsWith('(deleted)', this.pos);
      if (deleted) this.pos += 9;
      read = readFdText(fd, this.text.slice(open + 1, close), deleted);
    }
    const after = this.codes[this.pos]!;
    if (this.why === null && (after === COMMA || after === CLOSE_PAREN)) {
      this.recentFds.add(this.codes, start, this.pos, read);
    }
    return read;
  }

  /** From a `<` to behind its `>`; returns where that is. `->` closes nothing (`TCP:[1.2.3.4:5->6.7.8.9:10]`). */
  skipAngles(): number {
    let depth = 0;
    for (let p = this.pos; p < this.end; p++) {
      const code = this.codes[p]!;
      if (code === LESS) depth++;
      else if (code === GREATER && this.codes[p - 1] !== MINUS && --depth === 0) {
        this.pos = p + 1;
        return p;
      }
    }
    this.fail('a path without its closing >');
    return this.end;
  }

  /** Passes the comma before the next argument. */
  comma(): this {
    const { codes } = this;
    let p = this.pos;
    while (codes[p] === SPACE) p++;
    if (codes[p] !== COMMA || p >= this.end) {
      this.fail('a comma and another argument are expected here');
      return this;
    }
    p++;
    while (codes[p] === SPACE) p++;
    this.pos = p;
    return this;
  }

  /** True where another argument follows; then the comma is passed. */
  hasMore(): boolean {
    if (this.why !== null || this.codes[this.pos] !== COMMA) return false;
    this.comma();
    return true;
  }

  /** All arguments up to the closing parenthesis, which is passed too, as texts. */
  split(): readonly string[] {
    if (this.why !== null) return [];
    this.argsAt = this.pos;
    const split: SplitArgs | null = splitArgs(this.text, this.pos, this.end);
    if (split === null) {
      this.fail('the arguments have no closing parenthesis', this.end);
      return [];
    }
    this.pos = split.close;
    return split.args;
  }

  /** Reports an argument that `split()` cut out, or a part of one. */
  failAt(part: string, why: string): void {
    const at = part === '' ? -1 : this.text.slice(this.argsAt, this.end).indexOf(part);
    this.fail(why, this.argsAt + Math.max(at, 0));
  }

  /** Reads a number from a text of its own, such as a field of a struct. */
  numberOf(text: string): number {
    const word = withoutComments(text).trim();
    if (word === 'NULL') return 0;
    const read = readLongNumber(word);
    if (read === null) {
      this.failAt(text, `${inQuotes(text)} is no number`);
      return 0;
    }
    if (!read.exact) this.inexact = true;
    return read.value;
  }

  /** Reads flags from a text of its own. */
  flagsOf(text: string, cache: FlagCache): number {
    const value = cache.findText(text);
    if (value === null) {
      this.failAt(text, `${inQuotes(text)} are no flags`);
      return 0;
    }
    if (!value.exact) this.inexact = true;
    if (value.unknownNames !== null) this.addUnknown(value.unknownNames);
    return value.value;
  }
}
