import { type ReactNode, useState } from 'react';
import type { ExerciseTask } from '../content/exerciseTask.ts';

interface ChoicesProps {
  readonly task: ExerciseTask;
  /** The choices that were made; `null`: none yet. */
  readonly chosen: readonly number[] | null;
  readonly onChoose: (choices: readonly number[]) => void;
}

/** The choices of an exercise: a button each, or boxes to tick where several may be right. */
export function Choices(props: ChoicesProps): ReactNode {
  return props.task.many ? <Boxes {...props} /> : <Buttons {...props} />;
}

function Buttons({ task, chosen, onChoose }: ChoicesProps): ReactNode {
  return (
    <div className="exercise-choices">
      {task.choices.map((choice, index) => (
        <button
          key={choice}
          type="button"
          className="lab-button"
          disabled={chosen !== null}
          aria-pressed={chosen?.includes(index) ?? false}
          onClick={() => onChoose([index])}
        >
          {choice}
        </button>
      ))}
    </div>
  );
}

function Boxes({ task, chosen, onChoose }: ChoicesProps): ReactNode {
  const [ticked, setTicked] = useState<readonly number[]>([]);
  const now = chosen ?? ticked;
  return (
    <div className="exercise-choices">
      {task.choices.map((choice, index) => (
        <label key={choice} className="profile-select">
          <input
            type="checkbox"
            disabled={chosen !== null}
            checked={now.includes(index)}
            onChange={({ target }) =>
              setTicked(target.checked ? [...ticked, index] : ticked.filter((one) => one !== index))
            }
          />
          <span>{choice}</span>
        </label>
      ))}
      <button type="button" className="lab-button" disabled={chosen !== null} onClick={() => onChoose(ticked)}>
        {ticked.length === 0 ? 'None of them' : 'Check'}
      </button>
    </div>
  );
}
