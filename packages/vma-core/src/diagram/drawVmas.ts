import { invariant } from '../errors.ts';
import { Mm } from '../mm.ts';
import { PAGE_SIZE } from '../units.ts';
import type { Vma } from '../vma.ts';
import type { VmaRef } from '../vmaStore.ts';
import { type DiagramVma, drawDiagram } from './parseDiagram.ts';

/** What part of an address space is drawn, and how. */
export interface DrawOptions {
  /** Address of the first column, in bytes. Default: the start of the lowest VMA. */
  readonly base?: number;
  /** Columns at least. Default: up to the end of the highest VMA. */
  readonly pages?: number;
  /** Letters that VMAs have already. The others get, in address order, the first letters that none has. */
  readonly letters?: ReadonlyMap<VmaRef, string>;
  /** The range to mark, in bytes; the end is exclusive. */
  readonly range?: { readonly start: number; readonly end: number };
}

/** Widest drawing with one column a page; beyond it {@link drawState} leaves columns out. */
export const MAX_COLUMNS = 4096;

/**
 * Draws VMAs in one row: one column a page, one letter a VMA, `.` a hole; what {@link parseDiagram} reads.
 *
 * Letters are `A`, `B`, ... in address order; past `Z` they start again.
 * @throws InvariantError where the drawing would be wider than {@link MAX_COLUMNS}
 */
export function drawVmas(vmas: Mm | readonly Vma[], options: DrawOptions = {}): string {
  const all = vmasOf(vmas);
  const base = options.base ?? all[0]?.vmStart ?? options.range?.start ?? 0;
  const column = (addr: number): number => (addr - base) / PAGE_SIZE;
  const last = Math.max(0, column(all.at(-1)?.vmEnd ?? base), column(options.range?.end ?? base));
  const pages = Math.max(options.pages ?? 0, last);
  invariant(pages <= MAX_COLUMNS, `${pages} pages are too wide to draw with one column each; drawState() shortens`);
  const letters = lettersFor(all, options.letters);
  const drawn: DiagramVma[] = [];
  for (const [i, vma] of all.entries()) {
    const start = Math.max(0, column(vma.vmStart));
    const end = column(vma.vmEnd);
    if (end > start) drawn.push({ letter: letters[i] as string, start, end });
  }
  const range = options.range ? { start: column(options.range.start), end: column(options.range.end) } : null;
  return drawDiagram({ pages, vmas: drawn, range });
}

/** The VMAs of an address space, or the list itself. */
export function vmasOf(vmas: Mm | readonly Vma[]): readonly Vma[] {
  return vmas instanceof Mm ? vmas.vmas() : vmas;
}

/** A letter for each VMA: its own if it has one, else the next that none has. */
export function lettersFor(vmas: readonly Vma[], given: ReadonlyMap<VmaRef, string> = new Map()): string[] {
  const taken = new Set(given.values());
  let next = 0;
  const letterAt = (n: number): string => String.fromCharCode(65 + (n % 26));
  return vmas.map((vma) => {
    const own = given.get(vma.ref);
    if (own !== undefined) return own;
    while (next < 26 && taken.has(letterAt(next))) next++;
    return letterAt(next++);
  });
}
