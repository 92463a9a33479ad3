import { type Consumer, type Overview, shownProcesses } from 'fork-sim';
import {
  consumerText,
  countOf,
  failureTitle,
  failureWhy,
  formatCount,
  growthText,
  headline,
  helpText,
  makerText,
  moreProcessesText,
  overviewFacts,
  PROCESS_HEADS,
  processCells,
  resultsVerdict,
  stackText,
} from 'fork-sim/words';
import type { ReportAnswer } from '../cli/answers.ts';
import type { Style } from '../cli/style.ts';
import { describeSource } from './describeSource.ts';
import { cut, drawTable, indent, wrap } from './drawTable.ts';
import { kernelNote } from './kernelLines.ts';
import { perfFaultsText } from './perfFaultsText.ts';
import { ellipsisOf, finish, item, items, title } from './section.ts';

/** Rows of each part: all of it is one screen. */
interface Rows {
  readonly consumers: number;
  readonly failures: number;
  readonly helps: number;
}
const ROWS: Rows = { consumers: 9, failures: 4, helps: 4 };
/** The same where processes are listed, too. */
const ROWS_BESIDE_PROCESSES: Rows = { consumers: 4, failures: 2, helps: 2 };
const MAX_PROCESSES = 4;
const MAX_NOTES = 2;
/** Columns of what takes VMAs, and of who mapped it. */
const WHAT = 48;
const MAKER = 24;
/** How a group grows is said where it takes at least this part of all VMAs: one in ten. */
const GROWS = 10;

/** Draws a report: the answer first, on one screen. */
export function drawReport(answer: ReportAnswer, style: Style): string {
  const { overview } = answer;
  const most = overview.processes.length < 2 ? ROWS : ROWS_BESIDE_PROCESSES;
  const lines = [
    ...wrap(headline(overview), style.width).map(style.bold),
    ...wrap(describeSource(answer), style.width).map(style.dim),
    ...kernelNote(answer.kernel, style),
    '',
    ...items(overviewFacts(overview), style),
    ...drawProcesses(overview, style),
    ...drawConsumers(overview, most.consumers, style),
    ...drawFailures(overview, most.failures, style),
    ...drawHelps(overview, most.helps, style),
    ...drawNotes(answer, style),
  ];
  return finish(lines, style);
}

/** Each process of a log with several, the worst first; a sign marks the one that all else is about. */
function drawProcesses({ processes, pid }: Overview, style: Style): string[] {
  if (processes.length < 2) return [];
  const { shown, left } = shownProcesses(processes, pid, MAX_PROCESSES);
  const rows = shown.map((row) => [row.pid === pid ? '>' : '', ...processCells(row)]);
  const columns = ['', ...PROCESS_HEADS.map((head) => (head.startsWith('VMAs') ? { right: head } : head))];
  const more = moreProcessesText(left);
  return [
    '',
    title('Processes', `${formatCount(processes.length)}; > is the one below, --process PID another`, style),
    ...indent(drawTable(columns, rows, style.dim).map((line) => cut(line, style.width - 2, ellipsisOf(style)))),
    ...(more === '' ? [] : wrap(more, style.width - 4).map((line) => style.dim(`  ${line}`))),
  ];
}

function drawConsumers({ consumers, of, vmas }: Overview, most: number, style: Style): string[] {
  if (consumers.length === 0) return [];
  const counted = consumers.reduce((sum, one) => sum + one.vmas, 0);
  const aside = counted === vmas.peak ? '' : `as of ${countOf(counted, 'VMA')}, near the peak`;
  const rows = consumers.slice(0, most).map((one) => row(one, counted, style));
  const columns = [{ right: 'VMAs' }, { right: '' }, 'what', ...(of === 'log' ? ['mapped by'] : []), 'growth'];
  const table = drawTable(
    columns,
    rows.map((cells) => (of === 'log' ? cells : cells.toSpliced(3, 1))),
    style.dim,
  );
  const left = consumers.slice(most).reduce((sum, one) => sum + one.vmas, 0);
  const more = left > 0 ? [style.dim(`  and ${countOf(left, 'more VMA')} (--json has them all)`)] : [];
  const heading = of === 'log' ? 'What takes VMAs at the peak' : 'What takes VMAs';
  return ['', title(heading, aside, style).trimEnd(), ...indent(withStacks(table, consumers, style)), ...more];
}

