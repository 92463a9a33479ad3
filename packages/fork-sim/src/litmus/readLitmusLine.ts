import { LineError, parseOp, type Word, wordsOf, wrongWord } from '../scenario/notation.ts';
import { isStraceLine, straceLine } from '../scenario/straceOps.ts';
import { readResult } from './callResult.ts';
import { isClaimName, readClaim } from './claims.ts';
import { HEADERS, HeaderError } from './headers.ts';
import { type KernelSet, KernelSetError, parseKernels } from './kernelSet.ts';
import type { ClaimLine, HeaderName, LitmusLine, OpLine, OtherResultLine, Place } from './litmus.ts';

/** A line that was read, and where it stands. */
export interface PlacedLine {
  readonly read: LitmusLine;
  readonly place: Place;
}

/** What a line of text says, and what in it says nothing. */
export interface ReadLitmusLine {
  readonly lines: readonly PlacedLine[];
  readonly problems: readonly LineError[];
}

/** What of the file is known when a line is read. */
export interface LineContext {
  /** The line's number, from 1. */
  readonly line: number;
  /** Pages of the arena. */
  readonly span: number;
}

/** Reads one line of text: a header, a comment, or operations and claims, which `;` divides. */
export function readLitmusLine(text: string, { line, span }: LineContext): ReadLitmusLine {
  const whole = { line, column: 1, end: text.length + 1 };
  if (text.trim() === '') return { lines: [{ read: { kind: 'blank' }, place: whole }], problems: [] };
  const note = /^\s*# ?(.*)$/s.exec(text)?.[1];
  if (note !== undefined)
    return { lines: [{ read: { kind: 'comment', text: note.trimEnd() }, place: whole }], problems: [] };
  const header = /^\s*([a-z-]+):\s*(\S.*)?$/s.exec(text);
  if (header !== null && Object.hasOwn(HEADERS, header[1]!)) return readHeader(text, header, whole);
  if (isStraceLine(text)) {
    const { ops, problems } = straceLine(text);
    return {
      lines: ops.map((op) => ({ read: { kind: 'op', op, result: null, comment: null }, place: whole })),
      problems,
    };
  }
  return readPieces(text, line, span);
}

function readHeader(text: string, [, name, given = '']: RegExpExecArray, place: Place): ReadLitmusLine {
  const value = given.trimEnd();
  try {
    HEADERS[name as HeaderName].check(value);
    return { lines: [{ read: { kind: 'header', name: name as HeaderName, value }, place }], problems: [] };
  } catch (error) {
    const column = Math.max(1, text.length - given.length + 1);
    if (error instanceof KernelSetError) {
      const at = column + error.offset;
      return { lines: [], problems: [new LineError(error.message, at, at + error.length)] };
    }
    if (!(error instanceof HeaderError)) throw error;
    return {
      lines: [],
      problems: [new LineError(`"${name}:" ${error.message}`, column, Math.max(column + 1, text.length + 1))],
    };
  }
}

function readPieces(text: string, line: number, span: number): ReadLitmusLine {
  const hash = text.indexOf('#');
  const comment =
    hash < 0
      ? null
      : text
          .slice(hash + 1)
          .replace(/^ /, '')
          .trimEnd();
  const pieces = (hash < 0 ? text : text.slice(0, hash)).split(';');
  const lines: PlacedLine[] = [];
  const problems: LineError[] = [];
  let column = 1;
  for (const piece of pieces) {
    const first = column + piece.length - piece.trimStart().length;
    try {
      const read = readPiece(piece, column, span);
      if (read !== null) lines.push({ read, place: { line, column: first, end: column + piece.trimEnd().length } });
    } catch (error) {
      if (!(error instanceof LineError)) throw error;
      problems.push(error);
    }
    column += piece.length + 1;
  }
  return { lines: comment === null ? lines : withComment(lines, comment), problems };
}

/** A comment belongs to the last of a line's pieces. */
function withComment(lines: readonly PlacedLine[], comment: string): PlacedLine[] {
  return lines.map(({ read, place }, at) => {
    const takes = read.kind === 'op' || read.kind === 'claim' || read.kind === 'otherResult';
    return at === lines.length - 1 && takes ? { read: { ...read, comment }, place } : { read, place };
  });
}

type Piece = OpLine | OtherResultLine | ClaimLine;

const PREFIX = /^\s*\[([^\]]*)\]:?/;

function readPiece(text: string, column: number, span: number): Piece | null {
  const prefix = PREFIX.exec(text);
  if (prefix === null) return readBare(text, column, span);
  const at = column + text.indexOf('[');
  if (!prefix[0].endsWith(':')) {
    throw new LineError(`a colon stands behind the kernels: "[${prefix[1]}]: ..."`, at, column + prefix[0].length);
  }
  const kernels = kernelsOf(prefix[1] as string, at + 1);
  const rest = readBare(text.slice(prefix[0].length), column + prefix[0].length, span);
  if (rest === null)
    throw new LineError('kernels alone say nothing: a claim or a result follows', at, column + text.length);
  if (rest.kind === 'claim') return { ...rest, kernels };
  if (rest.kind === 'op' && rest.result !== null) {
    return { kind: 'otherResult', kernels, op: rest.op, result: rest.result, comment: null };
  }
  throw new LineError(
    'an operation runs on every kernel; with kernels before it, it says what comes of the operation above there: "=> ..."',
    at,
    column + text.length,
  );
}

function kernelsOf(text: string, column: number): KernelSet {
  try {
    return parseKernels(text);
  } catch (error) {
    if (!(error instanceof KernelSetError)) throw error;
    throw new LineError(error.message, column + error.offset, column + error.offset + error.length);
  }
}

function readBare(text: string, column: number, span: number): OpLine | ClaimLine | null {
  const words = wordsOf(text, column);
  const [first] = words;
  if (first === undefined) return null;
  const when = first.text === 'never' || first.text === 'always' ? first.text : 'here';
  const behind = when === 'here' ? words : words.slice(1);
  const name = /^([a-z]\w*):$/.exec(behind[0]?.text ?? '')?.[1] ?? null;
  const said = name === null ? behind : behind.slice(1);
  const [head] = said;
  if (head !== undefined && isClaimName(head.text)) {
    return { kind: 'claim', kernels: null, when, process: name, claim: readClaim(said), comment: null };
  }
  if (when !== 'here') {
    throw wrongWord(`"${when}" stands before a claim, such as "${when} guards none"`, head ?? first);
  }
  return readOp(text, column, words, span);
}

function readOp(text: string, column: number, words: readonly Word[], span: number): OpLine | null {
  const arrow = words.findIndex((word) => word.text === '=>');
  if (arrow < 0) {
    const op = parseOp(text, column, span);
    return op && { kind: 'op', op, result: null, comment: null };
  }
  const sign = words[arrow] as Word;
  const op = parseOp(text.slice(0, sign.column - column), column, span);
  if (op === null) throw wrongWord('an operation stands before "=>"', sign);
  return { kind: 'op', op, result: readResult(words.slice(arrow + 1), sign), comment: null };
}
