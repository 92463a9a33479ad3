import type { Op, Scenario } from 'fork-sim';
import { MADV } from 'vma-core';
import { OP_HELP } from './opHelp.ts';

/** A line of the notation that cannot be read; line and column count from 1, `end` is exclusive. */
export interface LineProblem {
  readonly line: number;
  readonly column: number;
  readonly end: number;
  readonly message: string;
}

/** What a text of scenario lines says, and the lines that say nothing. */
export interface ParsedLines {
  readonly ops: readonly Op[];
  /** For each operation, the line it stands in, from 1. */
  readonly lines: readonly number[];
  readonly problems: readonly LineProblem[];
}

/** Pages of the arena that the notation addresses. */
export const ARENA_SPAN = 64;

/** Words that stand for a field that is true. */
export const FLAG_WORDS: Readonly<Record<string, readonly string[]>> = {
  mmap: ['shared', 'noreserve', 'locked', 'populate', 'growsdown', 'stack', 'droppable', 'noreplace'],
  mremap: ['mayMove', 'dontUnmap'],
  fork: ['child', 'childLives', 'parentExits'],
  uffd_register: ['eventFork', 'eventRemap', 'unpopulated', 'async'],
};

export const ADVICE_NAMES: readonly string[] = Object.keys(MADV);
const BACKINGS: readonly string[] = ['anon', 'file0', 'file1', 'file0b', 'sysv'];
const UFFD_MODES: readonly string[] = ['wp', 'missing', 'wp+missing'];

class Bad extends Error {
  readonly token: Token | null;
  constructor(message: string, token: Token | null) {
    super(message);
    this.token = token;
  }
}

interface Token {
  readonly text: string;
  readonly column: number;
}

