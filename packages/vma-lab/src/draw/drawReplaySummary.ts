import { logVerdict, type ProcessReport } from 'fork-sim';
import { countOf, formatCount, formatPages, guardsText, notJudgedText, UNSEEN_WORDS } from 'fork-sim/words';
import type { AskedKernel, ReplayAnswer } from '../cli/answers.ts';
import type { Style } from '../cli/style.ts';
import { cut } from './drawTable.ts';
import { ellipsisOf, items } from './section.ts';

/** Which program, how much of a log, on which kernel. */
export function heading(report: ReplayAnswer, kernel: AskedKernel, first: ProcessReport, style: Style): string[] {
  const who = [first.program ?? 'a process', first.pid === null ? '' : `pid ${first.pid}`].filter(
    (word) => word !== '',
  );
  const measured = kernel.measured ? '' : ` ${style.note('(not measured)')}`;
  return [
    `${style.bold(who.join(', '))}   ${style.dim(report.log.file)}`,
    `${countOf(report.log.calls, 'call')} of ${countOf(report.log.lines, 'line')}, replayed as Linux ${kernel.kernel}, profile ${style.bold(kernel.profile.name)}${measured}`,
  ];
}

/** The screen that answers at a glance: how many VMAs, how exact, how far from the limit, on which assumptions. */
export function summary(
  { log }: Pick<ReplayAnswer, 'log'>,
  kernel: AskedKernel,
  first: ProcessReport,
  style: Style,
): string[] {
  const { peakCall, placesChecked, wrongPlaces, wrongResults } = first;
  const peakAt = peakCall === null ? '' : ` (line ${peakCall.line}: ${cut(peakCall.call, 60, ellipsisOf(style))})`;
  const judged = logVerdict(first, log.unreadable);
  const open = notJudgedText(judged);
  const { merges, mergedAway, splits, final } = first;
  const all: [string, string][] = [
    ['VMAs', describeVmas(first, peakAt, style)],
    ['merges', `${countOf(merges, 'merge')}, ${countOf(mergedAway, 'VMA')} gone in them; ${countOf(splits, 'split')}`],
    [
      'placement',
      verdict(wrongPlaces.count, placesChecked, 'mapping without an address', 'landed where the log says', open, style),
    ],
    ['results', verdict(wrongResults.count, first.performed, 'call', 'ended as the log says', open, style)],
  ];
  if (final !== null) {
    const { equal, real, differing, flagsUnknown, file } = final;
    const what =
      flagsUnknown > 0
        ? 'range, permissions, offset; a maps shows no flags, smaps would'
        : 'range, permissions, offset, every flag';
    const text =
      differing === 0
        ? `${style.good(style.sign.check)} all ${countOf(real, 'VMA')} as in ${file}: ${what}`
        : `${style.bad(style.sign.cross)} ${equal} of ${countOf(real, 'VMA')} as in ${file}${flagsUnknown > 0 ? ` (${what})` : ''}; ${countOf(differing, 'difference')}`;
    all.push(['final map', text]);
  }
  all.push(['limit', describeRoom(first, style)], ['guards', describeGuards(kernel, first)]);
  if (first.forks.count > 0) all.push(['forks', describeForks(first)]);
  all.push(['assumed', describeAssumed(kernel, first)]);
  return items(all, style);
}

/** How many VMAs there were; where the log does not show all, at least so many. */
function describeVmas({ startVmas, peakVmas, endVmas, unseen }: ProcessReport, peakAt: string, style: Style): string {
  const [start, peak, end] = [startVmas, peakVmas, endVmas].map((vmas) => style.bold(formatCount(vmas)));
  if (unseen === null) return `${start} at the start, ${peak} at the peak${peakAt}, ${end} at the end`;
  return `at least ${peak} at the peak${peakAt}, ${end} at the end, ${UNSEEN_WORDS[unseen]}`;
}

/** @param open what could not be judged: there is no check mark over it */
function verdict(wrong: number, checked: number, one: string, right: string, open: string, style: Style): string {
  if (checked === 0) return style.dim(`no ${one} to compare`);
  if (wrong === 0 && open !== '') return `no ${one} of ${formatCount(checked)} differs; not judged: ${open}`;
  if (wrong === 0)
    return `${style.good(style.sign.check)} ${checked === 1 ? `the one ${one}` : `all ${formatCount(checked)} ${one.replace(/^(mapping|call)/, '$1s')}`} ${right}`;
  return `${style.bad(style.sign.cross)} ${formatCount(wrong)} of ${formatCount(checked)} did not: see below`;
}

function describeRoom({ maxMapCount, peakVmas, limitFailures, unseen }: ProcessReport, style: Style): string {
  const room = `max_map_count ${formatCount(maxMapCount)}: ${unseen === null ? '' : 'at most '}${formatCount(Math.max(0, maxMapCount - peakVmas))} to spare at the peak`;
  const [failed] = limitFailures.examples;
  if (failed === undefined) return room;
  return `${room}; ${style.bad(`${countOf(limitFailures.examples.length, 'call')} failed for it, first line ${failed.line}: ${failed.errno}`)}`;
}

function describeGuards(kernel: AskedKernel, first: ProcessReport): string {
  const { regions, pages } = first.summary.guards;
  const vmas = first.map.filter(({ guardPages }) => guardPages > 0).length;
  const now =
    regions === 0
      ? 'no guard markers'
      : `${countOf(regions, 'marker region')} (${formatPages(pages)}) in ${countOf(vmas, 'VMA')}`;
  const { guardsAsMarkers } = kernel;
  if (guardsAsMarkers === null) return now;
  const { guards, sizes, peakVmas, endVmas, tablesKb } = guardsAsMarkers;
  const saved = `${first.peakVmas} → ${peakVmas} VMAs at the peak, ${first.endVmas} → ${endVmas} at the end`;
  const were = guards === 1 ? 'was a marker' : 'were markers';
  return `${now}; if the ${guardsText(guards, sizes)} ${were}: ${saved}, for ${formatCount(tablesKb)} kB of page tables in all`;
}

function describeForks({ forks: { count, examples } }: ProcessReport): string {
  const [one] = examples;
  if (one === undefined) return '';
  const parts = [`copied ${countOf(one.copy, 'VMA')}`, `left ${one.refault} to refault`];
  if (one.wipe > 0) parts.push(`emptied ${one.wipe}`);
  if (one.skip > 0) parts.push(`skipped ${one.skip}`);
  const which = count === 1 ? 'it' : 'the first';
  return `${countOf(count, 'child', 'children')} forked in the log; ${which} (line ${one.line}, pid ${one.child}) ${parts.join(', ')}`;
}

function describeAssumed(kernel: AskedKernel, first: ProcessReport): string {
  const text = `${first.summary.assumed} of ${countOf(first.endVmas, 'VMA')} rest on an assumption about anon_vma`;
  switch (kernel.faults) {
    case 'on-map':
      return `${text}: private memory counts as written as soon as it is writable (--faults on-map)`;
    case 'never':
      return `${text}: memory counts as never written (--faults never)`;
    case 'auto':
      return `${text}: at the start as Anonymous: says, later as soon as it is writable (--faults auto)`;
    default:
      return kernel.faults satisfies never;
  }
}
