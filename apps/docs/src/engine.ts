import { type Scenario, scenarioOf, type Trace, type TraceOptions, traceScenario } from 'fork-sim';
import type { Run } from './traces/keptTraces.ts';

/**
 * The one place where pages ask the engine to run a scenario. Examples of pages are small: they run while the site is built, and
 * in the browser where a reader changes them (`traces/`).
 */
export function traceLines(id: string, lines: string | Scenario, options: TraceOptions): Trace {
  return traceScenario(typeof lines === 'string' ? scenarioOf(id, lines) : lines, options);
}

/** The trace of calls that a page shows. */
export function traceRun({ lines, profile, softDirty }: Run): Trace {
  return traceLines('page', lines, { profile, softDirty });
}
