import type { MapState, MapVma } from 'fork-sim';

/** An end of a VMA: its first page, or the one after its last. */
export type Edge = 'low' | 'high';

/**
 * The call that moves an edge of a VMA to a page, in the notation of scenarios: `munmap` where it becomes smaller, `mmap` of more of the
 * same where it grows. `null`: the edge stays, or would leave nothing.
 */
export function moveEdge(vma: MapVma, edge: Edge, page: number): string | null {
  const { start, end } = vma;
  if (edge === 'high') {
    if (page === end || page <= start) return null;
    return page < end ? `munmap ${page}+${end - page}` : mapMore(vma, end, page);
  }
  if (page === start || page >= end || page < 0) return null;
  return page > start ? `munmap ${start}+${page - start}` : mapMore(vma, page, start);
}

function mapMore({ start, pgoff, perms, backing }: MapVma, from: number, to: number): string | null {
  const allowed = perms.slice(0, 3).replaceAll('-', '') || 'none';
  const range = `mmap ${from}+${to - from} ${allowed}`;
  const isShared = perms.endsWith('s') ? ' shared' : '';
  if (backing === 'anon') return `${range}${isShared}`;
  const offset = pgoff + from - start;
  return offset < 0 ? null : `${range} ${backing}@${offset}${isShared}`;
}

/** The farthest page to which an edge can go without meeting another VMA. */
export function limitsOf(
  { vmas, span }: MapState,
  vma: MapVma,
  edge: Edge,
): { readonly least: number; readonly most: number } {
  const below = vmas.filter(({ end }) => end <= vma.start).at(-1);
  const above = vmas.find(({ start }) => start >= vma.end);
  return edge === 'high'
    ? { least: vma.start + 1, most: above?.start ?? span }
    : { least: below?.end ?? 0, most: vma.end - 1 };
}
