import type { Trace, TraceStep } from '../trace/trace.ts';
import { profileName, traceSteps } from '../trace/traceScenario.ts';
import type { TraceInput } from './forkSimApi.ts';
import { limited, readScenario } from './makeSubject.ts';
import type { Pacer } from './pacer.ts';

/**
 * Traces a scenario; it can be cancelled between two steps.
 * @throws InputError for a scenario that is none; ProfileError; CancelledError
 */
export async function traceJob({ scenario, name, options }: TraceInput, pacer: Pacer): Promise<Trace> {
  const checked = readScenario(scenario, name);
  const steps: TraceStep[] = [];
  const whole = Math.max(1, checked.ops.length);
  for (const step of traceSteps(checked, limited(options))) {
    steps.push(step);
    if (!pacer.due()) continue;
    await pacer.pause({ doing: 'tracing', part: steps.length / whole, done: steps.length, unit: 'steps' });
  }
  pacer.report({ doing: 'tracing', part: 1, done: steps.length, unit: 'steps' });
  return { scenario: checked, profile: profileName(options), steps };
}