/** Reads scenario lines; `#` starts a comment, `;` also ends an operation. Every line that cannot be read is listed. */
export function parseOps(text: string): ParsedLines {
  const ops: Op[] = [];
  const lines: number[] = [];
  const problems: LineProblem[] = [];
  for (const [index, whole] of text.split('\n').entries()) {
    let column = 1;
    for (const piece of whole.replace(/#.*/, '').split(';')) {
      const tokens = [...piece.matchAll(/\S+/g)].map((m) => ({ text: m[0], column: column + m.index }));
      column += piece.length + 1;
      if (tokens.length === 0) continue;
      try {
        ops.push(parseOp(tokens));
        lines.push(index + 1);
      } catch (error) {
        if (!(error instanceof Bad)) throw error;
        const at = error.token ?? (tokens.at(-1) as Token);
        problems.push({
          line: index + 1,
          column: at.column,
          end: at.column + at.text.length,
          message: error.message,
        });
      }
    }
  }
  return { ops, lines, problems };
}

/** A scenario from lines that are known to be right. @throws Error where they are not */
export function scenarioOf(id: string, text: string): Scenario {
  const { ops, problems } = parseOps(text);
  const first = problems[0];
  if (first) throw new Error(`${id}:${first.line}:${first.column}: ${first.message}`);
  return { id, ops };
}

function parseOp(tokens: readonly Token[]): Op {
  const [head, ...rest] = tokens as [Token, ...Token[]];
  switch (head.text) {
    case 'mmap':
      return parseMmap(head, rest);
    case 'munmap':
    case 'mlock':
    case 'mlock2':
    case 'munlock':
    case 'mseal':
      return { op: head.text, ...onlyRange(head, rest) };
    case 'mprotect': {
      const { range, others } = takeRange(head, rest);
      return { op: 'mprotect', ...range, prot: oneProt(head, others) };
    }
    case 'madvise': {
      const { range, others } = takeRange(head, rest);
      const word = others[0];
      if (!word) throw new Bad('madvise needs an advice, such as GUARD_INSTALL', null);
      const advice = word.text.replace(/^MADV_/, '');
      if (!ADVICE_NAMES.includes(advice)) throw new Bad(`no advice "${word.text}"`, word);
      noMore(others.slice(1));
      return { op: 'madvise', ...range, advice: advice as keyof typeof MADV };
    }
    case 'guard':
      return { op: 'madvise', ...onlyRange(head, rest), advice: 'GUARD_INSTALL' };
    case 'unguard':
      return { op: 'madvise', ...onlyRange(head, rest), advice: 'GUARD_REMOVE' };
    case 'write':
    case 'read':
      return { op: 'touch', ...onlyRange(head, rest), access: head.text };
    case 'touch': {
      const { range, others } = takeRange(head, rest);
      const word = others[0];
      if (word?.text !== 'read' && word?.text !== 'write') throw new Bad('touch needs "read" or "write"', word ?? null);
      noMore(others.slice(1));
      return { op: 'touch', ...range, access: word.text };
    }
    case 'mremap':
      return parseMremap(head, rest);
    case 'fork':
      return parseFork(rest);
    case 'clear_refs':
      noMore(rest.slice(1));
      return { op: 'clear_refs', value: rest[0] ? wholeNumber(rest[0]) : 4 };
    case 'fill_maps':
      noMore(rest.slice(1));
      return { op: 'fill_maps', slack: rest[0] ? wholeNumber(rest[0]) : 0 };
    case 'uffd_register':
      return parseUffdRegister(head, rest);
    case 'uffd_unregister':
      return { op: 'uffd_unregister', ...onlyRange(head, rest) };
    case 'uffd_wp': {
      const { range, others } = takeRange(head, rest);
      const word = others[0];
      if (word && word.text !== 'on' && word.text !== 'off') throw new Bad('uffd_wp takes "on" or "off"', word);
      return { op: 'uffd_wp', ...range, on: word?.text !== 'off' };
    }
    default:
      throw new Bad(`no operation "${head.text}"; there are ${OP_HELP.map(({ name }) => name).join(', ')}`, head);
  }
}

function parseMmap(head: Token, rest: readonly Token[]): Op {
  const { range, others } = takeRange(head, rest);
  let prot: string | null = null;
  let backing: string | null = null;
  let offset = 0;
  const flags: Record<string, true> = {};
  for (const token of others) {
    const file = /^(\w+?)(?:@(\d+))?$/.exec(token.text);
    if (FLAG_WORDS.mmap?.includes(token.text)) flags[token.text] = true;
    else if (file && BACKINGS.includes(file[1] as string)) {
      backing = file[1] as string;
      offset = Number(file[2] ?? 0);
    } else if (/^(none|[rwx]+)$/.test(token.text) && prot === null) prot = token.text;
    else throw new Bad(`mmap does not take "${token.text}"`, token);
  }
  return {
    op: 'mmap',
    ...range,
    prot: prot ?? 'rw',
    ...(backing === null || backing === 'anon' ? {} : { backing: backing as 'file0' }),
    ...(offset === 0 ? {} : { pgoff: offset }),
    ...flags,
  };
}

function parseMremap(head: Token, rest: readonly Token[]): Op {
  const joined = rest.flatMap((token) => splitArrow(token));
  const { range, others } = takeRange(head, joined);
  let newPages = range.pages;
  let newPage: number | null = null;
  const flags: Record<string, true> = {};
  for (const token of others) {
    const target = /^(\d+)?(?:\+(\d+))?$/.exec(token.text);
    if (token.text === '->') continue;
    if (FLAG_WORDS.mremap?.includes(token.text)) flags[token.text] = true;
    else if (target && token.text !== '') {
      if (target[1] !== undefined) newPage = Number(target[1]);
      if (target[2] !== undefined) newPages = Number(target[2]);
    } else throw new Bad(`mremap does not take "${token.text}"; it is written "mremap 10+4 -> 20"`, token);
  }
  return { op: 'mremap', ...range, newPages, ...(newPage === null ? {} : { newPage }), ...flags };
}

function splitArrow(token: Token): Token[] {
  const at = token.text.indexOf('->');
  if (at < 0) return [token];
  const parts: Token[] = [];
  if (at > 0) parts.push({ text: token.text.slice(0, at), column: token.column });
  const after = token.text.slice(at + 2);
  if (after !== '') parts.push({ text: after, column: token.column + at + 2 });
  return parts;
}

function parseFork(rest: readonly Token[]): Op {
  let op: Op = { op: 'fork' };
  for (const token of rest) {
    if (token.text === 'child') op = { ...op, continueIn: 'child' };
    else if (token.text === 'childLives') op = { ...op, childLives: true };
    else if (token.text === 'parentExits') op = { ...op, parentExits: true };
    else
      throw new Bad(
        `fork takes "child" (go on in the child), "childLives" or "parentExits", not "${token.text}"`,
        token,
      );
  }
  return op;
}

function parseUffdRegister(head: Token, rest: readonly Token[]): Op {
  const { range, others } = takeRange(head, rest);
  let mode = 'wp';
  const flags: Record<string, true> = {};
  for (const token of others) {
    if (UFFD_MODES.includes(token.text)) mode = token.text;
    else if (FLAG_WORDS.uffd_register?.includes(token.text)) flags[token.text] = true;
    else throw new Bad(`uffd_register does not take "${token.text}"`, token);
  }
  return { op: 'uffd_register', ...range, mode: mode as 'wp', ...flags };
}

interface PageRange {
  readonly page: number;
  readonly pages: number;
}

function takeRange(head: Token, rest: readonly Token[]): { range: PageRange; others: readonly Token[] } {
  const at = rest.findIndex(({ text }) => /^\d+(\+\d+)?$/.test(text));
  const token = rest[at];
  if (!token) throw new Bad(`${head.text} needs pages, such as "10+4": four pages from page 10`, rest[0] ?? head);
  const [page, pages] = token.text.split('+').map(Number) as [number, number?];
  const range = { page, pages: pages ?? 1 };
  if (page + range.pages > ARENA_SPAN) throw new Bad(`the playground has pages 0 to ${ARENA_SPAN - 1}`, token);
  return { range, others: rest.filter((_, index) => index !== at) };
}

function onlyRange(head: Token, rest: readonly Token[]): PageRange {
  const { range, others } = takeRange(head, rest);
  noMore(others);
  return range;
}

function noMore(tokens: readonly Token[]): void {
  const token = tokens[0];
  if (token) throw new Bad(`nothing may follow here, but there is "${token.text}"`, token);
}

function oneProt(head: Token, others: readonly Token[]): string {
  const token = others[0];
  if (!token) throw new Bad(`${head.text} needs a protection: none, r, rw, rx or rwx`, null);
  if (!/^(none|[rwx]{1,3})$/.test(token.text)) throw new Bad(`no protection "${token.text}": none, r, rw, rx`, token);
  noMore(others.slice(1));
  return token.text;
}

function wholeNumber(token: Token): number {
  if (!/^\d+$/.test(token.text)) throw new Bad(`a number, not "${token.text}"`, token);
  return Number(token.text);
}

/** Prints an operation in the notation; {@link parseOps} reads it again. Fields the notation has no word for follow as `key=value`. */
export function formatOp(op: Op): string {
  switch (op.op) {
    case 'mmap': {
      const where = op.anywhere ? 'anywhere' : op.hint === undefined ? `${op.page ?? 0}` : `hint=${op.hint}`;
      const words = [`mmap ${where}+${op.pages}`, op.prot];
      if (op.backing && op.backing !== 'anon') words.push(op.pgoff ? `${op.backing}@${op.pgoff}` : op.backing);
      for (const word of FLAG_WORDS.mmap ?? [])
        if ((op as unknown as Record<string, unknown>)[word] === true) words.push(word);
      return words.join(' ');
    }
    case 'mprotect':
      return `mprotect ${op.page}+${op.pages} ${op.prot}`;
    case 'madvise':
      return `madvise ${op.page}+${op.pages} ${op.advice}`;
    case 'touch':
      return `${op.access} ${op.page}${(op.pages ?? 1) === 1 ? '' : `+${op.pages}`}`;
    case 'mremap': {
      const target = `${op.newPage ?? ''}${op.newPages === op.pages ? '' : `+${op.newPages}`}`;
      const flags = `${op.mayMove ? ' mayMove' : ''}${op.dontUnmap ? ' dontUnmap' : ''}`;
      return `mremap ${op.page}+${op.pages}${target === '' ? '' : ` -> ${target}`}${flags}`;
    }
    case 'fork':
      return `fork${op.continueIn ? ' child' : ''}${op.childLives ? ' childLives' : ''}${op.parentExits ? ' parentExits' : ''}`;
    case 'fill_maps':
      return `fill_maps ${op.slack}`;
    case 'clear_refs':
      return `clear_refs ${op.value}`;
    case 'uffd_register': {
      const flags = (FLAG_WORDS.uffd_register ?? []).filter(
        (word) => (op as unknown as Record<string, unknown>)[word] === true,
      );
      return [`uffd_register ${op.page}+${op.pages} ${op.mode}`, ...flags].join(' ');
    }
    case 'uffd_wp':
      return `uffd_wp ${op.page}+${op.pages} ${op.on ? 'on' : 'off'}`;
    default:
      return formatOther(op);
  }
}

function formatOther(op: Op): string {
  const { op: name, page, pages, ...rest } = op as { op: string; page?: number; pages?: number };
  const range = page === undefined ? '' : ` ${page}${pages === undefined ? '' : `+${pages}`}`;
  const more = Object.entries(rest).map(([key, value]) => ` ${key}=${String(value)}`);
  return `${name}${range}${more.join('')}`;
}
