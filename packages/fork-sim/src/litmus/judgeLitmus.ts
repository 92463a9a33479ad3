import type { KernelProfile } from 'vma-core';
import { chooseKernelProfile } from 'vma-core/changes';
import { formatOpShort } from '../scenario/notation.ts';
import { stepScenario } from '../scenario/runScenario.ts';
import { formatResult } from './callResult.ts';
import { findClaim } from './findClaim.ts';
import { findResult } from './findResult.ts';
import { formatClaimLine } from './formatLitmus.ts';
import {
  claimsFor,
  isAbout,
  type LettersOfStep,
  type LitmusStep,
  type LitmusTest,
  lettersOfStep,
  type StateClaim,
  stateSubject,
} from './litmusTest.ts';
import { drawingOf, type SeenState, StepView } from './seenState.ts';

/** A claim that does not hold. */
export interface LitmusFailure {
  /** Of the claim, in the text, from 1. */
  readonly line: number;
  /** The operation after which it should hold: its index, and as it is written. */
  readonly step: number;
  readonly op: string;
  /** As its line says it. */
  readonly claim: string;
  /** What is there instead, in the words of a claim where there are any. */
  readonly found: string;
  /** The state of the process that the claim is about: its VMAs and its pages, drawn. */
  readonly map: string;
  readonly pages: string;
}

/** What came of a litmus file on a kernel. */
export interface LitmusVerdict {
  /** Name of the profile. */
  readonly kernel: string;
  /** `notApplicable`: the file says nothing about this kernel. */
  readonly verdict: 'holds' | 'fails' | 'notApplicable';
  /** Claims that were looked at; one about every state counts once. */
  readonly claims: number;
  readonly failures: readonly LitmusFailure[];
}

/**
 * Runs a litmus file on a profile, and looks whether its claims hold.
 * @throws ProfileError for an unknown kernel
 */
export function judgeLitmus(test: LitmusTest, kernel: KernelProfile | string): LitmusVerdict {
  const profile = typeof kernel === 'string' ? chooseKernelProfile(kernel).profile : kernel;
  const about = claimsOf(test, profile);
  const claims =
    about.rules.length + about.steps.reduce((sum, { results, claims }) => sum + results.length + claims.length, 0);
  if (!isAbout(test, profile) || claims === 0) {
    return { kernel: profile.name, verdict: 'notApplicable', claims: 0, failures: [] };
  }
  const failures = findFailures(test, about, profile);
  return { kernel: profile.name, verdict: failures.length > 0 ? 'fails' : 'holds', claims, failures };
}

/** The claims of a file that are about a kernel. */
export function claimsOf(test: LitmusTest, profile: KernelProfile): Pick<LitmusTest, 'steps' | 'rules'> {
  const steps = test.steps.map((step) => ({
    ...step,
    results: claimsFor(step.results, profile, () => ''),
    claims: claimsFor(step.claims, profile, stateSubject),
  }));
  return { steps, rules: claimsFor(test.rules, profile, stateSubject) };
}

function findFailures(
  { scenario, softDirty, faultAroundPages }: LitmusTest,
  { steps, rules }: Pick<LitmusTest, 'steps' | 'rules'>,
  profile: KernelProfile,
): LitmusFailure[] {
  const failures: LitmusFailure[] = [];
  let rulesLeft = rules;
  let index = 0;
  for (const step of stepScenario(scenario, { profile, softDirty, faultAroundPages, format: 2 })) {
    const said = steps[index] as LitmusStep;
    const view = new StepView(scenario, step, said.op);
    const at = { step: index, op: formatOpShort(said.op) };
    for (const { result, line } of said.results) {
      const found = findResult(result, step.record);
      if (found !== null)
        failures.push({ ...at, line, claim: `=> ${formatResult(result)}`, found, ...drawn(view.state(null)) });
    }
    const here = lettersOfStep(said.claims);
    for (const claim of said.claims) failures.push(...findFailure(claim, view, here, at));
    rulesLeft = rulesLeft.filter((rule) => {
      const found = findFailure(rule, view, here, at);
      failures.push(...found);
      return found.length === 0;
    });
    index++;
  }
  return failures;
}

function findFailure(
  line: StateClaim,
  view: StepView,
  letters: LettersOfStep,
  at: Pick<LitmusFailure, 'step' | 'op'>,
): LitmusFailure[] {
  const { claim, process, when } = line;
  const state = view.state(claim.kind === 'forked' && process === null ? view.forker : process);
  const failed = { ...at, line: line.line, claim: formatClaimLine(line) };
  if (state === null) {
    if (when !== 'here') return [];
    return [{ ...failed, found: `there is no process "${process}"`, map: '', pages: '' }];
  }
  const pageOf = (vma: string): number | null => (/^\d+$/.test(vma) ? Number(vma) : letters(vma, process));
  const found = findClaim(claim, state, pageOf);
  const holds = when === 'never' ? found !== null : found === null;
  if (holds) return [];
  return [{ ...failed, found: found ?? 'so it is here', ...drawn(state) }];
}

function drawn(state: SeenState | null): Pick<LitmusFailure, 'map' | 'pages'> {
  return state === null ? { map: '', pages: '' } : drawingOf(state);
}
