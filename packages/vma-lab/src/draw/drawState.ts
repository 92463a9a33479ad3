import type { PerWindow, Scenario, StateRecord, VmaRecord, Window } from 'fork-sim';
import { ARENA_PAGES } from 'fork-sim';
import type { Style } from '../cli/style.ts';
import type { StripLetters } from './stripLetters.ts';

/** Pages drawn in one row. */
const ROW_PAGES = 64;
/** Columns left of the strip. */
export const GUTTER = 10;

/**
 * Draws a state of a scenario, one column a page: two strips a window, VMAs by letter and page states below them, longer
 * windows in several rows; then a line a VMA, `A  10-18  rw-p  anon  rd wr ...`.
 */
export function drawState(scenario: Scenario, state: StateRecord, letters: StripLetters, style: Style): string[] {
  const names = letters.name(state.vmas.map(([start, end]) => ({ start, end })));
  const drawn = windowsOf(scenario).flatMap((window) => drawWindow(window, state, names, style));
  const strips = drawn.length > 0 ? drawn : [`${' '.repeat(GUTTER)}${style.dim('nothing is mapped')}`];
  return [...strips, ...state.vmas.map((vma, index) => describeVma(vma, names[index] as string, style))];
}

/** The windows of a scenario; without them the arena itself. */
export function windowsOf(scenario: Scenario): readonly Window[] {
  return scenario.windows ?? [['', 0, ARENA_PAGES]];
}

/** What a state says of one window. */
export function inWindow(value: PerWindow | undefined, name: string): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : (value[name] ?? '');
}

function drawWindow(
  [name, first, length]: Window,
  state: StateRecord,
  names: readonly string[],
  style: Style,
): string[] {
  const pages = inWindow(state.pages, name);
  const lines: string[] = [];
  for (let at = 0; at < length; at += ROW_PAGES) {
    const to = Math.min(length, at + ROW_PAGES);
    const label = at === 0 && name !== '' ? name : String(first + at);
    const strip = vmaLetters(state.vmas, names, first + at, first + to);
    const states = pages.slice(at, to);
    // Of several windows, the empty parts say nothing.
    if (name !== '' && /^\.*$/.test(strip)) continue;
    lines.push(`${label.padStart(GUTTER - 2)}  ${strip}`);
    lines.push(`${' '.repeat(GUTTER)}${style.dim(states)}`.trimEnd());
  }
  return lines;
}

/** One letter a page, `.` for a hole. */
export function vmaLetters(vmas: readonly VmaRecord[], names: readonly string[], first: number, end: number): string {
  const row = Array.from({ length: end - first }, () => '.');
  for (const [index, [from, to]] of vmas.entries()) {
    for (let page = Math.max(from, first); page < Math.min(to, end); page++) row[page - first] = names[index] as string;
  }
  return row.join('');
}

/** A VMA in words, and sizes in pages. */
export function describeVma(vma: VmaRecord, letter: string, style: Style): string {
  const [start, end, perms, pgoff, backing, flags, name] = vma;
  const offset = backing === 'anon' ? '' : ` pgoff ${pgoff}`;
  const label = name === undefined ? '' : ` ${name}`;
  const size = `${start}${style.sign.dash}${end}`;
  return `${letter.padStart(GUTTER - 2)}  ${size.padEnd(9)} ${perms} ${backing}${offset}${label}  ${style.dim(flags)}`;
}
