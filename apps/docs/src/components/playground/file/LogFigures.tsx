import { countOf, formatCount } from 'fork-sim/words';
import type { StraceAnswer, WhatIfAnswer } from 'fork-sim/worker';
import type { ReactNode } from 'react';
import { type Figure, Figures } from './Figures.tsx';
import type { Job } from './useJob.ts';

interface LogFiguresProps {
  readonly answer: StraceAnswer;
  readonly whatIf: Job<WhatIfAnswer>;
  readonly onLine: (line: number) => void;
}

/** What one asks of a log first: how many VMAs, how far from the limit, as the log says or not. */
export function LogFigures({ answer, whatIf, onLine }: LogFiguresProps): ReactNode {
  const { outcome, final } = answer;
  if (outcome === null) return <p className="verdict">The log holds no call that concerns memory.</p>;
  const lineLink = (line: number): ReactNode => (
    <button type="button" className="link-button" onClick={() => onLine(line)}>
      line {formatCount(line)}
    </button>
  );
  const figures: Figure[] = [
    {
      name: 'VMAs at the peak',
      value: formatCount(outcome.peakVmas),
      note: (
        <>
          {outcome.peakLine === null ? 'never more than at the start' : lineLink(outcome.peakLine)};{' '}
          {formatCount(outcome.startVmas)} at the start, {formatCount(outcome.endVmas)} at the end
        </>
      ),
    },
    limitFigure(whatIf.value, outcome.peakVmas, lineLink),
    {
      name: 'merges, splits',
      value: `${formatCount(outcome.merges)}, ${formatCount(outcome.splits)}`,
      note: `${countOf(outcome.performed, 'call')} of ${countOf(answer.lines, 'line')}, ${outcome.processes === 1 ? 'one process' : `${formatCount(outcome.processes)} processes`}`,
    },
    {
      name: 'as the log says?',
      value:
        outcome.wrongResults + outcome.wrongPlaces === 0
          ? '✓ all'
          : `≠ ${formatCount(outcome.wrongResults + outcome.wrongPlaces)}`,
      note: 'results, and places of mappings',
    },
  ];
  if (final !== null) {
    figures.push({
      name: 'the real map at the end',
      value: final.differing === 0 ? '✓ the same' : `≠ ${formatCount(final.differing)}`,
      note: `${formatCount(final.equal)} of ${formatCount(final.real)} VMAs in range, permissions, offset and every flag`,
    });
  }
  const { guards } = whatIf.value ?? {};
  if (guards) {
    figures.push({
      name: 'guards as markers',
      value: `${formatCount(outcome.peakVmas)} → ${formatCount(guards.peakVmas)}`,
      note: `VMAs at the peak, were the ${countOf(guards.guards, 'PROT_NONE guard')} guard markers (${guards.profile}); ${formatCount(guards.tablesKb)} kB of page tables for all markers`,
    });
  }
  return <Figures figures={figures} />;
}

function limitFigure(whatIf: WhatIfAnswer | null, peak: number, lineLink: (line: number) => ReactNode): Figure {
  const limit = whatIf?.limit ?? null;
  const most = limit?.maxMapCount ?? 65_530;
  return {
    name: 'to spare below max_map_count',
    value: formatCount(most - peak),
    note: (
      <>
        of {formatCount(most)}
        {limit !== null && limit.fails !== null && (
          <>
            ; with a limit below {formatCount(limit.atLeast)}, {lineLink(limit.fails.line)} fails first:{' '}
            {limit.fails.call.split('(')[0]} → {limit.fails.errno}
          </>
        )}
      </>
    ),
  };
}
