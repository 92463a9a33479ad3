import {
  array,
  boolean,
  type GenericSchema,
  integer,
  maxLength,
  maxValue,
  minLength,
  minValue,
  number,
  optional,
  picklist,
  pipe,
  regex,
  strictTuple,
  string,
} from 'valibot';
import { MADV } from 'vma-core';
import type { OpFields, OpName, PageRange } from './scenario.ts';

/** A field of an operation: which values it may have, and the word that stands for a value in the notation, if one does. */
export interface Field<T> {
  readonly schema: GenericSchema<unknown, T>;
  /** The value that a word stands for; `undefined`: the word says nothing of this field. A field without it is written `key=value`. */
  read?(word: string): T | undefined;
  /** The value with what a further word adds to it; `undefined`: the word adds nothing. */
  more?(value: T, word: string): T | undefined;
  /** The word for a value; empty where none is needed. */
  print?(value: T): string;
  /** Words that an editor offers. */
  readonly words?: readonly string[];
}

/** What a reader is told of an operation of the notation. */
export interface OpHelp {
  /** The form, with optional parts in brackets. */
  readonly form: string;
  readonly says: string;
}

/** An operation as checks, the notation and its help know it. */
export interface Operation extends OpHelp {
  readonly fields: Readonly<Record<string, Field<unknown>>>;
  /** Fields that a line need not say, and what they are then. */
  readonly defaults?: Readonly<Record<string, unknown>>;
}

/** Pages from the arena's base to the end of user space: no number of pages is larger. */
export const MAX_PAGES: number = 2 ** 34;
/** Most pages of a file. */
const MAX_FILE = 2 ** 16;
/** Most pages one touch may take: each is an access of its own. */
const MAX_TOUCHED = 2 ** 20;

/** A value as an error message shows it: short. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number') return String(value);
  const json = toJson(value);
  return json.length > 40 ? `${json.slice(0, 37)}...` : json;
}

/** JSON of a value that came from JSON, which may be nested deeper than the platform's stack allows to write it. */
function toJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return Array.isArray(value) ? '[...]' : '{...}';
  }
}

/** The message for a value that is not what it must be. */
export function mustBe(what: string): (issue: { readonly input: unknown }) => string {
  return ({ input }) => `must be ${what}, not ${show(input)}`;
}

/** A whole number in a range; `what` names it in messages. */
export function whole(min: number, max: number, what: string): GenericSchema<unknown, number> {
  const inRange = mustBe(`${what} from ${min} to ${max}`);
  return pipe(number(mustBe(what)), integer(mustBe('a whole number')), minValue(min, inRange), maxValue(max, inRange));
}

const PROT = /^(none|[rwx]{1,3})$/;
const truth = boolean(mustBe('true or false'));

const field = <T>(schema: GenericSchema<unknown, T>): Field<T> => ({ schema });
/** A field that an operation may lack. */
const may = <T>({ schema, ...rest }: Field<T>): Field<T | undefined> => ({ ...rest, schema: optional(schema) });
/** A number that a line gives without saying which. */
const counted = (min: number, max: number, what: string): Field<number> => ({
  schema: whole(min, max, what),
  read: (word) => (/^-?\d+$/.test(word) ? Number(word) : undefined),
  print: String,
});

function oneOf<const Name extends string>(...names: readonly Name[]): Field<Name> {
  return {
    schema: picklist(names, ({ input }) => `must be one of ${names.join(', ')}; not ${show(input)}`),
    read: (word) => names.find((name) => name === word),
    print: String,
    words: names,
  };
}

/** A field that is true where its name stands in the line. */
const flag = (name: string): Field<boolean | undefined> => ({
  schema: optional(truth),
  read: (word) => (word === name ? true : undefined),
  print: (value) => (value ? name : ''),
  words: [name],
});

/** Fields that are {@link flag}s. */
function flags<const Name extends string>(
  ...names: readonly Name[]
): Readonly<Record<Name, Field<boolean | undefined>>> {
  return Object.fromEntries(names.map((name) => [name, flag(name)])) as Record<Name, Field<boolean | undefined>>;
}

