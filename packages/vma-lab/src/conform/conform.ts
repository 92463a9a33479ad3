import type { Scenario, StepRecord } from 'fork-sim';
import type { DifferentStep } from '../verify/compareSteps.ts';
import { differenceFrom } from './agree.ts';
import type { LeftOut } from './allowed.ts';
import { FLAVOURS, type FlavourName } from './flavours.ts';
import { generateScenario } from './generateScenario.ts';
import { type PerformedScenario, type ProbedKernel, runOnKernel } from './kernelProber.ts';
import type { MeasuredProfile } from './measuredProfile.ts';
import type { Prober } from './prober.ts';
import { shrinkScenario } from './shrinkScenario.ts';

/** A kernel that can be asked, and the rules that it is compared with. */
export interface Ground extends MeasuredProfile {
  readonly prober: Prober;
  readonly kernel: ProbedKernel;
  readonly leftOut: readonly LeftOut[];
}

/** What came of comparing some scenarios. */
export interface Compared {
  scenarios: number;
  /** Operations that were compared, in every field. */
  steps: number;
  /** Scenarios that were not performed; `Ground.leftOut` says why. */
  leftOut: number;
  /** The first different step of each scenario that differs. */
  readonly different: DifferentStep[];
  /** The same of each that agreed when it was performed again: a kernel that moves a page shows a swap entry for a moment. */
  readonly differentOnce: DifferentStep[];
}

/** Who looks on. */
export interface ConformWatch {
  /** Told after each scenario. */
  onScenario?(compared: Compared, performed: PerformedScenario): void;
}

/** Differences after which none is performed again: the kernel has other rules then. */
const MOST_REPEATED = 20;

/**
 * Performs scenarios on the kernel and in the model, and compares every field of every step.
 * @throws ProberError
 */
export async function compareScenarios(
  ground: Ground,
  scenarios: Iterable<Scenario>,
  watch: ConformWatch = {},
): Promise<Compared> {
  const { prober, kernel, profile, leftOut } = ground;
  const compared: Compared = { scenarios: 0, steps: 0, leftOut: 0, different: [], differentOnce: [] };
  const allowed = function* (): Generator<Scenario> {
    for (const scenario of scenarios) {
      if (leftOut.some(({ needs }) => needs(scenario))) compared.leftOut++;
      else yield scenario;
    }
  };
  for await (const performed of runOnKernel(prober, allowed(), kernel.format)) {
    const different = differenceFrom(performed, kernel, profile);
    compared.scenarios++;
    compared.steps += different === null ? performed.steps.length : different.index;
    if (different !== null) {
      const comesAgain =
        compared.different.length >= MOST_REPEATED || (await perform(ground, different.scenario)) !== null;
      (comesAgain ? compared.different : compared.differentOnce).push(different);
    }
    watch.onScenario?.(compared, performed);
  }
  return compared;
}

/** Rounds in which a slow flavour comes once. */
const SLOW_ROUNDS = 20;

/**
 * Random scenarios of all the flavours in turn, the same for the same seed; a slow flavour comes in every twentieth round, unless it was
 * asked for alone.
 *
 * @param until told how many there were; they end where it says so
 */
export function* randomScenarios(
  flavours: readonly FlavourName[],
  seed: number,
  until: (count: number) => boolean,
): Generator<Scenario> {
  const alone = flavours.every((name) => FLAVOURS[name].slow);
  let count = 0;
  for (let round = 0; ; round++) {
    for (const flavour of flavours) {
      if (FLAVOURS[flavour].slow && !alone && round % SLOW_ROUNDS !== 0) continue;
      if (until(count)) return;
      count++;
      yield generateScenario(seed + round, flavour);
    }
  }
}

/** A scenario that differs, made small, and what the kernel did. */
export interface SmallDifference extends DifferentStep {
  /** All that the kernel did, up to the step that differs. */
  readonly steps: readonly StepRecord[];
}

/** Makes a scenario that differs as small as it can be while it still differs. */
export async function shrinkDifference(ground: Ground, different: DifferentStep): Promise<SmallDifference> {
  const cut = cutAfter(different);
  const small = await shrinkScenario(cut, async (candidate) => (await perform(ground, candidate)) !== null);
  return (await perform(ground, small)) ?? (await perform(ground, different.scenario)) ?? gone(different);
}

/** The difference of one scenario; `null`: there is none, or it cannot be performed so. */
async function perform(ground: Ground, scenario: Scenario): Promise<SmallDifference | null> {
  // Without a heap of the scenario's own, `brk` moves the prober's.
  const names = scenario.ops.map(({ op }) => op);
  if (names.includes('brk') && !names.slice(0, names.indexOf('brk')).includes('set_brk')) return null;
  for await (const performed of runOnKernel(ground.prober, [scenario], ground.kernel.format)) {
    const found = differenceFrom(performed, ground.kernel, ground.profile);
    if (found !== null)
      return { ...found, scenario: cutAfter(found), steps: performed.steps.slice(0, found.index + 1) };
  }
  return null;
}

function cutAfter({ scenario, index }: DifferentStep): Scenario {
  return { ...scenario, ops: scenario.ops.slice(0, index + 1) };
}

/** A difference that did not come again: what was seen of it. */
function gone(different: DifferentStep): SmallDifference {
  return { ...different, scenario: cutAfter(different), steps: [different.recorded] };
}