/** Below each row the stack of the calls that mapped it, where the log has it. */
function withStacks(table: readonly string[], consumers: readonly Consumer[], style: Style): string[] {
  return table.flatMap((line, at) => {
    const one = consumers[at - 1];
    const stack = one === undefined ? '' : stackText(one);
    return stack === ''
      ? [line]
      : [line, style.dim(cut(`            in ${stack}`, style.width - 2, ellipsisOf(style)))];
  });
}

function row(one: Consumer, counted: number, style: Style): string[] {
  const share = `${Math.round((100 * one.vmas) / counted)}%`;
  const growth = one.vmas * GROWS >= counted ? growthText(one) : '';
  const by = cut(makerText(one), MAKER, ellipsisOf(style));
  return [formatCount(one.vmas), share, cut(consumerText(one), WHAT, ellipsisOf(style)), by, growth];
}

function drawFailures({ failures, maxMapCount }: Overview, most: number, style: Style): string[] {
  if (failures.length === 0) return [];
  const calls = failures.reduce((sum, { count }) => sum + count, 0);
  const lines = ['', title('Calls that failed', formatCount(calls), style)];
  for (const failure of failures.slice(0, most)) {
    const text = `${failureTitle(failure)}: ${failureWhy(failure, maxMapCount)}`;
    const [first = '', ...rest] = wrap(text, style.width - 4);
    lines.push(`  ${first}`, ...rest.map((line) => `    ${line}`));
  }
  const left = failures.length - most;
  if (left > 0) lines.push(style.dim(`  and ${countOf(left, 'more kind')} (--json has them all)`));
  return lines;
}

function drawHelps(overview: Overview, most: number, style: Style): string[] {
  const { helps } = overview;
  if (helps.length === 0) return [];
  const shown = helps.slice(0, most).flatMap((help) => {
    const [first = '', ...rest] = wrap(helpText(help, overview), style.width - 4);
    return [`  ${first}`, ...rest.map((line) => `    ${line}`)];
  });
  return ['', title('What would help', '', style).trimEnd(), ...shown];
}

/** What is uncertain, shortly. */
function drawNotes({ overview, replay, notes }: ReportAnswer, style: Style): string[] {
  const first = replay?.kernels[0]?.processes[0];
  const lines: string[] = [];
  if (replay !== null && first !== undefined) {
    const { wrongResults, unknownMemory, assumptions, final } = first;
    const verdict = resultsVerdict(first, replay.log.unreadable, replay.unused.length);
    const isAside = wrongResults.count + unknownMemory.count + replay.log.unreadable + replay.unused.length === 0;
    if (!isAside) lines.push(...item('results', verdict.text, style));
    if (final !== null && final.differing > 0)
      lines.push(...item('final map', `${countOf(final.differing, 'difference')} from ${final.file}`, style));
    if (replay.log.perfFaults > 0) lines.push(...item('page faults', perfFaultsText(replay.log.perfFaults), style));
    if (assumptions.length > 0)
      lines.push(...item('assumed', `${countOf(assumptions.length, 'thing')}, which vma-lab replay lists`, style));
  }
  if (overview.of === 'map') for (const note of notes.slice(0, MAX_NOTES)) lines.push(...item('note', note, style));
  const more = replay === null ? 'vma-lab smaps (every VMA)' : 'vma-lab replay (everything)';
  return ['', ...lines, style.dim(`More of the same file: vma-lab why (what keeps neighbours apart), ${more}`)];
}
