import type { ProcessReport } from 'fork-sim';
import { unusedMapSentence } from 'fork-sim/words';
import type { AskedKernel, ReplayAnswer } from '../cli/answers.ts';
import type { Style } from '../cli/style.ts';
import { drawCheckpointDifferences } from './drawCheckpoints.ts';
import { drawBetween, drawFinal } from './drawFinal.ts';
import { drawMap, mapLegend } from './drawMap.ts';
import { drawFork, drawLimits, drawRefusals } from './drawReplayDetails.ts';
import { heading, summary } from './drawReplaySummary.ts';
import { drawOthers, drawTrouble } from './drawReplayTrouble.ts';
import { drawVmaTable } from './drawVmaTable.ts';
import { mapBars } from './mapBars.ts';
import { finish, item, title } from './section.ts';

/** How much of a report is printed. */
export interface DrawOptions {
  /** Every VMA and every refusal, however many. */
  readonly all?: boolean;
}

/** Rows of the table of VMAs, unless all are asked for. */
const MAX_ROWS = 48;

/** Draws a report of a replay. */
export function drawReplay(report: ReplayAnswer, options: DrawOptions, style: Style): string {
  const lines = report.unused.flatMap((map) => item('not used', style.bad(unusedMapSentence(map)), style));
  if (lines.length > 0) lines.push('');
  for (const [at, kernel] of report.kernels.entries()) {
    if (at > 0) lines.push('', style.dim(style.sign.rule.repeat(style.width)), '');
    lines.push(...(at === 0 ? drawKernel(report, kernel, options, style) : drawSecond(report, kernel, style)));
  }
  if (report.between !== null) lines.push('', ...drawBetween(report, style));
  return finish(lines, style);
}

function drawKernel(report: ReplayAnswer, kernel: AskedKernel, options: DrawOptions, style: Style): string[] {
  const [first, ...others] = kernel.processes;
  if (first === undefined) return [];
  const lines = [...heading(report, kernel, first, style), ''];
  lines.push(...summary(report, kernel, first, style));
  if (first.final !== null && first.final.differences.length > 0) lines.push('', ...drawFinal(first.final, style));
  lines.push(...drawCheckpointDifferences(kernel.checkpoints, style));
  if (first.machine === null || first.map.length > 0) lines.push('', ...drawPicture(first, options, style));
  lines.push('', ...drawRefusals(first.refusals, options.all === true, style));
  if (first.machine === null) lines.push('', ...drawFork(kernel, first, style));
  if (kernel.limits !== null && first.machine === null) lines.push('', ...drawLimits(first, kernel.limits, style));
  const trouble = drawTrouble(report, first, style);
  if (trouble.length > 0) lines.push('', ...trouble);
  if (others.length > 0) lines.push('', ...drawOthers(kernel, others, style));
  return lines;
}

/** The second of two kernels: its summary alone, since what differs is drawn below. */
function drawSecond(report: ReplayAnswer, kernel: AskedKernel, style: Style): string[] {
  const [first] = kernel.processes;
  if (first === undefined) return [];
  const lines = [...heading(report, kernel, first, style), '', ...summary(report, kernel, first, style)];
  if (first.final !== null && first.final.differences.length > 0) lines.push('', ...drawFinal(first.final, style));
  lines.push(...drawCheckpointDifferences(kernel.checkpoints, style));
  const trouble = drawTrouble(report, first, style);
  return trouble.length > 0 ? [...lines, '', ...trouble] : lines;
}

function drawPicture(first: ProcessReport, options: DrawOptions, style: Style): string[] {
  const most = options.all ? Number.POSITIVE_INFINITY : MAX_ROWS;
  const map = options.all ? first.map : first.map.slice(0, 400);
  return [
    title('The map at the end', 'low addresses left; bars are not to scale', style),
    mapLegend(style),
    '',
    ...drawMap(mapBars(map, first.guards), style),
    '',
    ...drawVmaTable(first.map, most, style, first.machine === null),
  ];
}
