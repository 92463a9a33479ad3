import { type Op, type RunOptions, runScenario, type Scenario, type StateRecord, type StepRecord } from 'fork-sim';
import { expect } from 'vitest';
import { type KernelProfile, kernelProfile } from 'vma-core';
import { sideBySide } from './drawDifference.ts';

/** What a story may set besides its operations. */
export interface StoryOptions extends Pick<Scenario, 'span' | 'windows' | 'reserve'> {
  /** A profile or its name. Default `6.19`. */
  readonly profile?: KernelProfile | string;
  /** Default false: `sd` would be on every line. */
  readonly softDirty?: boolean;
  readonly faultAroundPages?: number;
}

/** The steps of some operations, in format 2. */
export function steps(ops: readonly Op[], options: StoryOptions = {}): StepRecord[] {
  const { profile = '6.19', softDirty = false, faultAroundPages = 1, ...scenario } = options;
  const run: RunOptions = { profile, softDirty, faultAroundPages, format: 2 };
  return runScenario({ id: 'story', ops, ...scenario }, run);
}

/** The last step of some operations. */
export function last(ops: readonly Op[], options?: StoryOptions): StepRecord {
  return steps(ops, options).at(-1) as StepRecord;
}

/** The letters of pages `[from, to)`, as in FORMAT.md; empty where there is no such state. */
export function pagesOf(state: StateRecord | undefined, from: number, to: number): string {
  return typeof state?.pages === 'string' ? state.pages.slice(from, to) : '';
}

/** The results, one a step. */
export function results(ops: readonly Op[], options?: StoryOptions): string[] {
  return steps(ops, options).map(({ res }) => res);
}

/**
 * Operations and the state after each, one line a step: the VMAs (a letter each), their pages (as in FORMAT.md), a `w` for each
 * page with a write-protect bit, page tables in kB; at the end a line for each VMA.
 *
 *   mmap 10+4 rw = ok              AAAA  ....        0 kB
 *   touch 11 write = ok            AAAA  .A..       12 kB
 */
export function story(ops: readonly Op[], options?: StoryOptions): string {
  return `\n${told(steps(ops, options)).join('\n')}\n`;
}

/**
 * What differs between two kernels, side by side, after checking that it rests on `fields`: the first profile with only
 * these fields of the second behaves as the second.
 */
export function difference(
  fields: readonly (keyof KernelProfile)[],
  [from, to]: readonly [string, string],
  ops: readonly Op[],
  options: StoryOptions = {},
): string {
  const other = kernelProfile(to);
  const changes = Object.fromEntries(fields.map((field) => [field, other[field]]));
  const derived: KernelProfile = { ...kernelProfile(from), ...changes, name: 'derived' };
  const [left, right, rests] = [from, to, derived].map((profile) => steps(ops, { ...options, profile }));
  expect(left).not.toEqual(right);
  expect(rests, `${fields.join(', ')} alone do not make ${from} behave as ${to}`).toEqual(right);
  const [a, b] = [told(left as StepRecord[]), told(right as StepRecord[])];
  return `\n${sideBySide([from, ...a], [to, ...b])}\n`;
}

function told(all: readonly StepRecord[]): string[] {
  const from = Math.min(...all.flatMap(({ vmas }) => vmas.map(([start]) => start)), 2 ** 40);
  const heads = all.map((step) => `${text(step.op)} = ${said(step)}`);
  const width = Math.max(...heads.map(({ length }) => length));
  const lines = all.flatMap((step, i) => [
    `${(heads[i] as string).padEnd(width)}  ${drawn(step, from)}`,
    ...(step.child === undefined ? [] : [`${'  child'.padEnd(width)}  ${drawn(step.child, from)}`]),
  ]);
  const state = all.at(-1) as StepRecord;
  return [...lines, ...flagsOf(state), ...(state.child === undefined ? [] : ['child', ...flagsOf(state.child)])];
}

function said({ res, at, faults, vals, done }: StepRecord): string {
  const more = [
    faults,
    vals === undefined ? undefined : vals.join(','),
    done === undefined ? undefined : `${done} done`,
  ];
  const landed = at === undefined ? [] : [`at ${at}`];
  return [res, ...landed, ...more.filter((word) => word !== undefined)].join(' ');
}

/** An operation in the order of its fields: `mmap 10+4 rw file0@10 shared`. */
function text({ op, ...fields }: Op): string {
  const { page, pages, prot, pgoff, newPage, newPages, ...rest } = fields as Record<string, string | number | boolean>;
  const words: string[] = [op];
  if (page !== undefined) words.push(pages === undefined ? `${page}` : `${page}+${pages}`);
  else if (pages !== undefined) words.push(`${pages}`);
  if (newPages !== undefined) words.push(newPage === undefined ? `to ${newPages}` : `-> ${newPage}+${newPages}`);
  if (prot !== undefined) words.push(String(prot));
  for (const [name, value] of Object.entries(rest)) {
    if (value === true) words.push(name);
    else if (name === 'backing') words.push(pgoff === undefined ? String(value) : `${value}@${pgoff}`);
    else words.push(typeof value === 'string' ? value : `${name} ${value}`);
  }
  return words.join(' ');
}

/** The letters of VMAs and of pages from page `from` on, and the page-table memory. */
function drawn({ vmas, pages, wp, pt }: StateRecord, from: number): string {
  if (typeof pages !== 'string') return `${vmas.map(([start, end]) => `[${start},${end})`).join('')}  ${pt} kB`;
  const end = vmas.at(-1)?.[1] ?? from;
  const bits = BigInt(`0x${wp as string}`);
  let letters = '';
  let protectedPages = '';
  for (let page = from; page < end; page++) {
    const i = vmas.findIndex(([start, stop]) => start <= page && page < stop);
    letters += i < 0 ? ' ' : String.fromCharCode(65 + i);
    protectedPages += (bits >> BigInt(page)) & 1n ? 'w' : ' ';
  }
  const row = pages.slice(from, end);
  return `${letters}  ${row}  ${bits === 0n ? '' : `wp ${protectedPages.trimEnd()}  `}${pt} kB`;
}

function flagsOf({ vmas }: StateRecord): string[] {
  return vmas.map(([start, end, perms, pgoff, backing, flags], i) => {
    const letter = String.fromCharCode(65 + (i % 26));
    return `  ${letter} [${start},${end}) ${perms} ${backing === 'anon' ? 'anon' : `${backing}@${pgoff}`}  ${flags}`;
  });
}
