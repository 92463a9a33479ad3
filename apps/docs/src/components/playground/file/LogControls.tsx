import { formatCount } from 'fork-sim/words';
import type { StepMark } from 'fork-sim/worker';
import { type ReactNode, useState } from 'react';

interface LogControlsProps {
  readonly position: number;
  readonly length: number;
  readonly playing: boolean;
  readonly onPosition: (position: number) => void;
  readonly onPlay: () => void;
  readonly onFind: (mark: StepMark) => void;
  /** How many steps there are of each kind. */
  readonly marks: { readonly [mark in StepMark]: number };
}

/** Kinds of steps to jump to, with the key of each. */
export const JUMPS: readonly { readonly mark: StepMark; readonly text: string; readonly key: string }[] = [
  { mark: 'merged', text: 'next merge', key: 'm' },
  { mark: 'refused', text: 'next refusal', key: 'r' },
  { mark: 'failed', text: 'next failure', key: 'f' },
  { mark: 'fork', text: 'next fork', key: 'k' },
  { mark: 'differs', text: 'next unlike the log', key: 'd' },
];

/** Back, play, forward, a slider over the calls, and jumps. */
export function LogControls(props: LogControlsProps): ReactNode {
  const { position, length, playing, onPosition, onPlay, onFind, marks } = props;
  const [typed, setTyped] = useState('');
  return (
    <div className="log-controls">
      <div className="controls">
        <button
          type="button"
          aria-label="Call before"
          disabled={position <= 0}
          onClick={() => onPosition(position - 1)}
        >
          ◀
        </button>
        <button type="button" aria-label={playing ? 'Pause the log' : 'Play the log'} onClick={onPlay}>
          {playing ? '❚❚' : '▶▶'}
        </button>
        <button
          type="button"
          aria-label="Next call"
          disabled={position >= length}
          onClick={() => onPosition(position + 1)}
        >
          ▶
        </button>
        <input
          type="range"
          aria-label="Call"
          min={0}
          max={length}
          value={position}
          aria-valuetext={position === 0 ? 'before the first call' : `call ${position} of ${length}`}
          onChange={(event) => onPosition(Number(event.target.value))}
        />
        <span className="controls-count">
          {formatCount(position)} / {formatCount(length)}
        </span>
      </div>
      <div className="playground-jumps">
        <form
          className="log-goto"
          onSubmit={(event) => {
            event.preventDefault();
            if (typed !== '') onPosition(Number(typed));
          }}
        >
          <label className="profile-select">
            <span>call</span>
            <input
              type="number"
              min={0}
              max={length}
              value={typed}
              placeholder={String(position)}
              onChange={(event) => setTyped(event.target.value)}
            />
          </label>
          <button type="submit" className="lab-button">
            go
          </button>
        </form>
        {JUMPS.filter(({ mark }) => marks[mark] > 0).map(({ mark, text, key }) => (
          <button key={mark} type="button" className="lab-button" onClick={() => onFind(mark)}>
            {text} <span className="jump-count">{formatCount(marks[mark])}</span> <kbd>{key}</kbd>
          </button>
        ))}
      </div>
    </div>
  );
}
