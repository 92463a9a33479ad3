import type { Trace, TraceStep } from 'fork-sim';
import type { ReactNode } from 'react';
import { differ } from '../../picture/differ.ts';
import { Happened } from '../happened/Happened.tsx';
import { Call } from '../StepView.tsx';
import { PageTrees } from './PageTrees.tsx';
import { PaneMap } from './PaneMap.tsx';
import type { Zoom } from './zoomOf.ts';

interface PaneProps {
  readonly trace: Trace;
  readonly step: TraceStep;
  /** The same step on the other kernel; `null`: there is no other. */
  readonly other: TraceStep | null;
  readonly zoom: Zoom;
  readonly page: number;
  /** The reader chose that page; until then it is not marked in the map. */
  readonly chosen: boolean;
  readonly onPage: (page: number) => void;
  readonly differs: boolean;
}

/** One kernel's answer at one step: the call, the map, the page tables; beside them, what happened. */
export function Pane({ trace, step, other, zoom, page, chosen, onPage, differs }: PaneProps): ReactNode {
  return (
    <div className={differs ? 'pane pane-differs' : 'pane'}>
      <div className="pane-map">
        {other !== null && <p className="pane-title">{trace.profile}</p>}
        <Call step={step} />
        <PaneMap
          step={step}
          zoom={zoom}
          page={chosen ? page : null}
          onPage={onPage}
          difference={other && differ(step.state, other.state)}
          childDifference={other && step.child && differ(step.child, other.child)}
        />
      </div>
      <Happened step={step} kernel={trace.profile} />
      <PageTrees step={step} kernel={trace.profile} open={other === null} page={page} onPage={onPage} />
    </div>
  );
}
