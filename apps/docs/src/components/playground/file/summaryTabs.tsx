import type { ForkSimClient, MapSlice, MapSummary } from 'fork-sim/worker';
import type { Tab } from '../Tabs.tsx';
import { ForkGroups } from './ForkGroups.tsx';
import { ForkTab } from './ForkTab.tsx';
import { PairGroups } from './PairGroups.tsx';
import type { Job } from './useJob.ts';

interface SummaryTabsProps {
  readonly lab: ForkSimClient;
  /** The map that is summed up; `null`: none is shown yet. */
  readonly map: MapSlice | null;
  readonly summary: Job<MapSummary>;
  /** Shows the VMA at an address. */
  readonly onAddr: (addr: number) => void;
}

/** The tabs that a summary of the map fills: why neighbours are two, and what a fork would do. */
export function summaryTabs({ lab, map, summary: { value }, onAddr }: SummaryTabsProps): readonly Tab[] {
  return [
    {
      id: 'why',
      name: 'Why not merged',
      body: () => map && <PairGroups lab={lab} map={map} onAddr={onAddr} />,
    },
    {
      id: 'fork',
      name: 'Fork',
      body: () =>
        value &&
        map && (
          <>
            <ForkTab summary={value} />
            <ForkGroups lab={lab} map={map} />
          </>
        ),
    },
  ];
}
