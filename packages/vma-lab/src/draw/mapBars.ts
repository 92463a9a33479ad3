import type { VmaReport } from '../report/replayReport.ts';
import type { MapBar } from './drawMap.ts';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** The label of the n-th VMA: `A` to `Z`, then `AA`, `AB`, ... */
export function labelOf(index: number): string {
  const first = Math.floor(index / LETTERS.length) - 1;
  return `${first < 0 ? '' : labelOf(first)}${LETTERS[index % LETTERS.length]}`;
}

/** Bars for the VMAs of a report. */
export function mapBars(map: readonly VmaReport[], guards: readonly { start: string; end: string }[]): MapBar[] {
  const regions = guards.map(({ start, end }) => ({ start: Number(start), end: Number(end) }));
  let next = 0;
  return map.map((vma, index) => {
    const start = Number(vma.start);
    const end = Number(vma.end);
    const own: { from: number; to: number }[] = [];
    for (; next < regions.length; next++) {
      const region = regions[next] as { start: number; end: number };
      if (region.start >= end) break;
      own.push({ from: (region.start - start) / (end - start), to: (region.end - start) / (end - start) });
    }
    return { start, end, perms: vma.perms, backing: vma.backing, label: labelOf(index), guards: own, seam: vma.seam };
  });
}
