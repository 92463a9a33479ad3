import type { AboveRow } from 'fork-sim';
import { countOf, formatCount, formatKb, formatPages, guardsText, roomText } from 'fork-sim/words';
import { KERNEL_PROFILES } from 'vma-core';
import type { SmapsAnswer } from '../cli/answers.ts';
import type { Style } from '../cli/style.ts';
import { drawMap, mapLegend } from './drawMap.ts';
import { drawTable, indent } from './drawTable.ts';
import { drawVmaTable } from './drawVmaTable.ts';
import { kernelLines, markersOn } from './kernelLines.ts';
import { mapBars } from './mapBars.ts';
import { finish, item, title } from './section.ts';

const MAX_ROWS = 48;
const MAX_BARS = 400;

/** Draws what one smaps tells. */
export function drawSmaps(report: SmapsAnswer, options: { readonly all?: boolean }, style: Style): string {
  const { map, kernel } = report;
  const most = options.all ? Number.POSITIVE_INFINITY : MAX_ROWS;
  const lines = [
    ...kernelLines(`${style.bold(report.file)}   ${countOf(map.length, 'VMA')},`, kernel, style),
    '',
    ...item('limit', describeLimit(report), style),
    ...item('guards', describeGuards(report, style), style),
    ...item('neighbours', describePairs(report, style), style),
    ...report.notes.flatMap((note) => item('note', note, style)),
    '',
    title('The map', 'low addresses left; bars are not to scale', style),
    mapLegend(style),
    '',
    ...drawMap(mapBars(options.all ? map : map.slice(0, MAX_BARS), []), style),
    '',
    ...drawVmaTable(map, most, style),
    '',
    ...drawForks(report, style),
  ];
  return finish(lines, style);
}

function describeLimit({ kernel, map, maxMapCount }: SmapsAnswer): string {
  const { mremapRoom } = kernel.profile;
  const room = `max_map_count ${formatCount(maxMapCount)}: ${roomText({ vmas: map.length, maxMapCount })}`;
  const newest = KERNEL_PROFILES.at(-1);
  const moves = `mremap to a new place, which wants room for ${mremapRoom.move}`;
  const other =
    newest === undefined || newest.mremapRoom.move === mremapRoom.move
      ? ''
      : ` (${newest.mremapRoom.move} on ${newest.name})`;
  return `${room}. First to fail as it fills up: ${moves}${other}; then mprotect, munmap and mlock where they split a VMA (ENOMEM) and madvise (EAGAIN); mmap last`;
}

function describeGuards({ guards, kernel }: SmapsAnswer, style: Style): string {
  const longest = `up to ${formatCount(guards.longest / 1024)} kB`;
  if (guards.guards === 0) return `no PROT_NONE guard, ${longest}, beside writable memory`;
  return `${guardsText(guards.guards, guards.sizes)}: as guard markers${markersOn(guards.profile, kernel)} ${formatCount(guards.peakVmas)} ${style.sign.arrow} ${formatCount(guards.endVmas)} VMAs, at best. Longer than ${longest.slice(6)} is a reserve (--longest-guard)`;
}

function describePairs({ map }: SmapsAnswer, style: Style): string {
  const count = (kind: AboveRow['kind']): number => map.filter(({ above }) => above.kind === kind).length;
  const parts = [`${count('wall')} stay apart by a rule that smaps shows`];
  if (count('seam') > 0) parts.push(style.note(`${count('seam')} could merge at the next call that asks`));
  if (count('unknown') > 0) parts.push(`${count('unknown')} depend on anon_vma, which smaps does not show`);
  return `of ${countOf(count('wall') + count('seam') + count('unknown'), 'pair')} that touch, ${parts.join(', ')}. Mappings of one file are taken as one open file`;
}

function drawForks({ forks, pageSize }: SmapsAnswer, style: Style): string[] {
  const rows = forks.map(({ profile, copy, refault, reserves, residentPages, entries, childTablesKbAtMost }) => [
    profile,
    String(copy),
    residentPages === null ? 'not shown' : formatPages(residentPages, pageSize),
    entries === null ? 'not shown' : formatCount(entries),
    formatKb(childTablesKbAtMost),
    String(refault),
    String(reserves),
  ]);
  const numbers = ['copied', 'resident in them', 'entries', 'tables at most', 'left to refault', 'reserves'].map(
    (right) => ({
      right,
    }),
  );
  return [
    title('A fork now', 'VMAs with pages of their own have an anon_vma; the others are taken to have none', style),
    ...indent(drawTable(['profile', ...numbers], rows, style.dim)),
  ];
}
