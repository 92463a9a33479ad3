import type { Trace } from 'fork-sim';
import type { Run } from './keptTraces.ts';

type Engine = (run: Run) => Trace;

let engine: Engine | null = null;
const waiting = new Set<() => void>();

/** Makes the engine known to all pictures of the page; a part of a page that cannot be without it brings it along. */
export function provideEngine(traceRun: Engine): void {
  if (engine !== null) return;
  engine = traceRun;
  for (const onArrival of waiting) onArrival();
}

/** The engine, where it is here already. */
export function engineNow(): Engine | null {
  return engine;
}

/** Calls `onArrival` when the engine comes. @returns To be called when nobody waits any more. */
export function onEngine(onArrival: () => void): () => void {
  waiting.add(onArrival);
  return () => waiting.delete(onArrival);
}

/** Begins to fetch the engine: a reader points at what will need it. */
export function fetchEngineSoon(): void {
  // The act that needs it asks again, and says why it did not come.
  fetchEngine().catch(() => undefined);
}

/** Fetches the engine, a third of the scripts of a page: at the first act of a reader that the kept traces do not answer. */
export async function fetchEngine(): Promise<void> {
  if (engine !== null) return;
  const { traceRun } = await import('../engine.ts');
  provideEngine(traceRun);
}
