import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { makeExercise } from '../lab/exercises.ts';
import { formatOp } from '../lab/opText.ts';
import { viewOfTrace } from '../lab/view.ts';
import { PlaygroundLink } from './PlaygroundLink.tsx';
import { StateFigure } from './StateFigure.tsx';
import { StepView } from './StepView.tsx';

/** Reads `#seed=17`. */
function seedOf(hash: string): number | null {
  const match = /^#seed=(\d{1,9})$/.exec(hash);
  return match ? Number(match[1]) : null;
}

/** Predict first, then reveal. The seed is in the link. */
export function Exercise(): ReactNode {
  const [seed, setSeed] = useState(1);
  const [chosen, setChosen] = useState<number | null>(null);
  useEffect(() => {
    const read = (): void => {
      const linked = seedOf(window.location.hash);
      if (linked === null) return;
      setSeed(linked);
      setChosen(null);
    };
    read();
    window.addEventListener('hashchange', read);
    return () => window.removeEventListener('hashchange', read);
  }, []);
  const task = useMemo(() => makeExercise(seed), [seed]);
  const view = useMemo(() => viewOfTrace(task.trace), [task]);
  const last = task.trace.steps.at(-1);
  const go = (next: number): void => {
    window.history.replaceState(null, '', `#seed=${next}`);
    setSeed(next);
    setChosen(null);
  };
  if (!last) return null;
  const right = chosen === task.answer;
  return (
    <section className="panel exercise" aria-label={`Exercise ${seed}`}>
      <div className="player-head">
        <p className="player-title">Exercise {seed}</p>
        <span className="profile-select">
          <span>Kernel</span> <strong>{task.profile}</strong>
        </span>
      </div>
      <ol className="exercise-lines">
        {task.trace.steps.map((step) => (
          <li key={step.index}>
            <code>{formatOp(step.op)}</code>
          </li>
        ))}
      </ol>
      <StateFigure state={last.before} view={view} title="Before the last call" mark={last.op} borders={false} />
      <p className="verdict">{task.question}</p>
      <div className="exercise-choices">
        {task.choices.map((choice, index) => (
          <button
            key={choice}
            type="button"
            className="lab-button"
            disabled={chosen !== null}
            aria-pressed={chosen === index}
            onClick={() => setChosen(index)}
          >
            {choice}
          </button>
        ))}
      </div>
      <div aria-live="polite">
        {chosen !== null && (
          <>
            <p className={right ? 'verdict yes' : 'verdict'} data-right={right}>
              {right ? 'Right.' : `Not quite: ${task.choices[task.answer]}.`}
            </p>
            <StepView step={last} view={view} />
            <PlaygroundLink lines={task.lines} profile={task.profile} />
          </>
        )}
      </div>
      <button type="button" className="lab-button" onClick={() => go(seed + 1)}>
        Next exercise
      </button>
    </section>
  );
}
