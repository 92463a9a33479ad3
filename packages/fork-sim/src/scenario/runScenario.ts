import type { ForkResult } from '../process/fork.ts';
import type { Process } from '../process/process.ts';
import { UffdTable } from '../process/uffdTable.ts';
import { Arena, type RunOptions } from './arena.ts';
import { describeState } from './describeState.ts';
import { performOp } from './performOp.ts';
import type { Scenario, StepRecord } from './scenario.ts';

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
  readonly fork: ForkResult<Process> | null;
}

/**
 * {@link runScenario}, step by step, for a look into the world in between.
 *
 * @param arena the world it runs in; by default a fresh one
 */
export function* stepScenario(
  scenario: Scenario,
  options: RunOptions = {},
  arena: Arena = new Arena(scenario, options),
): Generator<ScenarioStep> {
  let uffds = new UffdTable(arena.world);
  for (const [index, op] of scenario.ops.entries()) {
    if (op.op !== 'fork') {
      const report = performOp(arena, uffds, op, index);
      yield { record: { op, ...report, ...describeState(arena, arena.current) }, arena, fork: null };
      continue;
    }
    const parent = arena.current;
    const fork = parent.fork();
    const { child, uffdContexts } = fork;
    const own = describeState(arena, parent);
    yield { record: { op, res: 'ok', ...own, child: describeState(arena, child) }, arena, fork };
    if (op.continueIn === 'child') {
      uffds = uffds.forked(uffdContexts);
      arena.current = child;
      if (op.parentExits) parent.exit();
    } else if (!op.childLives) child.exit();
  }
}
