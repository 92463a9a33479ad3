import { isDeepStrictEqual } from 'node:util';
import type { PerWindow, StateRecord, StepRecord } from 'fork-sim';

/** Index of the first step that is not the same in every field, or -1. */
export function firstDifference(expected: readonly StepRecord[], actual: readonly StepRecord[]): number {
  const at = expected.findIndex((step, i) => !isDeepStrictEqual(actual[i], step));
  return at < 0 && actual.length > expected.length ? expected.length : at;
}

/**
 * The first step that differs, both states one under the other; `null` where nothing differs.
 *
 *   step 2: {"op":"mprotect","page":14,"pages":4,"prot":"rw"}
 *   kernel  ok
 *     10  AAAAAAAA    [10,18) rw-p anon+0 "rd wr mr mw me ac"
 *     10  A...A...
 *   model   ok
 *     10  AAAABBBB    ...
 */
export function drawDifference(
  expected: readonly StepRecord[],
  actual: readonly StepRecord[],
  names: readonly [string, string] = ['kernel', 'model'],
): string | null {
  const at = firstDifference(expected, actual);
  if (at < 0) return null;
  const [want, got] = [expected[at], actual[at]];
  if (want === undefined || got === undefined)
    return `step ${at}: ${want === undefined ? names[0] : names[1]} has none`;
  const lines = [`step ${at}: ${JSON.stringify(want.op)}`];
  if (at > 0) lines.push('before it', ...drawRecord(expected[at - 1] as StepRecord));
  lines.push(names[0], ...drawRecord(want), names[1], ...drawRecord(got), 'fields that differ');
  for (const key of new Set([...Object.keys(want), ...Object.keys(got)])) {
    const [a, b] = [want[key as keyof StepRecord], got[key as keyof StepRecord]];
    if (!isDeepStrictEqual(a, b)) lines.push(`  ${key}: ${JSON.stringify(a)} is ${JSON.stringify(b)}`);
  }
  return lines.join('\n');
}

/** Two states side by side: what is left of them is the first's. */
export function sideBySide(left: readonly string[], right: readonly string[]): string {
  const width = Math.max(...left.map(({ length }) => length));
  const rows = Math.max(left.length, right.length);
  const pad = (line: string | undefined): string => (line ?? '').padEnd(width);
  return Array.from({ length: rows }, (_, i) => `${pad(left[i])}  |  ${right[i] ?? ''}`.trimEnd()).join('\n');
}

/** A step's result and state, drawn; a fork's child below its parent. */
export function drawRecord(step: StepRecord): string[] {
  const { res, at, faults, vals, child } = step;
  const said = [res, at === undefined ? '' : `at ${at}`, faults ?? '', vals === undefined ? '' : JSON.stringify(vals)];
  const lines = [`  ${said.filter((word) => word !== '').join(' ')}`, ...drawState(step)];
  return child === undefined ? lines : [...lines, '  child', ...drawState(child)];
}

/** A state: a row of VMAs, a letter each, the row of their pages, and a line a VMA. */
function drawState(state: StateRecord): string[] {
  const { vmas, pages, pt } = state;
  const first = vmas[0]?.[0] ?? 0;
  const lines: string[] = [];
  const end = vmas.at(-1)?.[1] ?? 0;
  if (typeof pages === 'string' && end - first <= 64) {
    const row = Array.from({ length: end - first }, (_, i) => letterAt(state, first + i)).join('');
    lines.push(`  ${first}  ${row}`, `  ${first}  ${pages.slice(first, end)}`);
  } else lines.push(...windows(pages));
  for (const [i, [from, to, perms, pgoff, backing, flags]] of vmas.entries()) {
    lines.push(`  ${letter(i)} [${from},${to}) ${perms} ${backing}+${pgoff} "${flags}"`);
  }
  return pt === undefined ? lines : [...lines, `  tables ${pt} kB`];
}

function windows(pages: PerWindow): string[] {
  return Object.entries(typeof pages === 'string' ? { pages } : pages).map(([name, row]) => `  ${name} "${row}"`);
}

function letterAt({ vmas }: StateRecord, page: number): string {
  const i = vmas.findIndex(([from, to]) => from <= page && page < to);
  return i < 0 ? '.' : letter(i);
}

function letter(i: number): string {
  return String.fromCharCode(65 + (i % 26));
}
