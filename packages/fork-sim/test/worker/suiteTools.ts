import { flagsOf, formatVmFlags, PAGE_SIZE } from 'vma-core';
import { ARENA_BASE } from '../../src/index.ts';
import type { ForkSimApi, JobControl, MapSlice } from '../../src/worker/index.ts';

/** A control that cancels with the first report that tells of something done. */
export function abortedBy(controller: AbortController): JobControl {
  return {
    signal: controller.signal,
    onProgress: ({ done }) => {
      if (done > 0) controller.abort();
    },
  };
}

/** The error of a promise; `null` where it has none. */
export async function errorOf(promise: Promise<unknown>): Promise<Error | null> {
  return promise.then(
    () => null,
    (error: Error) => error,
  );
}

export function vmasOf(map: MapSlice): (number | string)[][] {
  return Array.from(map.start, (start, i) => [
    (start - ARENA_BASE) / PAGE_SIZE,
    (map.end[i]! - ARENA_BASE) / PAGE_SIZE,
    formatVmFlags(flagsOf(map.flagsLo[i]!, map.flagsHi[i]!)),
  ]);
}

export async function look(sim: ForkSimApi): Promise<unknown> {
  return [await sim.state(), await sim.readMap(), await sim.readPages({ addr: ARENA_BASE, pages: 64 })];
}
