import type { Op, Scenario } from '../scenario/scenario.ts';
import type { CallResult } from './claim.ts';
import { subjectOf } from './claims.ts';
import { isKernelIn, type KernelSet, parseKernels } from './kernelSet.ts';
import type { ClaimLine, Litmus } from './litmus.ts';
import { headerOf, scenarioOfLitmus, titleOf } from './litmusScenario.ts';
import type { ReadLitmus } from './parseLitmus.ts';

/** What a file claims of a call's result. */
export interface ResultClaim {
  readonly kernels: KernelSet | null;
  readonly result: CallResult;
  /** The line that claims it, from 1. */
  readonly line: number;
}

/** A claim, and the line it stands in. */
export interface StateClaim extends ClaimLine {
  readonly line: number;
}

/** An operation, and what is claimed of it and of the state after it. */
export interface LitmusStep {
  readonly op: Op;
  /** Its line in the text, from 1. */
  readonly line: number;
  readonly results: readonly ResultClaim[];
  readonly claims: readonly StateClaim[];
}

/** A litmus file, ready to be asked. */
export interface LitmusTest {
  /** Of the file, or as it says. */
  readonly name: string;
  /** The first line of the text above; empty: there is none. */
  readonly title: string;
  readonly source: string | null;
  /** The kernels that it is about; `null`: all. */
  readonly kernels: KernelSet | null;
  readonly softDirty: boolean;
  /** Pages. */
  readonly faultAroundPages: number;
  readonly scenario: Scenario;
  readonly steps: readonly LitmusStep[];
  /** Claims about every state. */
  readonly rules: readonly StateClaim[];
}

/** Puts a file's lines together. Precondition: nothing in it was a problem. @param name where the file says none */
export function litmusTest({ litmus, places }: Pick<ReadLitmus, 'litmus' | 'places'>, name: string): LitmusTest {
  const { lines } = litmus;
  const scenario = scenarioOfLitmus(litmus, name);
  const kernels = headerOf(lines, 'kernels');
  const { steps, rules } = stepsOf(
    litmus,
    places.map(({ line }) => line),
  );
  return {
    name: scenario.id,
    title: titleOf(lines)?.split('\n')[0] ?? '',
    source: headerOf(lines, 'source') ?? null,
    kernels: kernels === undefined ? null : parseKernels(kernels),
    softDirty: headerOf(lines, 'soft-dirty') === 'on',
    faultAroundPages: Number(headerOf(lines, 'fault-around') ?? 1),
    scenario,
    steps,
    rules,
  };
}

interface OpenStep extends LitmusStep {
  readonly results: ResultClaim[];
  readonly claims: StateClaim[];
}

function stepsOf({ lines }: Litmus, numbers: readonly number[]): Pick<LitmusTest, 'steps' | 'rules'> {
  const steps: OpenStep[] = [];
  const rules: StateClaim[] = [];
  for (const [index, one] of lines.entries()) {
    const line = numbers[index] as number;
    const step = steps.at(-1);
    if (one.kind === 'op') {
      const results = one.result === null ? [] : [{ kernels: null, result: one.result, line }];
      steps.push({ op: one.op, line, results, claims: [] });
    } else if (one.kind === 'otherResult') step?.results.push({ kernels: one.kernels, result: one.result, line });
    else if (one.kind === 'claim') (one.when === 'here' ? step?.claims : rules)?.push({ ...one, line });
  }
  return { steps, rules };
}

/** The claims that are about a kernel: a claim for some kernels takes the place of a general one about the same. */
export function claimsFor<C extends { readonly kernels: KernelSet | null }>(
  claims: readonly C[],
  profile: { readonly name: string },
  subject: (claim: C) => string,
): readonly C[] {
  const own = claims.filter(({ kernels }) => kernels !== null && isKernelIn(kernels, profile));
  const taken = new Set(own.map(subject));
  return claims.filter((claim) => (claim.kernels === null ? !taken.has(subject(claim)) : own.includes(claim)));
}

/** What a claim is about, and in which process. */
export function stateSubject({ when, process, claim }: ClaimLine): string {
  return `${when} ${process ?? ''} ${subjectOf(claim)}`;
}

/** Is a file about a kernel? */
export function isAbout({ kernels }: Pick<LitmusTest, 'kernels'>, profile: { readonly name: string }): boolean {
  return kernels === null || isKernelIn(kernels, profile);
}

/** The page at which the VMA of a letter begins in the drawings of a step; `null`: no drawing has it. */
export type LettersOfStep = (letter: string, process: string | null) => number | null;

/** Where the letters of a step's drawings are. A process's own drawing comes first. */
export function lettersOfStep(claims: readonly StateClaim[]): LettersOfStep {
  const maps = claims.flatMap(({ claim, process }) => (claim.kind === 'map' ? [{ ...claim, process }] : []));
  return (letter, process) => {
    const own = maps.find((map) => map.process === process && map.drawing.includes(letter));
    const map = own ?? maps.find(({ drawing }) => drawing.includes(letter));
    return map === undefined ? null : (map.first ?? 0) + map.drawing.indexOf(letter);
  };
}
