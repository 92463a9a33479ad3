import type { ReactNode } from 'react';
import { Icon } from './Icon.tsx';

interface PlayerButtonsProps {
  readonly playing: boolean;
  /** Absent: there is nothing that way. */
  readonly onBack: (() => void) | undefined;
  readonly onPlay: () => void;
  readonly onForward: (() => void) | undefined;
  /** What each does. */
  readonly names: { readonly back: string; readonly play: string; readonly pause: string; readonly forward: string };
}

/** Back, play, forward, as on every player: a bar and a triangle, one triangle, a triangle and a bar. */
export function PlayerButtons({ playing, onBack, onPlay, onForward, names }: PlayerButtonsProps): ReactNode {
  return (
    <span className="player-buttons">
      <button type="button" aria-label={names.back} title={names.back} disabled={!onBack} onClick={onBack}>
        <Icon name="back" />
      </button>
      <button
        type="button"
        aria-label={playing ? names.pause : names.play}
        title={playing ? names.pause : names.play}
        onClick={onPlay}
      >
        <Icon name={playing ? 'pause' : 'play'} />
      </button>
      <button type="button" aria-label={names.forward} title={names.forward} disabled={!onForward} onClick={onForward}>
        <Icon name="forward" />
      </button>
    </span>
  );
}

/** The names where the steps of a scenario are played. */
export const STEP_NAMES = { back: 'Step back', play: 'Play', pause: 'Pause', forward: 'Step forward' } as const;
