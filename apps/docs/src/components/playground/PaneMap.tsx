import type { MapState, TraceStep } from 'fork-sim';
import type { ReactNode } from 'react';
import type { StateDifference } from '../../picture/differ.ts';
import { stateSentence } from '../../words/phrases.ts';
import { ForkLinks } from '../ForkFigure.tsx';
import { PictureKey } from '../PictureKey.tsx';
import { Borders, StateTable } from '../StateFigure.tsx';
import { Strip } from '../Strip.tsx';
import { ZoomArea } from './ZoomArea.tsx';
import type { Zoom } from './zoomOf.ts';

interface PaneMapProps {
  readonly step: TraceStep;
  readonly zoom: Zoom;
  readonly page: number | null;
  readonly onPage: (page: number) => void;
  /** What the other kernel has not; `null`: there is no other. */
  readonly difference: StateDifference | null;
  readonly childDifference: StateDifference | null;
}

/** The address space after a step; after a fork, parent and child with what fork did with each VMA between them. */
export function PaneMap(props: PaneMapProps): ReactNode {
  const { step, zoom, page, onPage, difference, childDifference } = props;
  const { state, child } = step;
  const picture = (shown: MapState, name: string, differs: StateDifference | null): ReactNode => (
    <Strip
      state={shown}
      view={zoom.view}
      label={`${name}${stateSentence(shown)}`}
      lit={differs === null || differs.letters.size === 0 ? null : differs.letters}
      differs={differs?.pages ?? []}
      chosen={page}
    />
  );
  return (
    <figure className={child === null ? 'figure' : 'figure fork'}>
      <ZoomArea zoom={zoom} onPage={onPage}>
        {child === null ? (
          picture(state, '', difference)
        ) : (
          <>
            <p className="figure-title">Parent, after the fork</p>
            {picture(state, 'Parent. ', difference)}
            <ForkLinks step={step} view={zoom.view} />
            <p className="figure-title">Child</p>
            {picture(child, 'Child. ', childDifference)}
          </>
        )}
      </ZoomArea>
      <Borders state={state} view={zoom.view} />
      <Told title={child === null ? '' : 'Parent: '} state={state} />
      {child !== null && <Told title="Child: " state={child} />}
      <PictureKey states={child === null ? [state] : [state, child]} />
    </figure>
  );
}

/** The picture in a sentence, and all of it as a table. */
function Told({ title, state }: { readonly title: string; readonly state: MapState }): ReactNode {
  return (
    <details className="figure-table">
      <summary>
        {title}
        {stateSentence(state)}
      </summary>
      <StateTable state={state} />
    </details>
  );
}
