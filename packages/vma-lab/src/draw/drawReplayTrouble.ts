import { countOf } from 'fork-sim/words';
import type { Style } from '../cli/style.ts';
import type { KernelReport, ProcessReport, ReplayReport } from '../report/replayReport.ts';
import { drawFinal } from './drawFinal.ts';
import { cut, drawTable } from './drawTable.ts';
import { item, LABEL, title } from './section.ts';

/** What could not be replayed as it is, or came out differently. */
export function drawTrouble(report: ReplayReport, first: ProcessReport, style: Style): string[] {
  const lines: string[] = [];
  const add = (what: string, text: string): void => {
    lines.push(...item(what, text, style));
  };
  for (const { name, why, count, lines: at } of first.notModelled)
    add('not modelled', `${name}, ${count}${style.sign.times}: ${why} (line ${at.join(', ')})`);
  for (const { line, call, log, model } of first.places.examples.slice(0, 5))
    add('placement', `line ${line}: ${cut(call, 50, '..')} in the log ${log}, in the model ${model}`);
  for (const { line, call, log, model } of first.results.examples.slice(0, 5))
    add('result', `line ${line}: ${cut(call, 50, '..')} in the log ${log}, in the model ${model}`);
  if (first.unknownMemory.count > 0) {
    const lineNumbers = first.unknownMemory.examples.slice(0, 5).map(({ line }) => line);
    add(
      'unknown',
      `${countOf(first.unknownMemory.count, 'call')} on memory that was mapped before the log began (line ${lineNumbers.join(', ')}); --initial tells it`,
    );
  }
  const { unreadable, unreadableLines, unfinished } = report.log;
  if (unreadable > 0) {
    add('unreadable', `${countOf(unreadable, 'line')} could not be read:`);
    for (const { line, column, why, text } of unreadableLines.slice(0, 5))
      lines.push(`${' '.repeat(LABEL + 2)}${line}:${column}: ${why}: ${cut(text, 40, '..')}`);
  }
  if (unfinished > 0) add('unfinished', `${countOf(unfinished, 'call')} never got a result`);
  for (const sentence of first.assumptions) add('assumed', sentence);
  return lines.length === 0
    ? []
    : [title('Not as the log has it', 'what was left out, or came out differently', style), ...lines];
}

/** The processes besides the first, a line each. */
export function drawOthers(kernel: KernelReport, others: readonly ProcessReport[], style: Style): string[] {
  const rows = others.map(({ pid, program, vmas, final, places }) => [
    String(pid ?? '?'),
    cut(program?.split('/').at(-1) ?? '', 20, '..'),
    `${vmas.start} ${style.sign.arrow} ${vmas.peak} ${style.sign.arrow} ${vmas.end}`,
    `${places.checked - places.wrong} of ${places.checked}`,
    final === null
      ? ''
      : final.differences.length === 0
        ? style.good(`${style.sign.check} ${final.real} VMAs equal`)
        : style.bad(`${style.sign.cross} ${countOf(final.differences.length, 'difference')}`),
  ]);
  const columns = [
    { title: 'pid', align: 'right' as const },
    { title: 'program' },
    { title: 'VMAs' },
    { title: 'placement' },
    { title: 'final map' },
  ];
  return [
    title(
      'Other processes',
      `${countOf(kernel.processesSeen, 'process', 'processes')} in the log; those alive at the end, or compared`,
      style,
    ),
    ...drawTable(columns, rows, style.dim).map((line) => `  ${line}`),
    ...others.flatMap(({ pid, final }) =>
      final === null || final.differences.length === 0 ? [] : ['', `  pid ${pid}`, ...drawFinal(final, style)],
    ),
  ];
}