const prot: Field<string> = {
  schema: pipe(string(mustBe('"none" or letters of "rwx"')), regex(PROT, mustBe('"none" or letters of "rwx"'))),
  read: (word) => (PROT.test(word) ? word : undefined),
  print: String,
  words: ['r', 'rw', 'none', 'rx'],
};
const onOff: Field<boolean> = {
  schema: truth,
  read: (word) => (word === 'on' || word === 'off' ? word === 'on' : undefined),
  print: (value) => (value ? 'on' : 'off'),
  words: ['on', 'off'],
};

type AdviceName = OpFields['madvise']['advice'];
const ADVICE = Object.keys(MADV) as AdviceName[];
const advice: Field<AdviceName> = {
  schema: picklist(ADVICE, mustBe('the name of an advice without MADV_ (DONTNEED, GUARD_INSTALL, ...)')),
  read: (word) => ADVICE.find((name) => name === word.replace(/^MADV_/, '')),
  print: String,
  words: ADVICE,
};
/** Any word; what would end a word, or a line, is written as `%23`. `""`: a name of no letters. */
const name: Field<string> = {
  schema: string(mustBe('a string')),
  read: (word) =>
    word === '""' ? '' : word.replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16))),
  print: (value) =>
    value === ''
      ? '""'
      : value.replace(/[\s#;%">\p{Cc}]/gu, (char) => `%${char.charCodeAt(0).toString(16).padStart(2, '0')}`),
};

/** The name of a process: the first is `parent`, a child that has no other name is `child`. */
const PROCESS_NAME: RegExp = /^[a-z]\w*$/;
const processName = pipe(
  string(mustBe('a name: a lower-case letter, then letters or digits')),
  regex(PROCESS_NAME, mustBe('a name: a lower-case letter, then letters or digits')),
);
/** The field that every operation may have. */
export const IN_PROCESS: GenericSchema<unknown, string | undefined> = optional(processName);
const as: Field<string | undefined> = {
  schema: optional(processName),
  read: (word) => /^as=([a-z]\w*)$/.exec(word)?.[1],
  print: (value) => (value === undefined ? '' : `as=${value}`),
  words: ['as='],
};

const page = field(whole(0, MAX_PAGES, 'a page number'));
const pages = field(whole(0, MAX_PAGES, 'a number of pages'));
const somePages = field(whole(1, MAX_PAGES, 'a number of pages'));
const onePage = counted(0, MAX_PAGES, 'a page number');
const range = { page, pages };
/** Most ranges of a vector. */
const MAX_RANGES = 64;
const rangeParts = mustBe('[first page, pages]');
const rangeList = mustBe(`ranges of pages, 1 to ${MAX_RANGES}`);
/** Ranges of pages as a line has them. */
export function formatRanges(all: readonly PageRange[]): string {
  return all.map(([first, count]) => (count === 1 ? `${first}` : `${first}+${count}`)).join(' ');
}

/** The ranges of a vector, a word each. */
const ranges: Field<readonly PageRange[]> = {
  schema: pipe(
    array(strictTuple([page.schema, pages.schema], rangeParts), rangeList),
    minLength(1, rangeList),
    maxLength(MAX_RANGES, rangeList),
  ),
  read(word) {
    const [, first, count = '1'] = /^(\d+)(?:\+(\d+))?$/.exec(word) ?? [];
    return first === undefined ? undefined : [[Number(first), Number(count)]];
  },
  more(all, word) {
    const one = ranges.read?.(word);
    return one && [...all, ...one];
  },
  print: formatRanges,
};
/** The name of another process. */
const of: Field<string | undefined> = {
  schema: optional(processName),
  read: (word) => /^of=([a-z]\w*)$/.exec(word)?.[1],
  print: (value) => (value === undefined ? '' : `of=${value}`),
  words: ['of='],
};
const uffd = {
  uffd: may(field(whole(0, 3, 'the number of a userfaultfd'))),
  ...flags('eventFork', 'eventRemap', 'unpopulated', 'async', 'rwp'),
};

type FieldsOf<Name extends OpName> = {
  readonly [Key in keyof OpFields[Name]]-?: Field<OpFields[Name][Key]>;
};

/** Every operation there is, in the order in which help lists them: the one place that says what it takes and how it is written. */
export const OPERATIONS: { readonly [Name in OpName]: Operation & { readonly fields: FieldsOf<Name> } } = {
  mmap: {
    form: 'mmap 4+8 rw [file0@2] [shared] [noreserve] ...',
    says: 'Maps pages. Protection: none, r, rw, rx. Backing: anonymous, or a file and the page it begins with. file0b: file0 opened again; file0r: opened for reading alone; memfd0: a memfd.',
    fields: {
      page: may(page),
      pages: somePages,
      prot,
      backing: {
        ...may(oneOf('anon', 'file0', 'file1', 'file0b', 'file0r', 'memfd0', 'sysv')),
        words: ['file0@', 'file1@', 'file0b@', 'file0r@', 'memfd0@'],
      },
      pgoff: may(field(whole(0, 2 ** 51, 'an offset in pages'))),
      ...flags('shared', 'noreserve', 'locked', 'populate', 'growsdown', 'stack', 'droppable', 'noreplace', 'anywhere'),
      hint: may(field(whole(-MAX_PAGES / 2, MAX_PAGES, 'a page number'))),
    },
    defaults: { prot: 'rw' },
  },
  munmap: { form: 'munmap 6+2', says: 'Unmaps pages; a VMA that is cut through becomes two.', fields: range },
  mprotect: {
    form: 'mprotect 6+2 r',
    says: 'Changes the protection; splits and merges VMAs as needed.',
    fields: { ...range, prot },
  },
  madvise: {
    form: 'madvise 6+2 DONTNEED',
    says: 'Gives any advice by its name, with or without MADV_.',
    fields: { ...range, advice },
  },
  process_madvise: {
    form: 'process_madvise 4+2 8 12+4 COLD [of=parent]',
    says: 'Gives advice for several ranges, one after the other, and stops at the first that is refused: done says how many pages it came to. of=parent: for the memory of another process.',
    fields: { ranges, advice, of },
  },
  touch: {
    form: 'touch 4+8 write [stride=2]',
    says: 'The program reads from or writes to each page, or every second one, third, ...',
    fields: {
      page,
      pages: may(field(whole(0, MAX_TOUCHED, 'a number of pages'))),
      stride: may(field(whole(1, MAX_PAGES, 'a distance in pages'))),
      access: oneOf('read', 'write'),
    },
  },
  fork: {
    form: 'fork [child] [as=kid] [childLives] [parentExits]',
    says: 'Makes a child, which exits at once. child: the story goes on in it. as=kid: it stays, under that name. childLives: it stays.',
    fields: { continueIn: may(oneOf('child')), as, ...flags('childLives', 'parentExits') },
  },
  mremap: {
    form: 'mremap 10+4 -> 20+8 [mayMove] [dontUnmap]',
    says: 'Moves, grows or shrinks a mapping.',
    fields: { ...range, newPage: may(page), newPages: pages, ...flags('mayMove', 'dontUnmap') },
  },
  mlock: { form: 'mlock 4+8', says: 'Locks pages in memory, and faults them in.', fields: range },
  mlock2: { form: 'mlock2 4+8', says: 'Locks pages as they are faulted in (MLOCK_ONFAULT).', fields: range },
  munlock: { form: 'munlock 4+8', says: 'Undoes mlock.', fields: range },
  mseal: { form: 'mseal 4+8', says: 'Seals: no unmap, no move, no new protection from now on.', fields: range },
  setname: {
    form: 'setname 4+8 [heap]',
    says: 'Names anonymous memory, or takes the name away (PR_SET_VMA_ANON_NAME).',
    fields: { ...range, name: may(name) },
  },
  clear_refs: {
    form: 'clear_refs [4]',
    says: 'Writes to /proc/self/clear_refs; 4 clears the soft-dirty bits, as CRIU does.',
    fields: { value: counted(1, 5, 'the number written to clear_refs') },
    defaults: { value: 4 },
  },
  uffd_register: {
    form: 'uffd_register 4+8 [wp|missing|wp+missing] [eventFork] ...',
    says: 'Registers pages with a userfaultfd.',
    fields: { ...range, mode: oneOf('wp', 'missing', 'wp+missing', 'rwp'), ...uffd },
    defaults: { mode: 'wp' },
  },
  uffd_unregister: { form: 'uffd_unregister 4+8', says: 'Undoes uffd_register.', fields: { ...range, ...uffd } },
  uffd_wp: {
    form: 'uffd_wp 4+8 [on|off]',
    says: 'Write-protects pages by userfaultfd, or lifts it.',
    fields: { ...range, on: onOff, ...uffd },
    defaults: { on: true },
  },
  uffd_rwp: {
    form: 'uffd_rwp 4+8 [on|off]',
    says: 'Protects pages from reads too (7.3), or lifts it.',
    fields: { ...range, on: onOff, ...uffd },
    defaults: { on: true },
  },
  uffd_copy: {
    form: 'uffd_copy 4+8 [wp]',
    says: 'Fills missing pages, write-protected with wp.',
    fields: { ...range, ...flags('wp'), ...uffd },
  },
  uffd_zero: {
    form: 'uffd_zero 4+8',
    says: 'Maps the zero page where pages are missing.',
    fields: { ...range, ...flags('wp'), ...uffd },
  },
  uffd_close: { form: 'uffd_close [uffd=1]', says: 'Closes a userfaultfd.', fields: uffd },
  set_brk: { form: 'set_brk 40', says: 'Lets the heap begin at a page.', fields: { page: onePage } },
  brk: {
    form: 'brk 44 [bytes=100]',
    says: 'Moves the end of the heap.',
    fields: { page: onePage, bytes: may(field(whole(0, 2 ** 47, 'a number of bytes'))) },
  },
  rlimit_stack: {
    form: 'rlimit_stack 8',
    says: 'Sets the most pages that a stack may grow to.',
    fields: { pages: counted(0, MAX_PAGES, 'a number of pages') },
  },
  truncate: {
    form: 'truncate file0 8',
    says: 'Changes the size of a file, in pages (ftruncate). Pages beyond the new end are unmapped, private copies too.',
    fields: { file: oneOf('file0', 'file1', 'file0b', 'memfd0'), size: counted(0, MAX_FILE, 'a number of pages') },
  },
  punch: {
    form: 'punch file0 4+2',
    says: 'Punches pages out of a file (fallocate): they are unmapped, but for private copies, and read as zeros. The pages are those of the file.',
    fields: {
      file: oneOf('file0', 'file1', 'file0b', 'memfd0'),
      page: field(whole(0, MAX_FILE, 'a page of the file')),
      pages: somePages,
    },
  },
  seal: {
    form: 'seal memfd0 [write]',
    says: 'Seals a memfd: from now on no shared mapping of it may be writable, or become so; those that are there stay (F_SEAL_FUTURE_WRITE). write: fails with EBUSY where there is one (F_SEAL_WRITE).',
    fields: { file: oneOf('memfd0'), by: may(oneOf('write', 'future')) },
  },
  fill_maps: {
    form: 'fill_maps 2',
    says: 'Maps single pages far away, until this number of VMAs is left below vm.max_map_count.',
    fields: { slack: counted(-1, 1000, 'a number of VMAs') },
    defaults: { slack: 0 },
  },
};

/** True for the name of an operation. */
export function isOpName(text: unknown): text is OpName {
  return typeof text === 'string' && Object.hasOwn(OPERATIONS, text);
}
