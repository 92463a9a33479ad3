import type { ReactNode } from 'react';
import { FullScreenButton } from './FullScreenButton.tsx';
import { PlayerButtons, STEP_NAMES } from './PlayerButtons.tsx';

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
      <PlayerButtons
        playing={playing}
        onBack={index > 0 ? () => onIndex(index - 1) : undefined}
        onPlay={onPlay}
        onForward={index < count - 1 ? () => onIndex(index + 1) : undefined}
        names={STEP_NAMES}
      />
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
      <FullScreenButton />
    </div>
  );
}
