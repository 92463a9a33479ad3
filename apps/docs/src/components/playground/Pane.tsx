import type { Trace } from 'fork-sim';
import type { ReactNode } from 'react';
import { stepSentences } from '../../lab/phrases.ts';
import type { View } from '../../lab/view.ts';
import { ForkFigure } from '../ForkFigure.tsx';
import { StateFigure } from '../StateFigure.tsx';
import { Call } from '../StepView.tsx';

interface PaneProps {
  readonly trace: Trace;
  readonly index: number;
  readonly view: View;
  /** Says above the picture which kernel it is. */
  readonly named: boolean;
  readonly differs: boolean;
}

/** One kernel's answer at one step: the call, the map, and what happened. */
export function Pane({ trace, index, view, named, differs }: PaneProps): ReactNode {
  const step = trace.steps[index];
  if (!step) return null;
  return (
    <div className={differs ? 'pane pane-differs' : 'pane'}>
      {named && <p className="pane-title">{trace.profile}</p>}
      <Call step={step} />
      {step.child === null ? <StateFigure state={step.state} view={view} /> : <ForkFigure step={step} view={view} />}
      {step.child === null && (
        <section className="happened" aria-label={`What happened on ${trace.profile}`} aria-live="polite">
          <ul className="sentences">
            {stepSentences(step).map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}
