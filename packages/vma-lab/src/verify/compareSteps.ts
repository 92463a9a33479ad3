import { isDeepStrictEqual } from 'node:util';
import type { Scenario, StepRecord } from 'fork-sim';

/** The first step of a scenario in which the model differs from what a kernel did. */
export interface DifferentStep {
  readonly scenario: Scenario;
  /** Counts from 0. */
  readonly index: number;
  readonly recorded: StepRecord;
  readonly model: StepRecord;
}

/** The first step that is not the same in every field; `null`: all are. */
export function firstDifferent(
  scenario: Scenario,
  recorded: readonly StepRecord[],
  model: readonly StepRecord[],
): DifferentStep | null {
  for (const [index, step] of recorded.entries()) {
    const own = model[index] as StepRecord;
    if (!isDeepStrictEqual(step, own)) return { scenario, index, recorded: step, model: own };
  }
  return null;
}

/** One value that differs, and where in the step: `res`, `vmas[2][5]`, `child.pages`. */
export interface Difference {
  readonly path: string;
  readonly recorded: unknown;
  readonly model: unknown;
}

/**
 * Compares two values of JSON deeply; properties in any order, arrays in theirs. An absent property differs from every value.
 *
 * @returns every difference, in the order in which the recording has them; empty where the two are equal
 */
export function compareJson(recorded: unknown, model: unknown, path = ''): Difference[] {
  const found: Difference[] = [];
  walk(recorded, model, path, found);
  return found;
}

function walk(recorded: unknown, model: unknown, path: string, found: Difference[]): void {
  if (Object.is(recorded, model)) return;
  if (Array.isArray(recorded) && Array.isArray(model)) {
    const length = Math.max(recorded.length, model.length);
    for (let at = 0; at < length; at++) walk(recorded[at], model[at], `${path}[${at}]`, found);
    return;
  }
  if (isPlain(recorded) && isPlain(model)) {
    for (const key of new Set([...Object.keys(recorded), ...Object.keys(model)])) {
      walk(recorded[key], model[key], path === '' ? key : `${path}.${key}`, found);
    }
    return;
  }
  found.push({ path, recorded, model });
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
