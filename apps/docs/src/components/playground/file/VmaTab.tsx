import { vmaOfAddr } from 'fork-sim/picture';
import type { ForkSimClient, MapSlice } from 'fork-sim/worker';
import type { ReactNode } from 'react';
import { MapTable } from './MapTable.tsx';
import { VmaInfo } from './VmaInfo.tsx';

interface VmaTabProps {
  readonly lab: ForkSimClient;
  readonly map: MapSlice;
  /** An address in the chosen VMA; `null`: none is. */
  readonly chosen: number | null;
  readonly onChosen: (addr: number) => void;
}

/** All of the chosen VMA, and the whole map as a table. */
export function VmaTab({ lab, map, chosen, onChosen }: VmaTabProps): ReactNode {
  const picked = chosen === null ? -1 : vmaOfAddr(map, chosen);
  return (
    <>
      {picked >= 0 ? (
        <VmaInfo lab={lab} map={map} picked={picked} />
      ) : (
        <p className="stays">Choose a VMA in the map.</p>
      )}
      <MapTable
        lab={lab}
        map={map}
        picked={picked}
        onPick={(vma) => {
          const start = map.start[vma];
          if (start !== undefined) onChosen(start);
        }}
      />
    </>
  );
}
