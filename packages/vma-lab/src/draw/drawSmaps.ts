import type { PairAnswer } from 'fork-sim';
import { countOf, formatCount, formatPages } from 'fork-sim/words';
import { formatVmFlags, KERNEL_PROFILES, kernelProfile } from 'vma-core';
import type { Style } from '../cli/style.ts';
import type { VmaReport } from '../report/replayReport.ts';
import type { SmapsForkReport, SmapsReport, SmapsVmaReport } from '../report/smapsReport.ts';
import { drawMap, mapLegend } from './drawMap.ts';
import { drawTable, wrap } from './drawTable.ts';
import { drawVmaTable } from './drawVmaTable.ts';
import { mapBars } from './mapBars.ts';
import { finish } from './section.ts';

const MAX_ROWS = 48;
const MAX_BARS = 400;

/** Draws what one smaps tells. */
export function drawSmaps(report: SmapsReport, options: { readonly all: boolean }, style: Style): string {
  const rows = report.map.map(asVmaRow);
  const sticky = new Set(formatVmFlags(kernelProfile(report.kernel).sticky).split(' '));
  const most = options.all ? Number.POSITIVE_INFINITY : MAX_ROWS;
  const measured = report.measured ? '' : ` ${style.note('(not measured)')}`;
  const lines = [
    `${style.bold(report.file)}   ${countOf(report.vmas, 'VMA')}, Linux ${report.kernel}, profile ${style.bold(report.profile)}${measured}`,
    '',
    ...section('limit', describeLimit(report), style),
    ...section('guards', describeGuards(report, style), style),
    ...section('neighbours', describePairs(report, style), style),
    '',
    `${style.bold('The map')}  ${style.dim('low addresses left; bars are not to scale')}`,
    mapLegend(style),
    '',
    ...drawMap(mapBars(options.all ? rows : rows.slice(0, MAX_BARS), []), style),
    '',
    ...drawVmaTable(rows, { sticky, most }, style),
    '',
    ...drawForks(report.forks, style),
  ];
  return finish(lines, style);
}

/** A row of the table that replay shares; what smaps cannot tell is left empty. */
function asVmaRow(vma: SmapsVmaReport): VmaReport {
  const { above } = vma;
  return {
    ...vma,
    anonVma: null,
    assumed: vma.anonymousPages === null,
    guardPages: 0,
    fork: { ...vma.fork, ptes: 0 },
    wall:
      above === null || above.answer === 'could'
        ? null
        : { rule: above.rule ?? '', text: above.answer === 'unknown' ? 'anon_vma not shown' : above.text },
    seam: above?.answer === 'could',
  };
}

function section(label: string, text: string, style: Style): string[] {
  return wrap(text, style.width - 15).map((line, at) => `  ${(at === 0 ? label : '').padEnd(13)}${line}`);
}

function describeLimit(report: SmapsReport): string {
  const { mremapRoom } = kernelProfile(report.kernel);
  const room = `max_map_count ${formatCount(report.maxMapCount)}: ${formatCount(Math.max(0, report.toSpare))} to spare`;
  const newest = KERNEL_PROFILES.at(-1);
  const moves = `mremap to a new place, which wants room for ${mremapRoom.move}`;
  const other =
    newest === undefined || newest.mremapRoom.move === mremapRoom.move
      ? ''
      : ` (${newest.mremapRoom.move} on ${newest.name})`;
  return `${room}. First to fail as it fills up: ${moves}${other}; then mprotect, munmap and mlock where they split a VMA (ENOMEM) and madvise (EAGAIN); mmap last`;
}

function describeGuards({ guards, vmas }: SmapsReport, style: Style): string {
  if (guards.count === 0) return 'no PROT_NONE guard beside writable memory';
  return `${countOf(guards.count, 'PROT_NONE guard')}: as guard markers ${formatCount(vmas)} ${style.sign.arrow} ${formatCount(guards.vmasAtBest)} VMAs, at best`;
}

function describePairs({ map }: SmapsReport, style: Style): string {
  const count = (answer: PairAnswer): number => map.filter(({ above }) => above?.answer === answer).length;
  const parts = [`${count('never')} stay apart by a rule that smaps shows`];
  if (count('could') > 0) parts.push(style.note(`${count('could')} could merge at the next call that asks`));
  if (count('unknown') > 0) parts.push(`${count('unknown')} depend on anon_vma, which smaps does not show`);
  return `of ${countOf(map.filter(({ above }) => above !== null).length, 'pair')} that touch, ${parts.join(', ')}. Mappings of one file are taken as one open file`;
}

function drawForks(forks: readonly SmapsForkReport[], style: Style): string[] {
  const rows = forks.map(({ profile, copy, refault, residentPages, tablesKbAtMost }) => [
    profile,
    String(copy),
    formatPages(residentPages),
    `${formatCount(tablesKbAtMost)} kB`,
    String(refault),
  ]);
  const columns = [
    { title: 'profile' },
    { title: 'copied', align: 'right' as const },
    { title: 'resident in them', align: 'right' as const },
    { title: 'tables at most', align: 'right' as const },
    { title: 'left to refault', align: 'right' as const },
  ];
  return [
    `${style.bold('A fork now')}  ${style.dim('VMAs with pages of their own have an anon_vma; the others are taken to have none')}`,
    ...drawTable(columns, rows, style.dim).map((line) => `  ${line}`),
  ];
}
