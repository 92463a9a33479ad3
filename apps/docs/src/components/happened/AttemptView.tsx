import type { EventView, MapState } from 'fork-sim';
import { countOf } from 'fork-sim/words';
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
        {eventSentence(merged)}{' '}
        {gone === 0 ? 'There are as many VMAs as before.' : `That is ${countOf(gone, 'VMA')} fewer.`}
      </p>
      {stuck.length > 0 && (
        <p className="stuck">
          {result.letter} now carries{' '}
          {stuck.map((word) => (
            <Chip key={word} word={word} sticky />
          ))}
          . Only some of the merged parts had {stuck.length === 1 ? 'this flag' : 'these flags'}, but{' '}
          {stuck.length === 1
            ? 'it is sticky, so the whole VMA keeps it'
            : 'they are sticky, so the whole VMA keeps them'}
          .
        </p>
      )}
      {lost.length > 0 && (
        <p className="stuck-lost">
          Lost again: {lost.join(' ')}. The call ended by storing the flags that it had computed before the merge.
        </p>
      )}
    </>
  );
}
