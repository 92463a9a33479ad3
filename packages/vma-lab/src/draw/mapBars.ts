import type { GuardRegion, VmaRow } from 'fork-sim';
import type { MapBar } from './drawMap.ts';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** The label of the n-th VMA: `A` to `Z`, then `AA`, `AB`, ... */
export function labelOf(index: number): string {
  const first = Math.floor(index / LETTERS.length) - 1;
  return `${first < 0 ? '' : labelOf(first)}${LETTERS[index % LETTERS.length]}`;
}

/** Bars for the VMAs of a report. */
export function mapBars(map: readonly VmaRow[], guards: readonly GuardRegion[]): MapBar[] {
  let next = 0;
  return map.map(({ start, end, perms, backing, above }, index) => {
    const own: { from: number; to: number }[] = [];
    for (; next < guards.length && guards[next]!.start < end; next++) {
      const guard = guards[next]!;
      own.push({ from: (guard.start - start) / (end - start), to: (guard.end - start) / (end - start) });
    }
    return { start, end, perms, backing, label: labelOf(index), guards: own, seam: above.kind === 'seam' };
  });
}
