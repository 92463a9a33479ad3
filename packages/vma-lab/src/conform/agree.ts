import { type PerWindow, type RunOptions, runScenario, type StateRecord, type StepRecord } from 'fork-sim';
import type { KernelProfile } from 'vma-core';
import { type DifferentStep, firstDifferent } from '../verify/compareSteps.ts';
import type { PerformedScenario, ProbedKernel } from './kernelProber.ts';

/** How the model is to run scenarios, to be compared with a probed kernel. */
function modelOptions({ softDirty, faultAroundPages, format }: ProbedKernel, profile: KernelProfile): RunOptions {
  return { profile, softDirty, faultAroundPages, format };
}

/**
 * The first step in which a kernel and the model differ; `null`: every field of every step is the same. Where pagemap shows no frame
 * numbers, the zero page looks like any page that is mapped more than once (`a`), so the model's counts as one.
 */
export function differenceFrom(
  { scenario, steps }: PerformedScenario,
  kernel: ProbedKernel,
  profile: KernelProfile,
): DifferentStep | null {
  const model = runScenario(scenario, modelOptions(kernel, profile));
  return firstDifferent(scenario, steps, kernel.frames ? model : model.map(withoutFrames));
}

function withoutFrames(step: StepRecord): StepRecord {
  return {
    ...step,
    ...hidden(step),
    ...(step.child === undefined ? {} : { child: { ...step.child, ...hidden(step.child) } }),
  };
}

function hidden({ pages }: StateRecord): Pick<StateRecord, 'pages'> {
  return { pages: mapWindows(pages, (row) => row.replaceAll('z', 'a')) };
}

function mapWindows(pages: PerWindow, change: (row: string) => string): PerWindow {
  if (typeof pages === 'string') return change(pages);
  return Object.fromEntries(Object.entries(pages).map(([name, row]) => [name, change(row)]));
}
