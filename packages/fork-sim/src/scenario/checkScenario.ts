import { MADV } from 'vma-core';
import type { JsonPath } from './jsonPosition.ts';
import { ARENA_PAGES, type OpName, type Scenario } from './scenario.ts';

/** What is wrong with a value that should be a scenario, and where in it. */
export interface ScenarioProblem {
  readonly path: JsonPath;
  readonly message: string;
}

/** Pages from the arena's base to the end of user space: no number of pages is larger. */
const MAX_PAGES = 2 ** 34;
/** Most pages one touch may take: each is an access of its own. */
const MAX_TOUCHED = 2 ** 20;
/** Most pages all windows together may have: each is a letter of every state. */
const MAX_WINDOW_PAGES = 2 ** 20;

/** Checks one field's value; `null`: nothing wrong. */
type Check = (value: unknown, span: number) => string | null;

interface Field {
  readonly check: Check;
  readonly required: boolean;
}

const needed = (check: Check): Field => ({ check, required: true });
const may = (check: Check): Field => ({ check, required: false });

/** A whole number in a range; says what kind of number it got instead. */
function whole(min: number, max: number, what: string): Check {
  return (value) => {
    if (typeof value !== 'number') return `must be ${what}, not ${show(value)}`;
    if (!Number.isFinite(value) || !Number.isInteger(value)) return `must be a whole number, not ${show(value)}`;
    if (value < min || value > max) return `must be ${what} from ${min} to ${max}, not ${value}`;
    return null;
  };
}

function oneOf(...names: readonly string[]): Check {
  return (value) => (names.includes(value as string) ? null : `must be one of ${names.join(', ')}; not ${show(value)}`);
}

const page: Check = (value, span) => {
  const wrong = whole(0, MAX_PAGES, 'a page number')(value, span);
  if (wrong !== null) return wrong;
  return (value as number) < span ? null : `must be a page of the arena, 0 to ${span - 1}, not ${show(value)}`;
};
const pages = whole(0, MAX_PAGES, 'a number of pages');
const somePages = whole(1, MAX_PAGES, 'a number of pages');
const flag: Check = (value) => (typeof value === 'boolean' ? null : `must be true or false, not ${show(value)}`);
const text: Check = (value) => (typeof value === 'string' ? null : `must be a string, not ${show(value)}`);
const prot: Check = (value) =>
  typeof value === 'string' && /^(none|[rwx]{1,3})$/.test(value)
    ? null
    : `must be "none" or letters of "rwx", not ${show(value)}`;
const advice: Check = (value) => {
  if (typeof value === 'string' && Object.hasOwn(MADV, value)) return null;
  return `must be the name of an advice without MADV_ (DONTNEED, GUARD_INSTALL, ...), not ${show(value)}`;
};

const range = { page: needed(page), pages: needed(pages) };
const uffd = {
  uffd: may(whole(0, 3, 'the number of a userfaultfd')),
  eventFork: may(flag),
  eventRemap: may(flag),
  unpopulated: may(flag),
  async: may(flag),
  rwp: may(flag),
};

