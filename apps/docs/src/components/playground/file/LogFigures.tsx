import {
  countOf,
  faultsText,
  formatCount,
  formatKb,
  guardsText,
  mapVerdict,
  placesVerdict,
  resultsVerdict,
  roomText,
  unseenText,
  type Verdict,
} from 'fork-sim/words';
import type { ReplayOutcome, StraceAnswer, WhatIfAnswer } from 'fork-sim/worker';
import type { ReactNode } from 'react';
import { signOf } from '../../../words/verdictSigns.ts';
import type { Figure } from './Figures.tsx';
import { checkpointFigure } from './LogCheckpoints.tsx';
import type { Job } from './useJob.ts';

interface LogFiguresInput {
  readonly answer: StraceAnswer;
  readonly whatIf: Job<WhatIfAnswer>;
  readonly onLine: (line: number) => void;
}

/** What one asks of a log first: how many VMAs, how far from the limit, as the log says or not. Empty: no call concerns memory. */
export function logFigures({ answer, whatIf, onLine }: LogFiguresInput): readonly Figure[] {
  const { outcome, final, processesSeen } = answer;
  if (outcome === null) return [];
  const lineLink = (line: number): ReactNode => (
    <button type="button" className="link-button" onClick={() => onLine(line)}>
      line {formatCount(line)}
    </button>
  );
  const results = resultsVerdict(outcome, answer.unread, answer.unused.length);
  const places = placesVerdict(outcome);
  const wrong = outcome.wrongResults.count + outcome.wrongPlaces.count + outcome.violations.length;
  const isRight = results.state === 'right' && places.state !== 'wrong';
  const figures: Figure[] = [
    {
      name: 'VMAs at the peak',
      value: `${outcome.startsFrom === 'map' ? '' : '≥ '}${formatCount(outcome.peakVmas)}`,
      note: (
        <>
          {outcome.peakCall === null ? 'never more than at the start' : lineLink(outcome.peakCall.line)};{' '}
          {formatCount(outcome.startVmas)} at the start, {formatCount(outcome.endVmas)} at the end
          {unseenText(outcome.startsFrom)}
        </>
      ),
    },
    limitFigure(outcome, whatIf.value?.limit ?? null, lineLink),
    {
      name: 'merges, splits',
      value: `${formatCount(outcome.merges)}, ${formatCount(outcome.splits)}`,
      note: `${countOf(outcome.performed, 'call')} of ${countOf(answer.lines, 'line')}, ${processesSeen === 1 ? 'one process' : `${formatCount(processesSeen)} processes`}`,
    },
    {
      name: 'as the log says?',
      value: wrong > 0 ? `≠ ${formatCount(wrong)}` : isRight ? '✓ all' : '? not all',
      note: `${results.text}; ${places.text}`,
    },
  ];
  if (final !== null) {
    figures.push({
      name: 'the real map at the end',
      ...mapFigure(mapVerdict(final, 'the real map'), final.differing),
    });
  }
  for (const other of answer.otherFinals) {
    const whose = `the real map of pid ${other.pid ?? '?'} at the end`;
    figures.push({ name: whose, ...mapFigure(mapVerdict(other, other.file), other.differing) });
  }
  figures.push(...checkpointFigure(answer.checkpoints));
  if (answer.faultsRecorded !== null) {
    figures.push({
      name: 'page faults recorded',
      value: formatCount(answer.faultsRecorded),
      note: 'perf saw them, so nothing is assumed about which memory was written',
    });
  }
  if (answer.faultsFound !== null) {
    const { differing } = answer.faultsFound;
    figures.push({
      name: 'page faults nobody saw',
      value: differing === 0 ? answer.faultsFound.faults : '≠ none lead there',
      note: faultsText(answer.faultsFound),
    });
  }
  const { guards } = whatIf.value ?? {};
  if (guards) {
    figures.push({
      name: 'guards as markers',
      value: `${formatCount(outcome.peakVmas)} → ${formatCount(guards.peakVmas)}`,
      note: `VMAs at the peak, were the ${guardsText(guards.guards, guards.sizes)} guard markers (${guards.profile}); ${formatKb(guards.tablesKb)} of page tables for all markers`,
    });
  }
  return [...unreadFigure(answer), ...figures];
}

function mapFigure(verdict: Verdict, differing: number): Pick<Figure, 'value' | 'note'> {
  const value = verdict.state === 'wrong' ? `≠ ${formatCount(differing)}` : `${signOf(verdict)} the same`;
  return { value: verdict.state === 'none' ? signOf(verdict) : value, note: verdict.text };
}

/** Lines that could not be read come before all that is said of the others. */
function unreadFigure({ unread, lines }: StraceAnswer): Figure[] {
  if (unread === 0) return [];
  const value = `${formatCount(unread)} of ${formatCount(lines)}`;
  return [{ name: 'lines not read', value, note: 'they are listed below, and no figure here counts them' }];
}

function limitFigure(
  { maxMapCount, peakVmas, startsFrom }: ReplayOutcome,
  limit: WhatIfAnswer['limit'],
  lineLink: (line: number) => ReactNode,
): Figure {
  return {
    name: 'to spare below max_map_count',
    value: startsFrom === 'unknown' ? 'not known' : formatCount(Math.max(0, maxMapCount - peakVmas)),
    note: (
      <>
        of {formatCount(maxMapCount)}: {roomText({ vmas: peakVmas, maxMapCount, startsFrom })}
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
