import { NO_EXTRAS } from 'fork-sim/picture';
import { countOf } from 'fork-sim/words';
import type { CompareSide, MapComparison } from 'fork-sim/worker';
import { type ReactNode, useMemo } from 'react';
import { MapCanvas } from './MapCanvas.tsx';
import { useMapView } from './useMapView.ts';

interface ComparedMapsProps {
  readonly sides: readonly [CompareSide, CompareSide];
  readonly differences: MapComparison['differences'];
}

/** The two maps at the end, one above the other, with what differs framed. */
export function ComparedMaps({ sides, differences }: ComparedMapsProps): ReactNode {
  const marks = useMemo(
    () => differences.flatMap(({ real, model }) => [real, model].flatMap((row) => (row === null ? [] : [row]))),
    [differences],
  );
  return (
    <div className="compared-maps">
      {sides.map((side) => (
        <OneMap key={side.kernel} side={side} marks={marks} />
      ))}
    </div>
  );
}

interface OneMapProps {
  readonly side: CompareSide;
  readonly marks: readonly { readonly start: number; readonly end: number }[];
}

function OneMap({ side, marks }: OneMapProps): ReactNode {
  const first = marks[0] ?? null;
  const focus = useMemo(() => first && { start: first.start, end: first.end }, [first]);
  const state = useMapView(side.map, focus);
  const extras = useMemo(() => ({ ...NO_EXTRAS, marks }), [marks]);
  return (
    <div className="bigmap">
      <p className="pane-title">{side.kernel}</p>
      <MapCanvas
        map={side.map}
        state={state}
        extras={extras}
        label={`The map at the end on ${side.kernel}: ${countOf(side.map.count, 'VMA')}, ${countOf(marks.length, 'range')} framed that differ. Arrow keys pan, plus and minus zoom.`}
        onHover={ignore}
        onPick={ignore}
      />
    </div>
  );
}

function ignore(): void {}
