import {
  array,
  boolean,
  type GenericSchema,
  literal,
  minLength,
  nonEmpty,
  optional,
  pipe,
  safeParse,
  strictObject,
  strictTuple,
  string,
  unknown,
} from 'valibot';
import type { JsonPath } from './jsonPosition.ts';
import { IN_PROCESS, isOpName, MAX_PAGES, mustBe, OPERATIONS, show, whole } from './operations.ts';
import { findAbsentProcess } from './processNames.ts';
import { ARENA_PAGES, type OpFields, type PageRange, type Scenario, type Window } from './scenario.ts';

/** What is wrong with a value that should be a scenario, and where in it. */
export interface ScenarioProblem {
  readonly path: JsonPath;
  readonly message: string;
}

/** Most pages all windows together may have: each is a letter of every state. */
const MAX_WINDOW_PAGES = 2 ** 20;

const windowParts = mustBe('[name, first page, pages]');
const windowList = mustBe('an array of [name, first page, pages]');
const tagList = mustBe('an array of strings');
const page = whole(0, MAX_PAGES, 'a page number');
const somePages = whole(1, MAX_PAGES, 'a number of pages');

/** A scenario's own fields; its operations are checked one by one. */
const SCENARIO = objectOf('a scenario', {
  id: pipe(string(mustBe('a string')), nonEmpty(mustBe('a string of some letters'))),
  tags: optional(array(string(tagList), tagList)),
  note: optional(string(mustBe('a string'))),
  windows: optional(
    pipe(array(strictTuple([string(windowParts), page, somePages], windowParts), windowList), minLength(1, windowList)),
  ),
  span: optional(somePages),
  reserve: optional(boolean(mustBe('true or false'))),
  ops: array(unknown(), mustBe('an array')),
} satisfies Readonly<Record<keyof Scenario, GenericSchema>>);

const SCHEMAS = new Map(
  Object.entries(OPERATIONS).map(([name, { fields }]) => {
    const entries = Object.entries(fields).map(([key, { schema }]) => [key, schema] as const);
    return [name, objectOf(name, { op: literal(name), in: IN_PROCESS, ...Object.fromEntries(entries) })];
  }),
);

/** Operations and fields that only format 2 has; what a file with one of them says is in format 2. */
const FORMAT2_FIELDS: ReadonlySet<string> = new Set(['anywhere', 'hint', 'stride', 'parentExits', 'in', 'as']);
const FORMAT2_OP = /^(uffd_|set_brk$|brk$|rlimit_stack$|fill_maps$|process_madvise$|truncate$|punch$|seal$)/;

/** Checks that a value is a scenario, down to every number. @returns `null` where it is one */
export function checkScenario(value: unknown): ScenarioProblem | null {
  const wrong = findProblem('a scenario', SCENARIO, value);
  if (wrong !== null) return wrong;
  const { windows = [], span = ARENA_PAGES, ops } = value as Scenario;
  const place = checkWindows(windows, span);
  if (place !== null) return place;
  for (const [index, op] of ops.entries()) {
    const problem = checkOp(op, span);
    if (problem !== null) return { path: ['ops', index, ...problem.path], message: problem.message };
  }
  const absent = findAbsentProcess(ops);
  return absent && { path: ['ops', absent.index, absent.field], message: absent.message };
}

/** Checks one operation, in an arena of `span` pages. @returns `null` where nothing is wrong */
export function checkOp(op: unknown, span: number): ScenarioProblem | null {
  if (!isObject(op)) return { path: [], message: `an operation is an object, not ${show(op)}` };
  const name = op.op;
  if (!isOpName(name)) {
    const known = Object.keys(OPERATIONS).join(', ');
    return { path: ['op'], message: `unknown operation ${show(name)}; there are ${known}` };
  }
  const wrong = findProblem(name, SCHEMAS.get(name) as GenericSchema, op);
  if (wrong !== null) return wrong;
  const { page } = op;
  if (name !== 'punch' && typeof page === 'number' && page >= span) {
    return { path: ['page'], message: `"page" of ${name} ${outside(page, span)}` };
  }
  if (name === 'mmap') return checkMmap(op as unknown as OpFields['mmap'], span);
  return name === 'process_madvise' ? checkRanges(op as unknown as OpFields['process_madvise'], span) : null;
}

