import {
  BACKSLASH,
  CLOSE_PAREN,
  EQUALS,
  LESS,
  MINUS,
  NINE,
  OPEN_PAREN,
  QUESTION,
  SLASH,
  SPACE,
  UPPER_A,
  UPPER_E,
  UPPER_Z,
  ZERO,
} from './chars.ts';
import type { LineCursor } from './lineCursor.ts';

/**
 * Reads the closing parenthesis of a call and what stands behind it, to the end of the line: `= 0x7f12`,
 * `= -1 ENOMEM (Cannot allocate memory)`, `= ?`, with what may follow: `<0.000012>`, `(INJECTED)`, a path.
 */
export function readResult(c: LineCursor): void {
  if (c.why !== null) return;
  const { codes } = c;
  let p = c.pos;
  while (codes[p] === SPACE) p++;
  if (codes[p] !== CLOSE_PAREN) {
    c.fail('a closing parenthesis is expected here');
    return;
  }
  p++;
  while (codes[p] === SPACE) p++;
  if (codes[p] !== EQUALS || codes[p + 1] !== SPACE) {
    c.pos = p;
    c.fail('the result (= ...) is expected here');
    return;
  }
  c.pos = p + 2;
  if (codes[p + 2] === QUESTION) c.pos++;
  else c.ret = c.number();
  while (c.why === null && c.pos < c.end) {
    const code = codes[c.pos]!;
    if (code === SPACE) c.pos++;
    else if (code === UPPER_E && c.errno === null && (c.ret === -1 || c.ret === null)) readErrno(c);
    else if (code === OPEN_PAREN) readRemark(c);
    else if (code === SLASH && isTranslated(c)) continue;
    else if (code === LESS && !isArrow(codes[c.pos + 1]!)) readDuration(c);
    else {
      readBehind(c, code);
      return;
    }
  }
}

/** `2 /* 9844 in strace's PID NS *\/`: of a pid in a container, `--decode-pids=pidns` tells which one strace prints before its lines. */
const TRANSLATED = /\/\* (\d+) in strace's PID NS \*\//y;

function isTranslated(c: LineCursor): boolean {
  TRANSLATED.lastIndex = c.pos;
  const pid = TRANSLATED.exec(c.text)?.[1];
  if (pid === undefined || TRANSLATED.lastIndex > c.end) return false;
  c.ret = Number(pid);
  c.pos = TRANSLATED.lastIndex;
  return true;
}

function readErrno(c: LineCursor): void {
  const start = c.pos;
  let p = start;
  for (; ; p++) {
    const code = c.codes[p]!;
    if (!((code >= UPPER_A && code <= UPPER_Z) || (code >= ZERO && code <= NINE))) break;
  }
  c.errno = c.text.slice(start, p);
  c.pos = p;
}

/** `(Cannot allocate memory)`, `(INJECTED)`, `(errno 530)`, `(0 /* PER_LINUX *\/)`, `(deleted)`. */
function readRemark(c: LineCursor): void {
  const start = c.pos;
  let depth = 0;
  for (let p = start; p < c.end; p++) {
    const code = c.codes[p];
    if (code === OPEN_PAREN) depth++;
    else if (code === CLOSE_PAREN && --depth === 0) {
      if (c.text.startsWith('INJECTED', start + 1)) c.injected = true;
      else if (c.text.startsWith('errno ', start + 1)) c.errno = `E${c.text.slice(start + 7, p)}`;
      c.pos = p + 1;
      c.remarked = true;
      return;
    }
  }
  c.fail('a remark without its closing parenthesis', start);
}

/** `<0.000012>` at the end of the line, or the path of a returned descriptor. */
function readDuration(c: LineCursor): void {
  const start = c.pos;
  const code = c.codes[start + 1]!;
  const close = c.skipAngles();
  if (c.why !== null || c.pos !== c.end || code < ZERO || code > NINE) return;
  const seconds = Number(c.text.slice(start + 1, close));
  if (Number.isFinite(seconds)) c.duration = seconds;
}

/** Something else: another call on the same line, or what somebody wrote there. */
function readBehind(c: LineCursor, code: number): void {
  // A backslash says that the line goes on.
  const apart = c.codes[c.pos - 1] === SPACE && !(code >= ZERO && code <= NINE) && code !== BACKSLASH;
  if (apart) c.behind = c.pos;
  else c.fail('the result has something behind it');
}

/** `<-- here`, `<== here`, `< here` */
function isArrow(code: number): boolean {
  return code === MINUS || code === EQUALS || code === LESS || code === SPACE;
}
