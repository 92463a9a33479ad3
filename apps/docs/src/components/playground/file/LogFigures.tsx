import type { StraceAnswer, WhatIfAnswer } from 'fork-sim/worker';
import type { ReactNode } from 'react';
import { count } from '../../../words/phrases.ts';
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
      line {line.toLocaleString('en')}
    </button>
  );
  const figures: Figure[] = [
    {
      name: 'VMAs at the peak',
      value: n(outcome.peakVmas),
      note: (
        <>
          {outcome.peakLine === null ? 'never more than at the start' : lineLink(outcome.peakLine)};{' '}
          {n(outcome.startVmas)} at the start, {n(outcome.endVmas)} at the end
        </>
      ),
    },
    limitFigure(whatIf.value, outcome.peakVmas, lineLink),
    {
      name: 'merges, splits',
      value: `${n(outcome.merges)}, ${n(outcome.splits)}`,
      note: `${count(outcome.performed, 'call')} of ${count(answer.lines, 'line')}, ${outcome.processes === 1 ? 'one process' : `${n(outcome.processes)} processes`}`,
    },
    {
      name: 'as the log says?',
      value:
        outcome.wrongResults + outcome.wrongPlaces === 0
          ? '✓ all'
          : `≠ ${n(outcome.wrongResults + outcome.wrongPlaces)}`,
      note: 'results, and places of mappings',
    },
  ];
  if (final !== null) {
    figures.push({
      name: 'the real map at the end',
      value: final.differing === 0 ? '✓ the same' : `≠ ${n(final.differing)}`,
      note: `${n(final.equal)} of ${n(final.real)} VMAs in range, permissions, offset and every flag`,
    });
  }
  const { guards } = whatIf.value ?? {};
  if (guards) {
    figures.push({
      name: 'guards as markers',
      value: `${n(outcome.peakVmas)} → ${n(guards.peakVmas)}`,
      note: `VMAs at the peak, were the ${count(guards.guards, 'PROT_NONE guard')} guard markers (${guards.profile}); ${n(guards.tablesKb)} kB of page tables for all markers`,
    });
  }
  return <Figures figures={figures} />;
}

function limitFigure(whatIf: WhatIfAnswer | null, peak: number, lineLink: (line: number) => ReactNode): Figure {
  const limit = whatIf?.limit ?? null;
  const most = limit?.maxMapCount ?? 65_530;
  return {
    name: 'to spare below max_map_count',
    value: n(most - peak),
    note: (
      <>
        of {n(most)}
        {limit !== null && limit.fails !== null && (
          <>
            ; with a limit below {n(limit.atLeast)}, {lineLink(limit.fails.line)} fails first:{' '}
            {limit.fails.call.split('(')[0]} → {limit.fails.errno}
          </>
        )}
      </>
    ),
  };
}

function n(value: number): string {
  return value.toLocaleString('en');
}
