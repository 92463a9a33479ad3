import type { EventView } from 'fork-sim';
import type { ReactNode } from 'react';
import { type Attempt, caseName, MERGE_FUNCTIONS, RANGE_NAMES } from '../../lab/attempts.ts';
import { eventSentence, pageSpan } from '../../lab/phrases.ts';
import { Chip } from '../Chip.tsx';
import type { Kinds } from './kinds.ts';
import { MergeDrawing } from './MergeDrawing.tsx';
import { RefusalView } from './RefusalView.tsx';

/** One question to the merge rules, and the answer of each neighbour. */
export function AttemptView({ attempt, kinds }: { readonly attempt: Attempt; readonly kinds: Kinds }): ReactNode {
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
      {merged !== null && <MergedText merged={merged} />}
      {prev !== null && <RefusalView refused={prev} />}
      {next !== null && <RefusalView refused={next} />}
    </article>
  );
}

function MergedText({ merged }: { readonly merged: Extract<EventView, { kind: 'merged' }> }): ReactNode {
  const { stuck, result, removed } = merged;
  const gone = removed.length;
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
          not every part had {stuck.length === 1 ? 'it' : 'them'}, and the whole of {result.letter} has{' '}
          {stuck.length === 1 ? 'it' : 'them'} now.
        </p>
      )}
    </>
  );
}
