import { Mm } from '../mm.ts';
import { PAGE_SIZE } from '../units.ts';
import type { Vma } from '../vma.ts';
import { formatVmFlags, permissions, VM_NONE, type VmFlags } from '../vmFlags.ts';
import { type DrawOptions, lettersFor, vmasOf } from './drawVmas.ts';

/** How a state is drawn. */
export interface DrawStateOptions extends DrawOptions {
  /** A run of equal columns longer than this is shortened with `//`; in pages. Default 16. */
  readonly longestRun?: number;
  /** Flags marked as sticky with `*`. Default: those of the profile, where an {@link Mm} is drawn; else none. */
  readonly sticky?: VmFlags;
}

/**
 * Draws a state for people: the row of {@link drawVmas} under a ruler, and a line a VMA that says the rest.
 *
 *            0123456789
 *   0x10000  AA...BBBBB
 *   A  0x10000-0x12000  2 pages  rw-p  anon    pgoff 16  rd wr mr mw me gu* ac av1
 *   B  0x15000-0x1a000  5 pages  r--s  file 3  pgoff 0   rd mr me ms
 *
 * The ruler counts pages from the first column, in hex. A long run is shortened (`BBB//BBB`), and then there is no ruler.
 * `gu*`: the flag is sticky. `av1`: the anon_vma; `av1/2`: of a fork child, whose chain has two links.
 */
export function drawState(vmas: Mm | readonly Vma[], options: DrawStateOptions = {}): string {
  const all = vmasOf(vmas);
  const sticky = options.sticky ?? (vmas instanceof Mm ? vmas.profile.sticky : VM_NONE);
  const letters = lettersFor(all, options.letters);
  const base = options.base ?? all[0]?.vmStart ?? 0;
  const { row, shortened, columns } = drawRow(all, letters, base, options);
  const label = hex(base);
  const lines: string[] = [];
  if (!shortened) for (const rule of ruler(columns)) lines.push(`${' '.repeat(label.length)}  ${rule}`.trimEnd());
  lines.push(`${label}  ${row === '' ? '(empty)' : row}`);
  return [...lines, ...table(all.map((vma, i) => [letters[i] as string, ...describe(vma, sticky)]))].join('\n');
}

/** One run of equal columns: a VMA or a hole. */
interface Run {
  readonly mark: string;
  readonly pages: number;
}

function drawRow(
  vmas: readonly Vma[],
  letters: readonly string[],
  base: number,
  options: DrawStateOptions,
): { row: string; shortened: boolean; columns: number } {
  const longest = Math.max(6, options.longestRun ?? 16);
  const runs: Run[] = [];
  let at = base;
  for (const [i, vma] of vmas.entries()) {
    if (vma.vmEnd <= base) continue;
    runs.push({ mark: '.', pages: (vma.vmStart - at) / PAGE_SIZE });
    const from = Math.max(vma.vmStart, base);
    runs.push({ mark: letters[i] as string, pages: (vma.vmEnd - from) / PAGE_SIZE });
    at = vma.vmEnd;
  }
  runs.push({ mark: '.', pages: (options.pages ?? 0) - (at - base) / PAGE_SIZE });
  const shortened = runs.some((run) => run.pages > longest);
  const row = runs.map(({ mark, pages }) => {
    if (pages <= 0) return '';
    return pages > longest ? `${mark.repeat(3)}//${mark.repeat(3)}` : mark.repeat(pages);
  });
  return { row: row.join(''), shortened, columns: row.join('').length };
}

/** Column numbers in hex: the last digit below, the one before it above its first column. */
function ruler(columns: number): string[] {
  const digits = Array.from({ length: columns }, (_, column) => (column % 16).toString(16)).join('');
  if (columns <= 16) return columns === 0 ? [] : [digits];
  const sixteens = Array.from({ length: columns }, (_, column) =>
    column % 16 === 0 ? Math.floor(column / 16).toString(16) : '',
  ).map((digit) => digit.at(-1) ?? ' ');
  return [sixteens.join(''), digits];
}

function describe(vma: Vma, sticky: VmFlags): string[] {
  const pages = (vma.vmEnd - vma.vmStart) / PAGE_SIZE;
  const flags = formatVmFlags(vma.vmFlags)
    .split(' ')
    .map((word) => (isSticky(word, sticky) ? `${word}*` : word));
  const more: string[] = [];
  if (vma.anonVma !== null) more.push(`av${vma.anonVma}${vma.anonVmaChain > 1 ? `/${vma.anonVmaChain}` : ''}`);
  if (vma.userfaultfd !== null) more.push(`uffd ${vma.userfaultfd}`);
  if (vma.policy !== 0) more.push(`policy ${vma.policy}`);
  if (vma.anonName !== null) more.push(`[anon:${vma.anonName}]`);
  return [
    `${hex(vma.vmStart)}-${hex(vma.vmEnd)}`,
    `${pages} ${pages === 1 ? 'page' : 'pages'}`,
    permissions(vma.vmFlags),
    vma.vmFile === null ? 'anon' : `file ${vma.vmFile}`,
    `pgoff ${vma.vmPgoff}`,
    [...flags, ...more].join(' '),
  ];
}

function isSticky(word: string, sticky: VmFlags): boolean {
  return word !== '??' && formatVmFlags(sticky).split(' ').includes(word);
}

function hex(addr: number): string {
  return `0x${addr.toString(16)}`;
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, i) => {
      widths[i] = Math.max(widths[i] ?? 0, cell.length);
    });
  return rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
