import { fileURLToPath } from 'node:url';
import { explore } from 'vma-check';
import { kernelProfile } from 'vma-core';
import type { BenchCase } from '../benchCase.ts';
import { LineProcess } from '../lineProcess.ts';

const SCRIPT = fileURLToPath(new URL('../checkProcess.js', import.meta.url));

/** What `checkProcess` answers. */
interface Search {
  /** CPU time of all its threads. */
  readonly ns: number;
  readonly states: number;
  readonly transitions: number;
}

/**
 * Every sequence of calls on three pages, up to seven calls: 208,798 states and 3.6 million calls. Threads count by the CPU time of all, and
 * go to eight calls, 9.6 million of them: each compiles everything anew, about a second of its time, and a search that takes two is a longer one.
 */
export const CHECK: readonly BenchCase[] = [
  {
    name: 'check/calls',
    title: 'a call of a search: load a state, make the call, save, look it up, ask every property',
    rounds: 3,
    warmUp: 1,
    ...search(0, 7),
  },
  {
    name: 'check/oneThread',
    title: 'the same to one call more, on a thread that is started for it',
    rounds: 2,
    warmUp: 0,
    ...search(1, 8),
  },
  {
    name: 'check/twoThreads',
    title: 'the same on two such threads: CPU time of both, a call',
    rounds: 2,
    warmUp: 0,
    ...search(2, 8),
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
        // Seven kinds of call on three pages: all states are met after a second or two.
        const { bytes, states } = await explore(kernelProfile('6.19'), { ops: 'anonymous', pages: 3 });
        return bytes / states;
      },
    }),
  },
];

/** A search in a process of its own, on a number of threads that are started for it; 0: on its main thread. To a number of calls. */
function search(threads: number, depth: number): Pick<BenchCase, 'unit' | 'per' | 'prepare'> {
  return {
    unit: 'ns',
    per: 'a call',
    prepare: () => {
      const worker = new LineProcess('the search', process.execPath, [SCRIPT]);
      let last: Search = { ns: 0, states: 0, transitions: 0 };
      return {
        ours: async () => {
          last = JSON.parse(await worker.ask(`${threads} ${depth}`)) as Search;
          return last.ns / last.transitions;
        },
        counts: () => ({ states: last.states, transitions: last.transitions }),
        dispose: () => worker.stop(),
      };
    },
  };
}