/** The fields of each operation; FORMAT.md and FORMAT2.md say what they mean. */
const FIELDS: Readonly<Record<OpName, Readonly<Record<string, Field>>>> = {
  mmap: {
    page: may(page),
    pages: needed(somePages),
    prot: needed(prot),
    backing: may(oneOf('anon', 'file0', 'file1', 'file0b', 'sysv')),
    pgoff: may(whole(0, 2 ** 51, 'an offset in pages')),
    shared: may(flag),
    noreserve: may(flag),
    locked: may(flag),
    populate: may(flag),
    growsdown: may(flag),
    stack: may(flag),
    droppable: may(flag),
    noreplace: may(flag),
    anywhere: may(flag),
    hint: may(whole(-MAX_PAGES / 2, MAX_PAGES, 'a page number')),
  },
  munmap: range,
  mlock: range,
  mlock2: range,
  munlock: range,
  mseal: range,
  mprotect: { ...range, prot: needed(prot) },
  madvise: { ...range, advice: needed(advice) },
  mremap: {
    ...range,
    newPages: needed(pages),
    newPage: may(whole(0, MAX_PAGES, 'a page number')),
    mayMove: may(flag),
    dontUnmap: may(flag),
  },
  setname: { ...range, name: may(text) },
  touch: {
    page: needed(page),
    pages: may(whole(0, MAX_TOUCHED, 'a number of pages')),
    stride: may(whole(1, MAX_PAGES, 'a distance in pages')),
    access: needed(oneOf('read', 'write')),
  },
  clear_refs: { value: needed(whole(1, 5, 'what is written to clear_refs')) },
  fork: { continueIn: may(oneOf('child')), childLives: may(flag), parentExits: may(flag) },
  uffd_register: { ...range, ...uffd, mode: needed(oneOf('wp', 'missing', 'wp+missing', 'rwp')) },
  uffd_unregister: { ...range, ...uffd },
  uffd_wp: { ...range, ...uffd, on: needed(flag) },
  uffd_rwp: { ...range, ...uffd, on: needed(flag) },
  uffd_copy: { ...range, ...uffd, wp: may(flag) },
  uffd_zero: { ...range, ...uffd, wp: may(flag) },
  uffd_close: uffd,
  set_brk: { page: needed(page) },
  brk: { page: needed(page), bytes: may(whole(0, 2 ** 47, 'a number of bytes')) },
  rlimit_stack: { pages: needed(pages) },
  fill_maps: { slack: needed(whole(-1, 1000, 'a number of VMAs')) },
};

const SCENARIO_KEYS: ReadonlySet<string> = new Set(['id', 'tags', 'note', 'ops', 'windows', 'span', 'reserve']);

/** Operations and fields that only format 2 has; what a file with one of them says is in format 2. */
const FORMAT2_FIELDS: ReadonlySet<string> = new Set(['anywhere', 'hint', 'stride', 'parentExits']);
const FORMAT2_OP = /^(uffd_|set_brk$|brk$|rlimit_stack$|fill_maps$)/;

/** Checks that a parsed JSON value is a scenario, down to every number. @returns `null` where it is one */
export function checkScenario(value: unknown): ScenarioProblem | null {
  if (!isObject(value)) return { path: [], message: `a scenario is an object, not ${show(value)}` };
  for (const key of Object.keys(value)) {
    if (!SCENARIO_KEYS.has(key)) return { path: [key], message: `a scenario has no field "${key}"` };
  }
  if (typeof value.id !== 'string' || value.id === '') {
    return { path: 'id' in value ? ['id'] : [], message: 'a scenario has an "id", a string' };
  }
  const header = checkHeader(value);
  if (header !== null) return header;
  if (!Array.isArray(value.ops)) {
    return { path: 'ops' in value ? ['ops'] : [], message: `scenario "${value.id}" has "ops", an array` };
  }
  const span = (value.span as number | undefined) ?? ARENA_PAGES;
  for (const [index, op] of value.ops.entries()) {
    const problem = checkOp(op, span);
    if (problem !== null) return { path: ['ops', index, ...problem.path], message: problem.message };
  }
  return null;
}

/** Checks one operation, in an arena of `span` pages. @returns `null` where nothing is wrong */
export function checkOp(op: unknown, span: number): ScenarioProblem | null {
  if (!isObject(op)) return { path: [], message: `an operation is an object, not ${show(op)}` };
  if (typeof op.op !== 'string' || !Object.hasOwn(FIELDS, op.op)) {
    const known = Object.keys(FIELDS).join(', ');
    return { path: 'op' in op ? ['op'] : [], message: `unknown operation ${show(op.op)}; there are ${known}` };
  }
  const fields = FIELDS[op.op as OpName];
  for (const [key, value] of Object.entries(op)) {
    if (key === 'op') continue;
    const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (field === undefined) {
      const known = Object.keys(fields).join(', ');
      return { path: [key], message: `${op.op} has no field "${key}"; it has ${known}` };
    }
    const wrong = field.check(value, span);
    if (wrong !== null) return { path: [key], message: `"${key}" of ${op.op} ${wrong}` };
  }
  for (const [key, field] of Object.entries(fields)) {
    if (field.required && !(key in op)) return { path: [], message: `${op.op} needs "${key}"` };
  }
  return op.op === 'mmap' ? checkMmap(op, span) : null;
}

