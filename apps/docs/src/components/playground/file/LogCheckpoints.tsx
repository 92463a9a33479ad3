import { checkpointVerdict, countOf, formatCount, type Verdict } from 'fork-sim/words';
import type { CheckpointResult } from 'fork-sim/worker';
import type { ReactNode } from 'react';
import { signOf } from '../../../words/verdictSigns.ts';
import type { Figure } from './Figures.tsx';
import { MapDifferences } from './MapDifferences.tsx';

interface LogCheckpointsProps {
  readonly checkpoints: readonly CheckpointResult[];
  readonly onLine: (line: number) => void;
  /** Shows the VMA at an address, after the call of a line. */
  readonly onAddr: (line: number, addr: number) => void;
}

/** Checkpoints that are listed, and those whose differences are shown. */
const MAX_LISTED = 200;
const MAX_COMPARED = 10;

/** The real maps at lines of a log, compared: those that its programs read, and those that were given. */
export function LogCheckpoints({ checkpoints, onLine, onAddr }: LogCheckpointsProps): ReactNode {
  if (checkpoints.length === 0) return null;
  const all = checkpoints.map((checkpoint) => ({ checkpoint, verdict: checkpointVerdict(checkpoint) }));
  const differing = all.filter(({ checkpoint }) => (checkpoint.comparison?.differing ?? 0) > 0);
  return (
    <details className="checkpoints" open={differing.length > 0}>
      <summary>{countOf(all.length, 'real map')} at lines of the log</summary>
      <ul className="sentences">
        {all.slice(0, MAX_LISTED).map(({ checkpoint: { line, pid, file, why }, verdict }) => (
          <li key={`${line} ${pid} ${file} ${why}`}>
            <button type="button" className="link-button" onClick={() => onLine(line)}>
              line {formatCount(line)}
            </button>
            : {signOf(verdict)} {verdict.text}
          </li>
        ))}
        {all.length > MAX_LISTED && <li>and {formatCount(all.length - MAX_LISTED)} more</li>}
      </ul>
      {differing
        .slice(0, MAX_COMPARED)
        .map(
          ({ checkpoint: { line, pid, file, comparison } }) =>
            comparison !== null && (
              <MapDifferences
                key={`${line} ${pid} ${file}`}
                answer={comparison}
                sides={[`${file} at line ${formatCount(line)}`, 'the model']}
                onAddr={(addr) => onAddr(line, addr)}
              />
            ),
        )}
    </details>
  );
}

/** The checkpoints in one figure; none: the log has none. */
export function checkpointFigure(checkpoints: readonly CheckpointResult[]): Figure[] {
  if (checkpoints.length === 0) return [];
  const verdicts = checkpoints.map(checkpointVerdict);
  const count = (state: Verdict['state']): number => verdicts.filter((one) => one.state === state).length;
  const [wrong, open] = [count('wrong'), count('open')];
  const value = wrong > 0 ? `≠ ${formatCount(wrong)}` : open > 0 ? `? ${formatCount(open)}` : '✓ all';
  const parts = [
    `${formatCount(count('right'))} of ${countOf(checkpoints.length, 'map')} that the log shows are as the model has them there`,
    ...(open > 0 ? [`${formatCount(open)} could not be compared, or not in all`] : []),
  ];
  return [{ name: 'real maps in the log', value, note: parts.join('; ') }];
}
