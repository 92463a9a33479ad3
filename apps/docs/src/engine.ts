import { type Scenario, scenarioOf, type Trace, type TraceOptions, traceScenario } from 'fork-sim';

/**
 * The one place where pages ask the engine to run a scenario. Examples of pages are small and run where they are drawn, on the
 * server and in the browser alike.
 */
export function traceLines(id: string, lines: string | Scenario, options: TraceOptions): Trace {
  return traceScenario(typeof lines === 'string' ? scenarioOf(id, lines) : lines, options);
}
