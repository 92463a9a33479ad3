import type { MapState } from 'fork-sim';
import { refusalShort } from 'fork-sim/words';
import type { ReactNode } from 'react';
import type { View } from '../picture/view.ts';
import { wallLabels } from '../picture/wallLabels.ts';

/** Above each wall the two values that differ. A label has the room up to its neighbours, and is left out where that is too little. */
export function WallLabels({ state, view }: { readonly state: MapState; readonly view: View }): ReactNode {
  const labels = wallLabels(state, view);
  if (labels.length === 0) return null;
  return (
    <div className="strip-walls">
      {labels.map(({ page, refusal, left, width }) => (
        <div key={page} className="wall-label" data-kind="wall" style={{ left: `${left}%`, width: `${width}%` }}>
          <span>{refusalShort(refusal)}</span>
        </div>
      ))}
    </div>
  );
}
