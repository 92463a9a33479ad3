import type { Trace, TraceStep } from 'fork-sim';

/** Steps, from 0, at which two traces of the same operations do not say the same. */
export function compareTraces(a: Trace, b: Trace): number[] {
  const differing: number[] = [];
  const length = Math.max(a.steps.length, b.steps.length);
  for (let index = 0; index < length; index++) {
    if (observable(a.steps[index]) !== observable(b.steps[index])) differing.push(index);
  }
  return differing;
}

/** What a program, or a reader of /proc, could tell apart: the step as a recording has it. */
function observable(step: TraceStep | undefined): string {
  return step === undefined ? '' : JSON.stringify(step.record);
}
