import type { TraceStep } from 'fork-sim';
import type { ReactNode } from 'react';
import { decisionSentence, stateSentence } from '../lab/phrases.ts';
import type { View } from '../lab/view.ts';
import { placer, Strip } from './Strip.tsx';

const ACTION_MARKS: Readonly<Record<string, string>> = {
  copy: '= copied',
  refault: '~ refault',
  wipe: '0 wiped',
  skip: '× skipped',
};

/** Parent above, child below, and between them what fork did with each VMA. */
export function ForkFigure({ step, view }: { readonly step: TraceStep; readonly view: View }): ReactNode {
  const { child, state } = step;
  if (child === null) return null;
  const at = placer(view);
  return (
    <figure className="figure fork">
      <figcaption className="figure-title">Parent</figcaption>
      <Strip state={state} view={view} label={`Parent. ${stateSentence(state)}`} />
      <div className="fork-links" aria-hidden="true">
        {step.decisions.map((decision) => {
          const vma = state.vmas.find(({ letter }) => letter === decision.letter);
          if (!vma) return null;
          return (
            <div key={decision.letter} className={`fork-link fork-${decision.action}`} style={at(vma.start, vma.end)}>
              <span>{ACTION_MARKS[decision.action]}</span>
            </div>
          );
        })}
      </div>
      <figcaption className="figure-title">Child</figcaption>
      <Strip state={child} view={view} label={`Child. ${stateSentence(child)}`} ruler={false} />
      <ul className="sentences">
        {step.decisions.map((decision) => (
          <li key={decision.letter}>{decisionSentence(decision)}</li>
        ))}
      </ul>
    </figure>
  );
}
