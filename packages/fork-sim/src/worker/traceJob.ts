import type { Trace, TraceStep } from '../trace/trace.ts';
import { profileName, traceSteps } from '../trace/traceScenario.ts';
import type { TraceInput } from './forkSimApi.ts';
import type { Job } from './job.ts';
import { limited, readScenario } from './makeSubject.ts';

/**
 * Traces a scenario; it can be cancelled between two steps.
 * @throws InputError for a scenario that is none; ProfileError; CancelledError
 */
export async function traceJob({ scenario, name, options }: TraceInput, job: Job): Promise<Trace> {
  const checked = readScenario(scenario, name);
  const steps: TraceStep[] = [];
  const whole = Math.max(1, checked.ops.length);
  for (const step of traceSteps(checked, limited(options))) {
    steps.push(step);
    if (!job.due()) continue;
    await job.pause({ doing: 'tracing', part: steps.length / whole, done: steps.length, unit: 'steps' });
  }
  job.report({ doing: 'tracing', part: 1, done: steps.length, unit: 'steps' });
  return { scenario: checked, profile: profileName(options), steps };
}
