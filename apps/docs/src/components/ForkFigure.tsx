import type { TraceStep } from 'fork-sim';
import type { ReactNode } from 'react';
import type { View } from '../picture/view.ts';
import { decisionSentence, stateSentence } from '../words/phrases.ts';
import { placer } from './placer.ts';
import { Strip } from './Strip.tsx';

/** What fork does with a VMA, in a word that stands below it. */
export const FORK_MARKS: Readonly<Record<string, string>> = {
  copy: '= copied',
  refault: '~ refault',
  wipe: '0 wiped',
  skip: '× skipped',
};

/** Between parent and child: what fork did with each VMA. */
export function ForkLinks({ step, view }: { readonly step: TraceStep; readonly view: View }): ReactNode {
  const at = placer(view);
  const shown = step.decisions.filter(({ start, end }) => end > view.from && start < view.to);
  return (
    <div className="fork-links" aria-hidden="true">
      {shown.map(({ letter, start, end, action }) => (
        <div key={letter} className={`fork-link fork-${action}`} style={at(start, end)}>
          <span>{FORK_MARKS[action]}</span>
        </div>
      ))}
    </div>
  );
}

/** Parent above, child below, and between them what fork did with each VMA. */
export function ForkFigure({ step, view }: { readonly step: TraceStep; readonly view: View }): ReactNode {
  const { child, state } = step;
  if (child === null) return null;
  return (
    <figure className="figure fork">
      <figcaption className="figure-title">Parent</figcaption>
      <Strip state={state} view={view} label={`Parent. ${stateSentence(state)}`} />
      <ForkLinks step={step} view={view} />
      <figcaption className="figure-title">Child</figcaption>
      <Strip state={child} view={view} label={`Child. ${stateSentence(child)}`} ruler={false} arrives />
      <ul className="sentences">
        {step.decisions.map((decision) => (
          <li key={decision.letter}>{decisionSentence(decision)}</li>
        ))}
      </ul>
    </figure>
  );
}
