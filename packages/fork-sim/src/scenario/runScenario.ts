import { mlockPosixErrorReturn, type SyscallResult } from 'vma-core';
import { type ForkResult, forkSteps } from '../process/fork.ts';
import type { Process } from '../process/process.ts';
import { Arena, type RunOptions } from './arena.ts';
import { describeSteps } from './describeState.ts';
import { opSteps } from './performOp.ts';
import type { Scenario, StepRecord } from './scenario.ts';
import { UffdTable } from './uffdTable.ts';

/**
 * Runs a scenario in a fresh world: one record a step, in the form of FORMAT.md (or FORMAT2.md).
 *
 * @throws InvariantError for an operation that no scenario can hold
 */
export function runScenario(scenario: Scenario, options: RunOptions = {}): StepRecord[] {
  return [...stepScenario(scenario, options)].map(({ record }) => record);
}

/** A step, and the world as it is right after it. */
export interface ScenarioStep {
  readonly record: StepRecord;
  readonly arena: Arena;
  /** What a fork did; `null` for every other operation. */
  readonly fork: ForkResult | null;
}

/** {@link runScenario}, step by step, for whoever wants to look into the world in between. */
export function* stepScenario(scenario: Scenario, options: RunOptions = {}): Generator<ScenarioStep> {
  for (const step of scenarioSteps(scenario, new Arena(scenario, options))) if (step !== null) yield step;
}

/**
 * A scenario in a world of the caller's, so that it may be told to put work on page tables off (`PageWork`): `null` comes after each piece
 * of that, of a fork, and of what touches or shows many pages.
 */
export function* scenarioSteps(scenario: Scenario, arena: Arena): Generator<ScenarioStep | null> {
  let uffds = new UffdTable();
  for (const [index, op] of scenario.ops.entries()) {
    if (op.op !== 'fork') {
      const report = yield* opSteps(arena, uffds, op, index);
      const late = yield* finishSteps(arena);
      const res = (op.op === 'mlock' ? mlockPosixErrorReturn(late) : late) || report.res;
      const state = yield* describeSteps(arena, arena.current);
      yield { record: { op, ...report, res, ...state }, arena, fork: null };
      continue;
    }
    const parent = arena.current;
    const fork = yield* forkOf(parent);
    const { child, uffdContexts } = fork;
    const own = yield* describeSteps(arena, parent);
    const childs = yield* describeSteps(arena, child);
    yield { record: { op, res: 'ok', ...own, child: childs }, arena, fork };
    if (op.continueIn === 'child') {
      uffds = uffds.forkedWith(uffdContexts);
      arena.current = child;
      if (op.parentExits) parent.exit();
    } else if (!op.childLives) child.exit();
    yield* finishSteps(arena);
  }
}

/** Does what an operation has put off; the answer is the result of the operation, where that was known only now. */
function* finishSteps({ world: { pageWork } }: Arena): Generator<null, SyscallResult> {
  while (pageWork.pending) {
    pageWork.step();
    yield null;
  }
  return pageWork.takeResult();
}

function* forkOf(parent: Process): Generator<null, ForkResult> {
  const steps = forkSteps(parent, 1);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    yield null;
  }
}
