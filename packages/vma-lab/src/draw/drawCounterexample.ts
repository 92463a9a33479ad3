import { exportC, formatOp, runScenario, type Scenario, type StepRecord, stepScenario } from 'fork-sim';
import type { Explored } from 'vma-check';
import { EARLIER_PROFILES, KERNEL_PROFILES, type KernelProfile } from 'vma-core';
import type { Style } from '../cli/style.ts';
import { claimsOfStep } from './claimsOfStep.ts';
import { drawScenario } from './drawScenario.ts';
import { playgroundLines } from './playgroundLines.ts';

/** A counterexample, and of which kernels: one, or two that differ. */
export interface Counterexample {
  readonly explored: Explored & { verdict: 'counterexample' };
  readonly kernels: readonly KernelProfile[];
  readonly softDirty: boolean;
  /** Calls and pages of the space in which it was found, in words. */
  readonly space: string;
}

/**
 * A counterexample as a litmus file, which `vma-lab litmus` judges and `vma-lab run` takes: in comments what is broken, by which page
 * and VMA, what each call did, and a link to the playground; then the calls, and what is there after the last, as claims.
 */
export function drawCounterexample(found: Counterexample, style: Style): string {
  const { explored, kernels } = found;
  const { property, path } = explored;
  const lines = [
    `${style.bad('broken')} on ${kernels.map(({ name }) => name).join(' against ')} by ${path.length} calls: ${style.bold(property.name)}`,
    property.says,
    `searched: ${found.space}; no shorter sequence there breaks it`,
    ...kernels.map((kernel) => sayPlace(found, kernel)),
    ...linkOf(found),
    ...kernels.flatMap((kernel) => [
      '',
      drawScenario(scenarioOf(found, kernel), stepsOf(found, kernel), style).trimEnd(),
    ]),
  ];
  const comments = lines.flatMap((text) => text.split('\n')).map((line) => `# ${line}`.trimEnd());
  const claims = kernels.flatMap((kernel) => claimsOf(found, kernel));
  return `${comments.join('\n')}\n\n${[...path.map(formatOp), ...claims].join('\n')}\n`;
}

/** What a kernel has after the last call, as claims of a litmus file; one that has no name there is left out. */
function claimsOf(found: Counterexample, kernel: KernelProfile): string[] {
  if (!isBuiltIn(kernel)) return [];
  const options = { profile: kernel, softDirty: found.softDirty, faultAroundPages: 1 };
  const last = [...stepScenario(scenarioOf(found, kernel), options)].at(-1)!;
  const claims = [
    ...claimsOfStep(last.record),
    ...(last.fork?.decisions.map(({ action }, at) => `forked ${String.fromCharCode(65 + at)} ${action}`) ?? []),
  ];
  return claims.map((claim) => `[${kernel.name}]: ${claim}`);
}

function isBuiltIn(kernel: KernelProfile): boolean {
  return [...EARLIER_PROFILES, ...KERNEL_PROFILES].includes(kernel);
}

/** The C program that makes the calls, and compares each step with the model of the first kernel. */
export function counterexampleC(found: Counterexample): string {
  const [kernel] = found.kernels as [KernelProfile];
  return exportC(scenarioOf(found, kernel), stepsOf(found, kernel), kernel.name);
}

/** The same for programs to read. */
export function counterexampleJson(found: Counterexample): object {
  const { explored, kernels, softDirty, space } = found;
  const { property, ...rest } = explored;
  const steps = kernels.map((kernel) => ({ kernel: kernel.name, steps: stepsOf(found, kernel) }));
  return {
    kind: 'counterexample',
    ...rest,
    property: property.name,
    says: property.says,
    space,
    softDirty,
    kernels: steps,
  };
}

function scenarioOf({ explored }: Counterexample, kernel: KernelProfile): Scenario {
  return { id: `${explored.property.name} on ${kernel.name}`, ops: explored.path };
}

function stepsOf(found: Counterexample, profile: KernelProfile): readonly StepRecord[] {
  return runScenario(scenarioOf(found, profile), { profile, softDirty: found.softDirty, faultAroundPages: 1 });
}

/** The page and the VMA that break the property, after the last call. */
function sayPlace(found: Counterexample, kernel: KernelProfile): string {
  const { page } = found.explored;
  const last = stepsOf(found, kernel).at(-1) as StepRecord;
  const state = last.child ?? last;
  const vma = state.vmas.find(([start, end]) => start <= page && page < end);
  const whose = last.child === undefined ? '' : "the child's ";
  const on = found.kernels.length > 1 ? `${kernel.name}: ` : '';
  const result = last.res === 'ok' ? '' : `; the last call says ${last.res}`;
  if (vma === undefined) return `${on}${whose}page ${page} is mapped by nothing${result}`;
  const [start, end, , , backing, flags] = vma;
  return `${on}${whose}page ${page} lies in the VMA ${start} to ${end - 1} (${backing}): ${flags}${result}`;
}

/** A link to the playground, after the site's address; a profile of one's own has none. */
function linkOf({ explored, kernels }: Counterexample): string[] {
  const [kernel] = kernels as [KernelProfile];
  if (!isBuiltIn(kernel)) return [];
  return [playgroundLines(kernel.name, explored.path.map(formatOp))];
}
