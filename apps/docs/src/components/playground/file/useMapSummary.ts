import type { ForkSimClient, MapSlice, MapSummary } from 'fork-sim/worker';
import { useIdle } from './useIdle.ts';
import { type Job, useJob } from './useJob.ts';
import { mapKey } from './useMapDetails.ts';

/** A map summed up: its neighbours, and what a fork would do. Asked for once the map stays the same for a moment. */
export function useMapSummary(lab: ForkSimClient, map: MapSlice | null, wanted: boolean): Job<MapSummary> {
  const still = useIdle(map, 250);
  const asks = wanted && map !== null && still !== null;
  return useJob(asks ? String(mapKey(map)) : null, (control) => lab.sumUp(map ? { pid: map.pid } : {}, control));
}