function checkRanges({ ranges }: OpFields['process_madvise'], span: number): ScenarioProblem | null {
  const wrong = ranges.findIndex(([page]) => page >= span);
  if (wrong < 0) return null;
  const [page] = ranges[wrong] as PageRange;
  return { path: ['ranges', wrong], message: `a range of process_madvise ${outside(page, span)}` };
}

/** A mapping at a page has to lie in the arena: nothing outside it is looked at. */
function checkMmap({ page, pages, hint, anywhere }: OpFields['mmap'], span: number): ScenarioProblem | null {
  if (anywhere === true || hint !== undefined) return null;
  if (page === undefined) return { path: [], message: 'mmap needs "page", "hint" or "anywhere"' };
  const end = page + pages;
  if (end <= span) return null;
  return { path: ['pages'], message: `mmap of pages ${page} to ${end - 1} reaches past the arena's ${span} pages` };
}

function checkWindows(windows: readonly Window[], span: number): ScenarioProblem | null {
  let total = 0;
  for (const [index, [name, from, length]] of windows.entries()) {
    const problem = (at: readonly number[], what: string): ScenarioProblem => ({
      path: ['windows', index, ...at],
      message: `window "${name}" ${what}`,
    });
    if (from >= span) return problem([1], `begins at page ${from}: it ${outside(from, span)}`);
    if (from + length > span) return problem([2], `reaches past the arena's ${span} pages`);
    // States name windows as fields of an object, and this one is none.
    if (name === '__proto__') return problem([0], 'cannot have this name');
    const others = windows.slice(0, index);
    if (others.some(([other]) => other === name)) return problem([], 'has the name of another');
    const other = others.find(([, first, pages]) => first < from + length && from < first + pages);
    if (other !== undefined) return problem([], `overlaps window "${other[0]}"`);
    total += length;
    if (total > MAX_WINDOW_PAGES) {
      return { path: ['windows', index, 2], message: `the windows have more than ${MAX_WINDOW_PAGES} pages together` };
    }
  }
  return null;
}

function outside(page: number, span: number): string {
  return `must be a page of the arena, 0 to ${span - 1}, not ${page}`;
}

/** A schema of an object with these fields and no others. */
function objectOf(what: string, fields: Readonly<Record<string, GenericSchema>>): GenericSchema {
  const known = Object.keys(fields).filter((key) => key !== 'op' && key !== 'in');
  return strictObject(fields, ({ expected, input }) =>
    expected === 'never'
      ? `${what} has no field ${show(input)}; it has ${known.join(', ')}`
      : `${what} needs ${expected}`,
  );
}

/** The first thing that is wrong with an object; a field that it should not have comes before all others. */
export function findProblem(what: string, schema: GenericSchema, value: unknown): ScenarioProblem | null {
  if (!isObject(value)) return { path: [], message: `${what} is an object, not ${show(value)}` };
  const { issues = [] } = safeParse(schema, value);
  const ofKeys = issues.filter(({ type }) => type === 'strict_object' || type === 'loose_object');
  const issue = ofKeys.find(({ expected }) => expected === 'never') ?? issues[0];
  if (issue === undefined) return null;
  const path = issue.path?.map(({ key }) => key as string | number) ?? [];
  if (ofKeys.includes(issue)) return { path, message: issue.message };
  return { path, message: `${nameOf(what, path, value)} ${issue.message}` };
}

/** What a message calls the field at a path. */
function nameOf(what: string, [key, index, part]: JsonPath, value: Record<string, unknown>): string {
  if (index === undefined || key !== 'windows') return isOpName(what) ? `"${key}" of ${what}` : `"${key}"`;
  const window = (value.windows as unknown[])[index as number];
  const name = Array.isArray(window) && typeof window[0] === 'string' ? `window "${window[0]}"` : `window ${index}`;
  return part === 1 ? `the first page of ${name}` : part === 2 ? `the length of ${name}` : name;
}

/** True where the scenario uses something that only format 2 has. Precondition: {@link checkScenario} found nothing. */
export function usesFormat2(scenario: Scenario): boolean {
  if (scenario.windows !== undefined || scenario.span !== undefined || scenario.reserve !== undefined) return true;
  return scenario.ops.some((op) => FORMAT2_OP.test(op.op) || Object.keys(op).some((key) => FORMAT2_FIELDS.has(key)));
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
