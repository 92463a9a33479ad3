import { type Explored, type ExploreOptions, explore } from 'vma-check';
import { shardThreads } from 'vma-check/node';
import { kernelProfile } from 'vma-core';
import type { BenchCase } from '../benchCase.ts';

/** Nine kinds of call on three pages, 208,798 states and 3.6 million calls: long enough that the start does not count. */
const SPACE: ExploreOptions = { ops: 'small', pages: 3, depth: 7 };

/** Seven kinds of call on three pages: all states are met after a second or two. */
const CLOSED: ExploreOptions = { ops: 'anonymous', pages: 3 };

/** Every sequence of calls on three pages, up to seven calls. Threads count by the CPU time of all. */
export const CHECK: readonly BenchCase[] = [
  {
    name: 'check/calls',
    title: 'a call of a search: load a state, make the call, save, look it up, ask every property',
    unit: 'ns',
    per: 'a call',
    rounds: 3,
    warmUp: 1,
    prepare: () => {
      let last: Explored | null = null;
      return {
        ours: async () => {
          const [ns, explored] = await cpuTimeOf(SPACE);
          last = explored;
          return ns / explored.transitions;
        },
        counts: () => countsOf(last),
      };
    },
  },
  {
    name: 'check/twoThreads',
    title: 'the same on two threads: CPU time of both, a call',
    unit: 'ns',
    per: 'a call',
    rounds: 3,
    warmUp: 1,
    prepare: () => {
      let last: Explored | null = null;
      return {
        ours: async () => {
          const [ns, explored] = await cpuTimeOf({ ...SPACE, team: shardThreads(2) });
          last = explored;
          return ns / explored.transitions;
        },
        counts: () => countsOf(last),
      };
    },
  },
  {
    name: 'check/memory',
    title: 'a state of a search that has met all: hash, parent, call, table',
    unit: 'bytes',
    per: 'a state',
    rounds: 1,
    warmUp: 0,
    prepare: () => ({
      ours: async () => {
        const { bytes, states } = await explore(kernelProfile('6.19'), CLOSED);
        return bytes / states;
      },
    }),
  },
];

/** A search, and the CPU time of the whole process for it, in ns. */
async function cpuTimeOf(options: ExploreOptions): Promise<readonly [ns: number, Explored]> {
  const before = process.cpuUsage();
  const explored = await explore(kernelProfile('6.19'), options);
  const { user, system } = process.cpuUsage(before);
  return [(user + system) * 1000, explored];
}

function countsOf(explored: Explored | null): Record<string, number> {
  if (explored === null) return {};
  return { states: explored.states, transitions: explored.transitions };
}
