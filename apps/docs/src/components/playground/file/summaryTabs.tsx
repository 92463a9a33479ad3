import type { MapSummary } from 'fork-sim/worker';
import type { Tab } from '../Tabs.tsx';
import { ForkTab } from './ForkTab.tsx';
import type { Job } from './useJob.ts';
import { WhyTab } from './WhyTab.tsx';

/** The tabs that a summary of the map fills: why neighbours are two, and what a fork would do. */
export function summaryTabs({ value }: Job<MapSummary>, onAddr: (addr: number) => void): readonly Tab[] {
  return [
    { id: 'why', name: 'Why not merged', body: () => value && <WhyTab summary={value} onAddr={onAddr} /> },
    { id: 'fork', name: 'Fork', body: () => value && <ForkTab summary={value} /> },
  ];
}
