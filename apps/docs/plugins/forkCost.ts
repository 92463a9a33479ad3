import type { Plugin } from '@docusaurus/types';
import { traceScenario } from 'fork-sim';
import { FORK_COST_KERNEL, type ForkCostRow, forkCosts } from '../src/measured/forkCosts.ts';
import { dataPlugin } from './dataPlugin.ts';

/** What a fork costs on the kernel that is shown first, computed while the site is built: other kernels are asked of a worker. */
export default function forkCost(): Plugin<readonly ForkCostRow[]> {
  return dataPlugin<readonly ForkCostRow[]>('fork-cost', 'rows.json', () =>
    forkCosts((scenario) => traceScenario(scenario, { profile: FORK_COST_KERNEL })),
  );
}
