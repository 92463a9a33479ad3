import { checkOp } from './checkScenario.ts';
import { type Field, isOpName, OPERATIONS, type Operation, type OpHelp } from './operations.ts';
import { ARENA_PAGES, type Op, type OpName, type Scenario } from './scenario.ts';

/** A line, or a part of one, that is no operation; columns count from 1, `end` is exclusive. */
export class LineError extends Error {
  override readonly name = 'LineError';
  readonly column: number;
  readonly end: number;
  constructor(message: string, column: number, end: number) {
    super(message);
    this.column = column;
    this.end = end;
  }
}

type Fields = Readonly<Record<string, Field<unknown>>>;
type Values = Readonly<Record<string, unknown>>;

/** The fields of an operation that have a value, by name. */
type Printable = { readonly [Key in 'page' | 'pages' | 'newPage' | 'newPages' | 'pgoff']?: number } & {
  readonly backing?: string;
  readonly [key: string]: unknown;
};

/** Another word for an operation some of whose fields are given. */
interface Shorthand extends OpHelp {
  readonly of: OpName;
  readonly values: Values;
}

const SHORTHANDS: Readonly<Record<string, Shorthand>> = {
  guard: {
    of: 'madvise',
    values: { advice: 'GUARD_INSTALL' },
    form: 'guard 6+2',
    says: 'MADV_GUARD_INSTALL: any access is a SIGSEGV, without a VMA for it.',
  },
  unguard: {
    of: 'madvise',
    values: { advice: 'GUARD_REMOVE' },
    form: 'unguard 6+2',
    says: 'MADV_GUARD_REMOVE: the pages may be used again.',
  },
  write: { of: 'touch', values: { access: 'write' }, form: 'write 4+8', says: 'The program writes to each page.' },
  read: { of: 'touch', values: { access: 'read' }, form: 'read 4+8', says: 'The program reads from each page.' },
};

/** The help for every word that a line may begin with, by that word. */
export const OP_HELP: ReadonlyMap<string, OpHelp> = new Map(
  Object.entries(OPERATIONS).flatMap<readonly [string, OpHelp]>(([name, operation]) => [
    [name, operation],
    ...Object.entries(SHORTHANDS).filter(([, { of }]) => of === name),
  ]),
);

/** The forms of all operations, the shorter words among them. */
export function formsOfOperations(): readonly OpHelp[] {
  return [...OP_HELP.values()].map(({ form, says }) => ({ form, says }));
}

/** The words that may follow an operation's pages. */
export function wordsAfter(head: string): readonly string[] {
  const fields: Fields = isOpName(head) ? OPERATIONS[head].fields : {};
  return [...new Set(Object.values(fields).flatMap(({ words = [] }) => words))];
}

/** A word of a line. */
export interface Word {
  readonly text: string;
  /** From 1. */
  readonly column: number;
}

/** The words of a text that begins in a column of its line; `->` is one, with or without blanks around it. */
export function wordsOf(text: string, column: number): Word[] {
  return Array.from(text.matchAll(/->|(?:(?!->)\S)+/g), (found) => ({ text: found[0], column: column + found.index }));
}

/** An error about a word. */
export function wrongWord(message: string, { text, column }: Word): LineError {
  return new LineError(message, column, column + text.length);
}

/** What a line says, and what in it says nothing. */
export interface ReadLine {
  readonly ops: readonly Op[];
  readonly problems: readonly LineError[];
}

