import type { ReactNode } from 'react';

interface PlayerControlsProps {
  readonly index: number;
  readonly count: number;
  readonly playing: boolean;
  readonly onIndex: (index: number) => void;
  readonly onPlay: () => void;
}

/** Back, play, forward, and a slider over the steps. */
export function PlayerControls({ index, count, playing, onIndex, onPlay }: PlayerControlsProps): ReactNode {
  return (
    <div className="controls">
      <button type="button" aria-label="Step back" disabled={index <= 0} onClick={() => onIndex(index - 1)}>
        ◀
      </button>
      <button type="button" aria-label={playing ? 'Pause' : 'Play'} onClick={onPlay}>
        {playing ? '❚❚' : '▶▶'}
      </button>
      <button type="button" aria-label="Step forward" disabled={index >= count - 1} onClick={() => onIndex(index + 1)}>
        ▶
      </button>
      <input
        type="range"
        aria-label="Step"
        min={1}
        max={Math.max(1, count)}
        value={index + 1}
        aria-valuetext={`step ${index + 1} of ${count}`}
        onChange={(event) => onIndex(Number(event.target.value) - 1)}
      />
      <span className="controls-count">
        {index + 1} / {count}
      </span>
    </div>
  );
}
