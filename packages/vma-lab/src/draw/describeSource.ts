import { countOf } from 'fork-sim/words';
import type { ReportAnswer } from '../cli/answers.ts';

/** Which file, which program, how much of a log, on which kernel: a line above a report. */
export function describeSource({ file, kernel, overview, threads, replay }: ReportAnswer): string {
  const { program, pid } = overview;
  const words = [
    file,
    program ?? '',
    pid === null ? '' : `pid ${pid}`,
    threads === null ? '' : countOf(threads, 'thread'),
    replay === null ? '' : `${countOf(replay.log.calls, 'call')} of ${countOf(replay.log.lines, 'line')}`,
    `as Linux ${kernel.kernel}`,
  ];
  return words.filter((word) => word !== '').join(', ');
}
