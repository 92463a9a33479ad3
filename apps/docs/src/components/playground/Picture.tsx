import { type ReactNode, useRef } from 'react';
import { CompareLines } from './CompareLines.tsx';
import { Pane } from './Pane.tsx';
import type { Player } from './usePlayer.ts';
import type { Run } from './useTraces.ts';
import { ZoomButtons } from './ZoomButtons.tsx';
import type { Zoom } from './zoomOf.ts';

interface PictureProps {
  readonly run: Run;
  readonly player: Player;
  readonly zoom: Zoom;
  readonly page: number;
  /** The reader chose that page. */
  readonly chosen: boolean;
  readonly onPage: (page: number) => void;
}

/** What the step did on each kernel, one pane each; two stand side by side where there is room. */
export function Picture({ run: { traces }, player, zoom, page, chosen, onPage }: PictureProps): ReactNode {
  const { index, differing } = player;
  const [first, second] = traces;
  const host = useRef<HTMLDivElement>(null);
  const [a, b] = [first?.steps[index], second?.steps[index]];
  const differs = differing.includes(index);
  return (
    <>
      <div className="picture-head">
        {second && (
          <span className={differs ? 'differs-note differs-here' : 'differs-note'} role="status">
            {differs ? '≠ they differ here' : differing.length === 0 ? 'they agree at every step' : 'they agree here'}
          </span>
        )}
        <ZoomButtons zoom={zoom} />
      </div>
      <div ref={host} className={second ? 'playground-panes playground-panes-two' : 'playground-panes'}>
        {traces.map((trace, pane) => {
          const now = trace.steps[index];
          if (!now) return null;
          return (
            <Pane
              // biome-ignore lint/suspicious/noArrayIndexKey: a pane is its place
              key={pane}
              trace={trace}
              step={now}
              other={second ? (traces[1 - pane]?.steps[index] ?? null) : null}
              zoom={zoom}
              page={page}
              chosen={chosen}
              onPage={onPage}
              differs={differs}
            />
          );
        })}
        {a && b && <CompareLines host={host} steps={[a, b]} view={zoom.view} />}
      </div>
    </>
  );
}
