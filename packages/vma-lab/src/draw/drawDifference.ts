import { formatOp, type Scenario, type StateRecord, type StepRecord } from 'fork-sim';
import type { Style } from '../cli/style.ts';
import { compareJson } from '../verify/compareSteps.ts';
import { describeResult } from './describeResult.ts';
import { describeVma, GUTTER, inWindow, vmaLetters, windowsOf } from './drawState.ts';
import { finish } from './section.ts';
import { StripLetters } from './stripLetters.ts';

/** Most single values that are listed below the drawing. */
const MAX_VALUES = 12;

/**
 * Draws a step in which recording and model differ: both states one under the other, marks under what differs, and the values.
 *
 * @param file the recording's name
 * @param index number of the step, from 0
 */
export function drawDifference(
  file: string,
  scenario: Scenario,
  index: number,
  recorded: StepRecord,
  model: StepRecord,
  style: Style,
): string {
  const lines = [
    `${style.bold(scenario.id)}, step ${index}: ${formatOp(recorded.op)}   ${style.dim(file)}`,
    ...drawPair('recorded', describeResult(recorded), 'model', describeResult(model), style),
    ...drawStates(scenario, recorded, model, style),
  ];
  if (recorded.child !== undefined || model.child !== undefined) {
    lines.push(`  ${style.note('child')}`, ...drawStates(scenario, recorded.child, model.child, style));
  }
  const { op: _, ...recordedRest } = recorded;
  const { op: __, ...modelRest } = model;
  const differences = compareJson(recordedRest, modelRest);
  for (const { path, recorded: want, model: got } of differences.slice(0, MAX_VALUES)) {
    lines.push(`  ${path}: recorded ${show(want)} ${style.sign.differs} model ${style.bad(show(got))}`);
  }
  if (differences.length > MAX_VALUES) lines.push(`  and ${differences.length - MAX_VALUES} more values`);
  return finish(lines, style);
}

function drawPair(nameA: string, a: string, nameB: string, b: string, style: Style): string[] {
  if (a === b) return [`${'both'.padStart(GUTTER - 2)}  ${a}`];
  return [`${nameA.padStart(GUTTER - 2)}  ${a}`, `${nameB.padStart(GUTTER - 2)}  ${style.bad(b)}`];
}

function drawStates(
  scenario: Scenario,
  recorded: StateRecord | undefined,
  model: StateRecord | undefined,
  style: Style,
): string[] {
  const letters = new StripLetters();
  const a = nameVmas(recorded, letters);
  const b = nameVmas(model, letters);
  const lines: string[] = [];
  for (const [name, first, length] of windowsOf(scenario)) {
    for (let at = 0; at < length; at += 64) {
      const to = Math.min(length, at + 64);
      const where = `${name === '' ? '' : `${name} `}${first + at}`;
      lines.push(
        ...compareRows(where, rows(recorded, a, name, first, at, to), rows(model, b, name, first, at, to), style),
      );
    }
  }
  lines.push(...compareLists(recorded, a, model, b, style));
  return lines;
}

function nameVmas(state: StateRecord | undefined, letters: StripLetters): string[] {
  return state === undefined ? [] : letters.name(state.vmas.map(([start, end]) => ({ start, end })));
}

/** The rows of one stretch of pages: VMAs, page states, soft-dirty and write-protect bits. */
function rows(
  state: StateRecord | undefined,
  names: readonly string[],
  window: string,
  first: number,
  at: number,
  to: number,
): readonly string[] {
  if (state === undefined) return ['', '', '', ''];
  return [
    vmaLetters(state.vmas, names, first + at, first + to),
    inWindow(state.pages, window).slice(at, to),
    bits(inWindow(state.sd, window), at, to, 'd'),
    bits(inWindow(state.wp, window), at, to, 'w'),
  ];
}

/** A hexadecimal mask, highest page first, as one letter a page. */
function bits(mask: string, at: number, to: number, letter: string): string {
  let row = '';
  for (let page = at; page < to; page++) {
    const digit = Number.parseInt(mask[mask.length - 1 - Math.floor(page / 4)] ?? '0', 16);
    row += ((digit >> (page % 4)) & 1) === 1 ? letter : ' ';
  }
  return row;
}

const ROW_NAMES = ['VMAs', 'pages', 'dirty', 'wp'] as const;

/** Both rows one under the other, and a mark under each page that differs. Equal page rows are left out. */
function compareRows(where: string, a: readonly string[], b: readonly string[], style: Style): string[] {
  const lines: string[] = [];
  for (const [index, name] of ROW_NAMES.entries()) {
    const rowA = a[index] as string;
    const rowB = b[index] as string;
    if (rowA === rowB && (index > 0 || /^\.*$/.test(rowA))) continue;
    const label = index === 0 ? where : name;
    lines.push(`${label.padStart(GUTTER - 2)}  ${rowA}  ${style.dim('recorded')}`);
    lines.push(`${' '.repeat(GUTTER)}${rowB}  ${style.dim('model')}`);
    const length = Math.max(rowA.length, rowB.length);
    const marks = Array.from({ length }, (_, at) => (rowA[at] === rowB[at] ? ' ' : '^')).join('');
    if (marks.trim() !== '') lines.push(`${' '.repeat(GUTTER)}${style.bad(marks.trimEnd())}`);
  }
  return lines;
}

/** The VMAs that are not in both, as recorded (`-`) and in the model (`+`). */
function compareLists(
  recorded: StateRecord | undefined,
  a: readonly string[],
  model: StateRecord | undefined,
  b: readonly string[],
  style: Style,
): string[] {
  const without = (
    state: StateRecord | undefined,
    other: StateRecord | undefined,
    names: readonly string[],
  ): string[] => {
    const known = new Set(other?.vmas.map((vma) => JSON.stringify(vma)));
    return (state?.vmas ?? []).flatMap((vma, index) =>
      known.has(JSON.stringify(vma)) ? [] : [describeVma(vma, names[index] as string, style).slice(3)],
    );
  };
  return [
    ...without(recorded, model, a).map((vma) => `  ${style.good('-')}${vma}  recorded`),
    ...without(model, recorded, b).map((vma) => `  ${style.bad('+')}${vma}  model`),
  ];
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  const json = JSON.stringify(value);
  return json.length > 90 ? `${json.slice(0, 87)}...` : json;
}
