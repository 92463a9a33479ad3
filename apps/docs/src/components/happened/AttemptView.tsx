import type { EventView, MapState } from 'fork-sim';
import type { ReactNode } from 'react';
import { type Attempt, caseName, lostFlags, MERGE_FUNCTIONS, RANGE_NAMES } from '../../picture/attempts.ts';
import { eventSentence, pageSpan } from '../../words/phrases.ts';
import { Chip } from '../Chip.tsx';
import type { Kinds } from './kinds.ts';
import { MergeDrawing } from './MergeDrawing.tsx';
import { RefusalView } from './RefusalView.tsx';

interface AttemptViewProps {
  readonly attempt: Attempt;
  readonly kinds: Kinds;
  /** The map at the end of the call. */
  readonly after: MapState;
}

/** One question to the merge rules, and the answer of each neighbour. */
export function AttemptView({ attempt, kinds, after }: AttemptViewProps): ReactNode {
  const { of, range, prev, next, merged } = attempt;
  return (
    <article className={merged === null ? 'attempt attempt-refused' : 'attempt attempt-merged'}>
      <h2>
        {merged === null ? 'No merge' : `Merged, ${caseName(merged)}`}
        <span className="attempt-asks">
          {RANGE_NAMES[of]}, {pageSpan(range)}, asked by <code>{MERGE_FUNCTIONS[of]}</code>
        </span>
      </h2>
      <MergeDrawing attempt={attempt} kinds={kinds} />
      {merged !== null && <MergedText merged={merged} after={after} />}
      {prev !== null && <RefusalView refused={prev} />}
      {next !== null && <RefusalView refused={next} />}
    </article>
  );
}

interface MergedTextProps {
  readonly merged: Extract<EventView, { kind: 'merged' }>;
  readonly after: MapState;
}

function MergedText({ merged, after }: MergedTextProps): ReactNode {
  const { stuck, result, removed } = merged;
  const gone = removed.length;
  const lost = lostFlags(merged, after);
  return (
    <>
      <p>
        {eventSentence(merged)} {gone === 0 ? 'As many VMAs as before.' : `${gone} VMA${gone === 1 ? '' : 's'} less.`}
      </p>
      {stuck.length > 0 && (
        <p className="stuck">
          Stuck to {result.letter}:{' '}
          {stuck.map((word) => (
            <Chip key={word} word={word} sticky />
          ))}{' '}
          not every part had {stuck.length === 1 ? 'it' : 'them'}, and the whole of {result.letter} got{' '}
          {stuck.length === 1 ? 'it' : 'them'}.
        </p>
      )}
      {lost.length > 0 && (
        <p className="stuck-lost">
          Lost again: {lost.join(' ')}. Before the call was over it stored the flags that it had computed before the
          merge.
        </p>
      )}
    </>
  );
}
