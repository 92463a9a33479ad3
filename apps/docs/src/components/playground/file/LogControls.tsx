import { countOf, formatCount } from 'fork-sim/words';
import type { StepMark } from 'fork-sim/worker';
import { type ReactNode, useState } from 'react';
import { PlayerButtons } from '../../PlayerButtons.tsx';

interface LogControlsProps {
  readonly position: number;
  readonly length: number;
  readonly playing: boolean;
  readonly onPosition: (position: number) => void;
  readonly onPlay: () => void;
}

const CALL_NAMES = {
  back: 'Call before',
  play: 'Play the log',
  pause: 'Pause the log',
  forward: 'Next call',
} as const;

/** Back, play, forward, and a call by its number. */
export function LogControls(props: LogControlsProps): ReactNode {
  const { position, length, playing, onPosition, onPlay } = props;
  const [typed, setTyped] = useState('');
  return (
    <span className="controls log-controls">
      <PlayerButtons
        playing={playing}
        onBack={position > 0 ? () => onPosition(position - 1) : undefined}
        onPlay={onPlay}
        onForward={position < length ? () => onPosition(position + 1) : undefined}
        names={CALL_NAMES}
      />
      <span className="controls-count">
        {formatCount(position)} / {formatCount(length)}
      </span>
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
    </span>
  );
}

/** Kinds of calls to jump to, with the key of each. */
export const JUMPS: readonly { readonly mark: StepMark; readonly name: string; readonly key: string }[] = [
  { mark: 'merged', name: 'merge', key: 'm' },
  { mark: 'refused', name: 'refusal', key: 'r' },
  { mark: 'failed', name: 'failure', key: 'f' },
  { mark: 'fork', name: 'fork', key: 'k' },
  { mark: 'differs', name: 'unlike the log', key: 'd' },
];

interface LogJumpsProps {
  /** How many calls there are of each kind. */
  readonly marks: { readonly [mark in StepMark]: number };
  readonly onFind: (mark: StepMark) => void;
  readonly peak: number;
  readonly peakVmas: number;
  readonly onPosition: (position: number) => void;
}

/** The jumps to the peak, and to the next merge, refusal, failure, fork: off, with the reason, where the log has none. */
export function LogJumps({ marks, onFind, peak, peakVmas, onPosition }: LogJumpsProps): ReactNode {
  const peakText = `${countOf(peakVmas, 'VMA')} ${peak > 0 ? `after call ${formatCount(peak)}` : 'at the start'}`;
  return (
    <span className="playground-jumps">
      <button type="button" className="lab-button" title={peakText} onClick={() => onPosition(peak)}>
        <span aria-hidden="true">▲ </span>peak
      </button>
      <span className="jumps-next">next</span>
      {JUMPS.map(({ mark, name, key }) => (
        <button
          key={mark}
          type="button"
          className="lab-button"
          disabled={marks[mark] === 0}
          title={marks[mark] === 0 ? `the log has no ${name}` : `${formatCount(marks[mark])} in the log`}
          onClick={() => onFind(mark)}
        >
          <span className="visually-hidden">next </span>
          {name} <span className="jump-count">{formatCount(marks[mark])}</span> <kbd>{key}</kbd>
        </button>
      ))}
    </span>
  );
}
