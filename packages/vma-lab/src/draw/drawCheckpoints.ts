import type { CheckpointResult } from 'fork-sim';
import { checkpointVerdict, countOf } from 'fork-sim/words';
import type { Style } from '../cli/style.ts';
import { drawFinal } from './drawFinal.ts';
import { drawVerdict } from './drawVerdict.ts';

/** Checkpoints that are listed, and those whose differences are drawn. */
const MAX_LISTED = 10;
const MAX_DRAWN = 3;

/** The real maps at lines of a log, compared: a line each, what is not as the model has it first. */
export function drawCheckpoints(checkpoints: readonly CheckpointResult[], style: Style): [string, string][] {
  const all = checkpoints.map((checkpoint) => ({ checkpoint, verdict: checkpointVerdict(checkpoint) }));
  const troubled = all.filter(({ verdict }) => verdict.state !== 'right');
  const right = all.filter(({ verdict }) => verdict.state === 'right');
  const listed = [...troubled, ...right].slice(0, MAX_LISTED).toSorted((a, b) => a.checkpoint.line - b.checkpoint.line);
  const lines = listed.map(({ checkpoint: { line, comparison }, verdict }): [string, string] => [
    `line ${line}`,
    drawVerdict(verdict, style, (comparison?.differing ?? 0) > 0),
  ]);
  const left = all.length - listed.length;
  if (left <= 0) return lines;
  const wrong = Math.max(0, troubled.length - MAX_LISTED);
  const rest = wrong === 0 ? 'all as the model has them' : `${wrong} of them not, or not in all, as the model has them`;
  return [
    ...lines,
    ['', `and ${countOf(left, 'more map', 'more maps')} that the log shows: ${rest} (--json lists them)`],
  ];
}

/** How the model's map differs from the real one at the first lines where it does. */
export function drawCheckpointDifferences(checkpoints: readonly CheckpointResult[], style: Style): string[] {
  const differing = checkpoints.flatMap(({ comparison, file, line }) =>
    comparison === null || comparison.differing === 0 ? [] : [{ ...comparison, file: `${file}, line ${line}` }],
  );
  return differing.slice(0, MAX_DRAWN).flatMap((one) => ['', ...drawFinal(one, style)]);
}
