import type { ReactNode } from 'react';
import { PlayerControls } from './PlayerControls.tsx';
import { StagePicture } from './stage/StagePicture.tsx';
import { usePlaying } from './usePlaying.ts';

interface LivePictureProps {
  /** Scenario lines; `;` or a new line between them. */
  readonly lines: string;
  readonly title: string;
  /** The step shown first, from 1; default the last. */
  readonly start?: number;
  readonly profile?: string;
  readonly softDirty?: boolean;
  /** The page's first picture says what its parts mean; the build marks it (plugins/firstFigure.ts). */
  readonly legend?: boolean;
  /** The traces of its calls; the build adds them (plugins/keepTraces.ts). */
  readonly kept?: string | undefined;
}

/** The picture that a page opens with: a reader steps through its calls, and makes calls at any of them. */
export function LivePicture({
  lines,
  title,
  start,
  profile = '6.19',
  softDirty = false,
  legend = false,
  kept,
}: LivePictureProps): ReactNode {
  const calls = lines.split(/[;\n]/).map((line) => line.trim());
  const player = usePlaying((start ?? calls.length) - 1, calls.length - 1);
  return (
    <StagePicture
      lines={calls}
      made={player.index + 1}
      profile={profile}
      softDirty={softDirty}
      title={title}
      legend={legend}
      kept={kept}
      controls={
        <PlayerControls
          index={player.index}
          count={calls.length}
          playing={player.playing}
          onIndex={player.setIndex}
          onPlay={player.toggle}
        />
      }
    />
  );
}