/** A mapping at a page has to lie in the arena: nothing outside it is looked at. */
function checkMmap(op: Record<string, unknown>, span: number): ScenarioProblem | null {
  if (op.anywhere === true || op.hint !== undefined) return null;
  if (op.page === undefined) return { path: [], message: 'mmap needs "page", "hint" or "anywhere"' };
  const end = (op.page as number) + (op.pages as number);
  if (end <= span) return null;
  return {
    path: ['pages'],
    message: `mmap of pages ${show(op.page)} to ${end - 1} reaches past the arena's ${span} pages`,
  };
}

function checkHeader(value: Record<string, unknown>): ScenarioProblem | null {
  const { tags, note, span, reserve, windows } = value;
  if (tags !== undefined && !(Array.isArray(tags) && tags.every((tag) => typeof tag === 'string'))) {
    return { path: ['tags'], message: '"tags" must be an array of strings' };
  }
  if (note !== undefined && typeof note !== 'string') return { path: ['note'], message: '"note" must be a string' };
  if (reserve !== undefined && typeof reserve !== 'boolean') {
    return { path: ['reserve'], message: '"reserve" must be true or false' };
  }
  if (span !== undefined) {
    const wrong = whole(1, MAX_PAGES, 'a number of pages')(span, 0);
    if (wrong !== null) return { path: ['span'], message: `"span" ${wrong}` };
  }
  return windows === undefined ? null : checkWindows(windows, (span as number | undefined) ?? ARENA_PAGES);
}

function checkWindows(windows: unknown, span: number): ScenarioProblem | null {
  if (!Array.isArray(windows) || windows.length === 0) {
    return { path: ['windows'], message: '"windows" must be an array of [name, first page, pages]' };
  }
  const seen: { name: string; from: number; to: number }[] = [];
  let total = 0;
  for (const [index, window] of windows.entries()) {
    const at = (...rest: (string | number)[]): JsonPath => ['windows', index, ...rest];
    if (!Array.isArray(window) || window.length !== 3 || typeof window[0] !== 'string') {
      return { path: at(), message: 'a window is [name, first page, pages]' };
    }
    const [name, from, length] = window as [string, unknown, unknown];
    const wrongPage = page(from, span);
    if (wrongPage !== null) return { path: at(1), message: `the first page of window "${name}" ${wrongPage}` };
    const wrongLength = somePages(length, span);
    if (wrongLength !== null) return { path: at(2), message: `the length of window "${name}" ${wrongLength}` };
    const to = (from as number) + (length as number);
    if (to > span) return { path: at(2), message: `window "${name}" reaches past the arena's ${span} pages` };
    const other = seen.find((one) => one.name === name || (one.from < to && (from as number) < one.to));
    if (other !== undefined) {
      const how = other.name === name ? 'has the name of another' : `overlaps window "${other.name}"`;
      return { path: at(), message: `window "${name}" ${how}` };
    }
    seen.push({ name, from: from as number, to });
    total += length as number;
    if (total > MAX_WINDOW_PAGES) {
      return { path: at(2), message: `the windows have more than ${MAX_WINDOW_PAGES} pages together` };
    }
  }
  return null;
}

/** True where the scenario uses something that only format 2 has. Precondition: {@link checkScenario} found nothing. */
export function usesFormat2(scenario: Scenario): boolean {
  if (scenario.windows !== undefined || scenario.span !== undefined || scenario.reserve !== undefined) return true;
  return scenario.ops.some((op) => FORMAT2_OP.test(op.op) || Object.keys(op).some((key) => FORMAT2_FIELDS.has(key)));
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value as an error message shows it: short. */
function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number') return String(value);
  const json = JSON.stringify(value);
  return json.length > 40 ? `${json.slice(0, 37)}...` : json;
}
