import type { Plugin } from '@docusaurus/types';
import { traceScenario } from 'fork-sim';
import { FORK_COST_KERNEL, type ForkCostRow, forkCosts } from '../src/measured/forkCosts.ts';

/** What a fork costs on the kernel that is shown first, computed while the site is built: other kernels are asked of a worker. */
export default function forkCost(): Plugin<readonly ForkCostRow[]> {
  return {
    name: 'fork-cost',
    loadContent: () => forkCosts((scenario) => traceScenario(scenario, { profile: FORK_COST_KERNEL })),
    async contentLoaded({ content, actions }) {
      await actions.createData('rows.json', JSON.stringify(content));
    },
  };
}
