import type { TraceStep } from 'fork-sim';
import type { ReactNode } from 'react';
import { attemptsOf } from '../../picture/attempts.ts';
import { pageSentences, resultSentences } from '../../words/phrases.ts';
import { AttemptView } from './AttemptView.tsx';
import { ForkTable } from './ForkTable.tsx';
import { kindsOf } from './kinds.ts';
import { SplitView } from './SplitView.tsx';

interface HappenedProps {
  readonly step: TraceStep;
  readonly kernel: string;
}

/** What a step did, explained: each merge drawn, each refusal with its rule and values, splits, and what fork decided. */
export function Happened({ step, kernel }: HappenedProps): ReactNode {
  const attempts = attemptsOf(step);
  const kinds = kindsOf(step);
  const splits = step.events.filter((event) => event.kind === 'split');
  return (
    <section className="happened" aria-label={`What happened on ${kernel}`}>
      <div className="happened-said" aria-live="polite">
        {[...resultSentences(step), ...pageSentences(step)].map((line) => (
          <p key={line}>{line}</p>
        ))}
        {attempts.map((attempt, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: attempts have no other name than their order
          <AttemptView key={`${step.index} ${at}`} attempt={attempt} kinds={kinds} after={step.state} />
        ))}
        {splits.map(({ below, above }) => (
          <SplitView key={above.start} below={below} above={above} kinds={kinds} />
        ))}
        {step.decisions.length > 0 && <ForkTable step={step} />}
      </div>
    </section>
  );
}
