import type { ProcessNotes, ProcessReport, WrongAnswer } from 'fork-sim';
import { countOf, mapVerdict } from 'fork-sim/words';
import type { AskedKernel, ReplayAnswer } from '../cli/answers.ts';
import type { Style } from '../cli/style.ts';
import { showResult } from '../json/texts.ts';
import { drawFinal } from './drawFinal.ts';
import { cut, drawTable, indent } from './drawTable.ts';
import { drawVerdict } from './drawVerdict.ts';
import { item, LABEL, title } from './section.ts';

/** Other processes whose notes are drawn. */
const MAX_OTHERS = 8;

/** What could not be replayed as it is, or came out differently. */
export function drawTrouble(report: ReplayAnswer, first: ProcessReport, style: Style): string[] {
  const lines: string[] = [];
  const add = (what: string, text: string): void => {
    lines.push(...item(what, text, style));
  };
  for (const { message } of first.violations.slice(0, 3))
    add('unsound', `the model is wrong, please report it: ${message}`);
  for (const { name, why, count, lines: at } of first.notModelled)
    add('not modelled', `${name}, ${count}${style.sign.times}: ${why} (line ${at.join(', ')})`);
  for (const wrong of first.wrongPlaces.examples.slice(0, 5)) add('placement', wrongText(wrong));
  for (const wrong of first.wrongResults.examples.slice(0, 5)) add('result', wrongText(wrong));
  const { outsideResults } = first;
  for (const { why, ...result } of outsideResults.examples.slice(0, 5)) add('outside', `${wrongText(result)}: ${why}`);
  if (outsideResults.count > 5) add('outside', `and ${countOf(outsideResults.count - 5, 'more call')} of this kind`);
  for (const result of first.unordered.examples.slice(0, 5)) add('order', wrongText(result));
  for (const result of first.afterUnread.examples.slice(0, 3)) add('not judged', wrongText(result));
  if (first.unknownMemory.count > 0) {
    const lineNumbers = first.unknownMemory.examples.slice(0, 5).map(({ line }) => line);
    add(
      'unknown',
      `${countOf(first.unknownMemory.count, 'call')} on memory that was mapped before the log began (line ${lineNumbers.join(', ')}); --initial tells it`,
    );
  }
  const { unreadable, unreadableLines, mended, unfinished } = report.log;
  if (unreadable > 0) {
    add('unreadable', `${countOf(unreadable, 'line')} could not be read:`);
    for (const { line, column, why, text } of unreadableLines.slice(0, 5))
      lines.push(`${' '.repeat(LABEL + 2)}${line}:${column}: ${why}: ${cut(text, 40, '..')}`);
  }
  if (mended > 0)
    add('mended', `${countOf(mended, 'line')} could be read once quoting, colours or wrapping were taken off`);
  if (unfinished > 0) add('unfinished', `${countOf(unfinished, 'call')} never got a result`);
  for (const sentence of first.assumptions) add('assumed', sentence);
  lines.push(...drawOthersNotes(first.others, style));
  return lines.length === 0
    ? []
    : [title('Not as the log has it', 'calls that were left out, or came out differently', style), ...lines];
}

/** What was noticed of other processes, or before an `execve`. */
export function drawOthersNotes(others: readonly ProcessNotes[], style: Style): string[] {
  const lines: string[] = [];
  for (const { pid, program, notModelled, wrongPlaces, wrongResults } of others.slice(0, MAX_OTHERS)) {
    lines.push(...item(`pid ${pid ?? '?'}`, program ?? 'another address space of the log', style));
    for (const { name, why, count, lines: at } of notModelled.slice(0, 5))
      lines.push(
        ...item('  not modelled', `${name}, ${count}${style.sign.times}: ${why} (line ${at.join(', ')})`, style),
      );
    for (const wrong of wrongPlaces.examples.slice(0, 3)) lines.push(...item('  placement', wrongText(wrong), style));
    for (const wrong of wrongResults.examples.slice(0, 3)) lines.push(...item('  result', wrongText(wrong), style));
  }
  const left = others.length - MAX_OTHERS;
  if (left > 0)
    lines.push(style.dim(`  and ${left} more processes of which something was noticed (--json lists them)`));
  return lines;
}

function wrongText({ line, call, log, model }: WrongAnswer): string {
  return `line ${line}: ${cut(call, 50, '..')} in the log ${showResult(log)}, in the model ${showResult(model)}`;
}

/** Whether a process's map is as the real one, in a cell of a table. */
function drawShort(final: NonNullable<ProcessReport['final']>, style: Style): string {
  const { state } = mapVerdict(final, final.file);
  const text = state === 'right' ? `${countOf(final.real, 'VMA')} equal` : countOf(final.differing, 'difference');
  return drawVerdict({ state, text }, style, false);
}

/** The processes besides the first, a line each. */
export function drawOthers(kernel: AskedKernel, others: readonly ProcessReport[], style: Style): string[] {
  const rows = others.map(({ pid, program, startVmas, peakVmas, endVmas, final, placesChecked, wrongPlaces }) => [
    String(pid ?? '?'),
    cut(program?.split('/').at(-1) ?? '', 20, '..'),
    `${startVmas} ${style.sign.arrow} ${peakVmas} ${style.sign.arrow} ${endVmas}`,
    `${placesChecked - wrongPlaces.count} of ${placesChecked}`,
    final === null ? '' : drawShort(final, style),
  ]);
  const columns = [{ right: 'pid' }, 'program', 'VMAs', 'placement', 'final map'];
  return [
    title(
      'Other processes',
      `${countOf(kernel.processesSeen, 'process', 'processes')} in the log; those alive at the end, or compared`,
      style,
    ),
    ...indent(drawTable(columns, rows, style.dim)),
    ...others.flatMap(({ pid, final }) =>
      final === null || final.differing === 0 ? [] : ['', `  pid ${pid}`, ...drawFinal(final, style)],
    ),
  ];
}