/** Reads a line of the notation: `#` starts a comment, `;` also ends an operation. */
function parseLine(line: string): ReadLine {
  const ops: Op[] = [];
  const problems: LineError[] = [];
  let column = 1;
  for (const piece of line.replace(/#.*/, '').split(';')) {
    try {
      const op = parseOp(piece, column);
      if (op !== null) ops.push(op);
    } catch (error) {
      if (!(error instanceof LineError)) throw error;
      problems.push(error);
    }
    column += piece.length + 1;
  }
  return { ops, problems };
}

/** A scenario from lines that are known to be right. @throws Error where they are not */
export function scenarioOf(id: string, text: string): Scenario {
  const ops = text.split('\n').flatMap((line, index) => {
    const { ops, problems } = parseLine(line);
    if (problems[0]) throw new Error(`${id}:${index + 1}:${problems[0].column}: ${problems[0].message}`);
    return ops;
  });
  return { id, ops };
}

/** A process's name before what it does: `kid: write 4`. */
const IN_PROCESS_PREFIX = /^\s*([a-z]\w*):(?=\s)/;

/**
 * Reads one operation. `null`: the text is empty.
 *
 * @param column where in its line the text begins, from 1
 * @param span pages of the arena
 * @throws LineError
 */
export function parseOp(text: string, column: number, span: number = ARENA_PAGES): Op | null {
  const prefix = IN_PROCESS_PREFIX.exec(text);
  if (prefix !== null) {
    const length = prefix[0].length;
    const op = parseOp(text.slice(length), column + length, span);
    if (op === null)
      throw new LineError(`"${text.trim()}" says a process, and nothing that it does`, column, column + text.length);
    return { ...op, in: prefix[1] as string };
  }
  const [head, ...rest] = wordsOf(text, column);
  if (head === undefined) return null;
  const shorthand = Object.hasOwn(SHORTHANDS, head.text) ? SHORTHANDS[head.text] : undefined;
  const name = shorthand?.of ?? head.text;
  if (!isOpName(name)) {
    throw wrongWord(`no operation "${head.text}"; there are ${[...OP_HELP.keys()].join(', ')}`, head);
  }
  const { fields, defaults, form }: Operation = OPERATIONS[name];
  const written = `it is written "${shorthand?.form ?? form}"`;
  const said: Record<string, unknown> = { ...shorthand?.values };
  const places = new Map<string, Word>();
  for (const word of rest) {
    const values = readWord(word.text, fields, said);
    if (values === null) throw wrongWord(`${head.text} does not take "${word.text}"; ${written}`, word);
    for (const key of Object.keys(values)) places.set(key, word);
    Object.assign(said, values);
  }
  if (fields.newPages && said.pages !== undefined) said.newPages ??= said.pages;
  const all: Values = { ...defaults, ...said };
  // The fields in the order of the table, so that a call is the same however it was written.
  const known = Object.keys(fields).filter((key) => key in all);
  const op = { op: name, ...Object.fromEntries(known.map((key) => [key, all[key]])) };
  const problem = checkOp(op, span);
  if (problem === null) return op as Op;
  const place = places.get(String(problem.path[0]));
  throw wrongWord(place ? problem.message : `${problem.message}; ${written}`, place ?? rest.at(-1) ?? head);
}

/** What a word says of an operation of which some fields are known; `null`: nothing. */
function readWord(word: string, fields: Fields, said: Values): Values | null {
  if (word === '->' && fields.newPages) return {};
  const range = /^(\d+)?(?:\+(\d+))?$/.exec(word);
  if (range && hasRange(fields)) {
    const [page, pages] = [range[1], range[2]].map((digits) => (digits === undefined ? undefined : Number(digits)));
    if (said.pages === undefined) return { ...(page === undefined ? {} : { page }), pages: pages ?? 1 };
    if (fields.newPages && said.newPages === undefined) {
      return { ...(page === undefined ? {} : { newPage: page }), ...(pages === undefined ? {} : { newPages: pages }) };
    }
  }
  const [, backing = '', pgoff] = (fields.pgoff && /^(\w+)@(\d+)$/.exec(word)) || [];
  if (pgoff !== undefined) {
    const values = readWord(backing, fields, said);
    return values && { ...values, pgoff: Number(pgoff) };
  }
  for (const [key, field] of Object.entries(fields)) {
    const value = key in said ? field.more?.(said[key], word) : field.read?.(word);
    if (value !== undefined) return { [key]: value };
  }
  const [, key = '', value = ''] = /^(\w+)=(true|false|-?\d+)$/.exec(word) ?? [];
  return Object.hasOwn(fields, key) && !(key in said) ? { [key]: JSON.parse(value) } : null;
}

/** True where a line names pages as `10+4`. */
function hasRange({ page, pages }: Fields): boolean {
  return page !== undefined && pages !== undefined;
}

/** Prints an operation in the notation; {@link parseLine} reads it again. Fields the notation has no word for are `key=value`. */
export function formatOp(op: Op): string {
  const fields: Fields = OPERATIONS[op.op].fields;
  const words = Object.entries(fields).map(([key, field]) => printField(op, key, field, fields));
  return inProcess(op, [op.op === 'touch' ? op.access : op.op, ...words]);
}

/** {@link formatOp} in as few words as can be: `guard 6` for `madvise 6+1 GUARD_INSTALL`. */
export function formatOpShort(op: Op): string {
  const { fields }: Operation = OPERATIONS[op.op];
  const [name, { values: said = {} } = {}] =
    Object.entries(SHORTHANDS).find(([, { of, values }]) => of === op.op && holds(op, values)) ?? [];
  const words = Object.entries(fields).map(([key, field]) => (key in said ? '' : printField(op, key, field, fields)));
  return inProcess(op, [name ?? op.op, ...words.map((word) => word.replace(/^(\d+)\+1$/, '$1'))]);
}

function inProcess(op: Op, words: readonly string[]): string {
  const text = words.filter((word) => word !== '').join(' ');
  return op.in === undefined ? text : `${op.in}: ${text}`;
}

function holds(op: Op, values: Values): boolean {
  const said: Values = { ...op };
  return Object.entries(values).every(([key, value]) => said[key] === value);
}

function printField(op: Op, key: string, field: Field<unknown>, fields: Fields): string {
  const values: Printable = { ...op };
  const { page, pages, newPage, newPages, backing = 'anon', pgoff } = values;
  if (hasRange(fields) && (key === 'page' || key === 'pages')) {
    if (key === 'pages') return '';
    return `${page ?? ''}${pages === undefined || (pages === 1 && op.op === 'touch') ? '' : `+${pages}`}`;
  }
  switch (key) {
    case 'access':
    case 'newPage':
      return '';
    case 'newPages': {
      const target = `${newPage ?? ''}${newPages === pages ? '' : `+${newPages}`}`;
      return target === '' ? '' : `-> ${target}`;
    }
    case 'backing':
      return backing === 'anon' ? '' : `${backing}${pgoff ? `@${pgoff}` : ''}`;
    case 'pgoff':
      return pgoff && backing === 'anon' ? `pgoff=${pgoff}` : '';
    default: {
      const value = values[key];
      if (value === undefined) return '';
      return field.print ? field.print(value) : `${key}=${JSON.stringify(value)}`;
    }
  }
}
