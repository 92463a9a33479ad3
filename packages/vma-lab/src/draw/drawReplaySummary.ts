import type { ProcessReport } from 'fork-sim';
import {
  countOf,
  faultsText,
  formatCount,
  formatKb,
  formatPages,
  guardsText,
  mapVerdict,
  placesVerdict,
  resultsVerdict,
  roomText,
  unseenText,
} from 'fork-sim/words';
import type { AskedKernel, ReplayAnswer } from '../cli/answers.ts';
import type { Style } from '../cli/style.ts';
import { drawCheckpoints } from './drawCheckpoints.ts';
import { cut } from './drawTable.ts';
import { drawVerdict } from './drawVerdict.ts';
import { kernelLines, markersOn } from './kernelLines.ts';
import { perfFaultsText } from './perfFaultsText.ts';
import { ellipsisOf, items } from './section.ts';

/** Which program, how much of a log, on which kernel. */
export function heading(report: ReplayAnswer, kernel: AskedKernel, first: ProcessReport, style: Style): string[] {
  const who = [first.program ?? 'a process', first.pid === null ? '' : `pid ${first.pid}`].filter(
    (word) => word !== '',
  );
  return [
    `${style.bold(who.join(', '))}   ${style.dim(report.log.file)}`,
    ...kernelLines(
      `${countOf(report.log.calls, 'call')} of ${countOf(report.log.lines, 'line')}, replayed as`,
      kernel,
      style,
    ),
  ];
}

/** The screen that answers at a glance: how many VMAs, how exact, how far from the limit, on which assumptions. */
export function summary(report: ReplayAnswer, kernel: AskedKernel, first: ProcessReport, style: Style): string[] {
  const { peakCall } = first;
  const peakAt = peakCall === null ? '' : ` (line ${peakCall.line}: ${cut(peakCall.call, 60, ellipsisOf(style))})`;
  const { merges, mergedAway, splits, final, machine } = first;
  // Where nothing could be mapped in the model, its numbers are of no process.
  if (machine !== null && first.peakVmas === 0) return items([describeMachine(machine)], style);
  const results = resultsVerdict(
    machine === null ? first : { ...first, performed: 0 },
    report.log.unreadable,
    report.unused.length,
  );
  const all: [string, string][] = [
    ...(machine === null ? [] : [describeMachine(machine)]),
    ['VMAs', describeVmas(first, peakAt, style)],
    ['merges', `${countOf(merges, 'merge')}, ${countOf(mergedAway, 'VMA')} gone in them; ${countOf(splits, 'split')}`],
    ['placement', drawVerdict(placesVerdict(first), style)],
    ['results', drawVerdict(results, style)],
  ];
  if (final !== null) {
    all.push(['final map', drawVerdict(mapVerdict(final, final.file), style, false)]);
    const { faultsFound } = kernel;
    if (faultsFound !== null) {
      const found = faultsText(faultsFound);
      all.push(['page faults', faultsFound.differing === 0 ? found : style.bad(`${style.sign.cross} ${found}`)]);
    }
  }
  all.push(...drawCheckpoints(kernel.checkpoints, style));
  all.push(['limit', describeRoom(first, style)]);
  if (machine === null) all.push(['guards', describeGuards(kernel, first)]);
  if (first.forks.count > 0) all.push(['forks', describeForks(first)]);
  if (report.log.perfFaults > 0) all.push(['page faults', perfFaultsText(report.log.perfFaults)]);
  all.push(['assumed', describeAssumed(kernel, first)]);
  return items(all, style);
}

function describeMachine(machine: string): [string, string] {
  return ['machine', `${machine}: its addresses, its refused calls and its page tables are not computed`];
}

/** How many VMAs there were; where the log does not show all, the least that there were. */
function describeVmas(first: ProcessReport, peakAt: string, style: Style): string {
  const { startVmas, peakVmas, endVmas, startsFrom } = first;
  const [start, peak, end] = [startVmas, peakVmas, endVmas].map((vmas) => style.bold(formatCount(vmas)));
  if (startsFrom === 'map') return `${start} at the start, ${peak} at the peak${peakAt}, ${end} at the end`;
  return `at least ${peak} at the peak${peakAt}, ${end} at the end${unseenText(startsFrom)}`;
}

function describeRoom(first: ProcessReport, style: Style): string {
  const { maxMapCount, peakVmas, startsFrom, limitFailures } = first;
  const text = roomText({ vmas: peakVmas, maxMapCount, startsFrom });
  const room = `max_map_count ${formatCount(maxMapCount)}: ${text}${startsFrom === 'map' && peakVmas < maxMapCount ? ' at the peak' : ''}`;
  const [failed] = limitFailures.examples;
  if (failed === undefined) return room;
  return `${room}; ${style.bad(`${countOf(limitFailures.count, 'call')} failed for it, first line ${failed.line}: ${failed.errno}`)}`;
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
  const where = markersOn(guardsAsMarkers.profile, kernel);
  return `${now}; if the ${guardsText(guards, sizes)} ${were}${where}: ${saved}, for ${formatKb(tablesKb)} of page tables in all`;
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
  if (kernel.faultsRecorded) return 'nothing about anon_vma: page faults were recorded beside the log';
  const text = `${first.summary.assumed} of ${countOf(first.endVmas, 'VMA')} rest on an assumption about anon_vma`;
  switch (kernel.faults) {
    case 'on-map':
      return `${text}: private memory counts as written as soon as it is writable (--faults on-map)`;
    case 'never':
      return `${text}: memory counts as never written (--faults never)`;
    case 'auto':
      return `${text}: private memory counts as written when the program goes on (--faults auto)`;
    default:
      return kernel.faults satisfies never;
  }
}
