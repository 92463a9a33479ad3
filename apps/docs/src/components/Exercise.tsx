import recorded from '@generated/exercises/default/recorded.json';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { KERNEL_PROFILES } from 'vma-core';
import {
  type ExerciseName,
  type ExerciseTask,
  exerciseHash,
  exerciseOf,
  exerciseTask,
} from '../content/exerciseTask.ts';
import { viewOfTrace } from '../picture/view.ts';
import { stepSentences } from '../words/phrases.ts';
import { Choices } from './Choices.tsx';
import { Interactive } from './Interactive.tsx';
import { PlaygroundLink } from './PlaygroundLink.tsx';
import { StateFigure } from './StateFigure.tsx';
import { StepView } from './StepView.tsx';
import { useScore } from './useScore.ts';

const LEVELS: readonly { readonly level: ExerciseName['level']; readonly label: string }[] = [
  { level: 'easy', label: 'First steps' },
  { level: 'usual', label: 'Usual' },
  { level: 'hard', label: 'Hard: from real kernels' },
];

/** Predict first, then reveal. A seed, or a recorded scenario, is in the link. */
export function Exercise(): ReactNode {
  const [name, setName] = useState<ExerciseName>({ level: 'easy', seed: 1 });
  const [chosen, setChosen] = useState<readonly number[] | null>(null);
  const [score, count, reset] = useScore();
  useEffect(() => {
    const read = (): void => {
      const linked = exerciseOf(window.location.hash, recorded);
      if (linked === null) return;
      setName(linked);
      setChosen(null);
    };
    read();
    window.addEventListener('hashchange', read);
    return () => window.removeEventListener('hashchange', read);
  }, []);
  const task = useMemo(() => exerciseTask(name, recorded), [name]);
  const go = (next: ExerciseName): void => {
    window.history.replaceState(null, '', exerciseHash(next, recorded));
    setName(next);
    setChosen(null);
  };
  return (
    <Interactive>
      <section className="panel exercise" aria-label={task.title}>
        <div className="player-head">
          <p className="player-title">{task.title}</p>
          <fieldset className="exercise-levels">
            <legend>Difficulty</legend>
            {LEVELS.map(({ level, label }) => (
              <label key={level}>
                <input
                  type="radio"
                  name="level"
                  checked={name.level === level}
                  onChange={() => go(level === 'hard' ? { level, seed: 0 } : { level, seed: 1 })}
                />{' '}
                {label}
              </label>
            ))}
          </fieldset>
        </div>
        <Task
          key={`${name.level} ${task.title}`}
          task={task}
          chosen={chosen}
          onChoose={(choices) => {
            setChosen(choices);
            count(isRight(task, choices));
          }}
        />
        <button type="button" className="lab-button" onClick={() => go(task.next)}>
          Next exercise
        </button>
        {score.tried > 0 && (
          <p className="exercise-score">
            You answered {score.right} of {score.tried} right.{' '}
            <button type="button" className="lab-button" onClick={reset}>
              Begin again
            </button>
          </p>
        )}
      </section>
    </Interactive>
  );
}

/** True where all right choices were made and no other. */
function isRight({ right }: ExerciseTask, chosen: readonly number[]): boolean {
  return right.length === chosen.length && right.every((one) => chosen.includes(one));
}

/** The right choices in words. */
function rightText({ right, choices }: ExerciseTask): string {
  return right.length === 0 ? 'none of them' : right.map((at) => choices[at]).join(' and ');
}

/** What a profile stands for, where its name alone does not say it. */
function aboutProfile(name: string | undefined): string {
  const kernels = KERNEL_PROFILES.find((profile) => profile.name === name)?.kernels;
  return kernels === undefined ? '' : ` (${kernels})`;
}

interface TaskProps {
  readonly task: ExerciseTask;
  readonly chosen: readonly number[] | null;
  readonly onChoose: (choices: readonly number[]) => void;
}

function Task({ task, chosen, onChoose }: TaskProps): ReactNode {
  const [trace] = task.traces;
  const last = trace?.steps.at(-1);
  const views = useMemo(() => task.traces.map((one) => viewOfTrace(one)), [task]);
  if (!trace || !last) return null;
  const right = chosen !== null && isRight(task, chosen);
  return (
    <>
      <p className="exercise-kernel">
        {task.traces.length > 1 ? 'Kernels' : 'Kernel'} <strong>{task.kernels.join(' and ')}</strong>
        {task.traces.length === 1 && aboutProfile(task.kernels[0])}
      </p>
      <ol className="exercise-lines">
        {trace.steps.map((step) => (
          <li key={step.index}>
            <code>{step.line}</code>
          </li>
        ))}
      </ol>
      {task.traces.map((one, i) => {
        const step = one.steps.at(-1);
        const same = i > 0 && JSON.stringify(step?.before) === JSON.stringify(last.before);
        if (!step || same) return null;
        return (
          <StateFigure
            key={one.profile}
            state={step.before}
            view={views[i]}
            title={`Before the last call${i > 0 ? `, on ${task.kernels[i]}` : ''}`}
            mark={step.op}
            borders={false}
          />
        );
      })}
      <p className="verdict">{task.question}</p>
      <Choices task={task} chosen={chosen} onChoose={onChoose} />
      <div aria-live="polite">
        {chosen !== null && (
          <>
            <p className={right ? 'verdict yes' : 'verdict'} data-right={right}>
              {right ? 'Right.' : `Not quite: ${rightText(task)}.`}
            </p>
            {task.traces.map((one, i) => (
              <p key={one.profile} className="exercise-why">
                {task.traces.length > 1 ? `Why, on ${task.kernels[i]}: ` : 'Why: '}
                {one.steps.at(-1) && stepSentences(one.steps.at(-1)!).join(' ')}
              </p>
            ))}
            {task.source && (
              <p className="recorded-note">
                The real kernels answered so. It was recorded as <code>{task.source}</code>. The engine made the
                pictures.
              </p>
            )}
            <div className="panes">
              {task.traces.map((one, i) => {
                const step = one.steps.at(-1);
                return (
                  <div key={one.profile} className="pane">
                    {task.traces.length > 1 && <p className="pane-title">{task.kernels[i]}</p>}
                    {step && <StepView step={step} view={views[i] ?? viewOfTrace(one)} />}
                  </div>
                );
              })}
            </div>
            <PlaygroundLink
              lines={task.lines}
              profile={task.kernels[0] ?? '6.19'}
              {...(task.kernels[1] === undefined ? {} : { other: task.kernels[1] })}
            />
          </>
        )}
      </div>
    </>
  );
}
