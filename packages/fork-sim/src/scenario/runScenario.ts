import type { ForkResult } from '../process/fork.ts';
import type { Process } from '../process/process.ts';
import { Arena, type RunOptions } from './arena.ts';
import { Cast } from './cast.ts';
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
  /** Its `current` is the process in which the operation ran. */
  readonly arena: Arena;
  /** The processes that there are, by name. */
  readonly cast: Cast;
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
  const cast = new Cast(arena);
  for (const [index, op] of scenario.ops.entries()) {
    const actor = cast.actorOf(op);
    arena.current = actor.process;
    if (op.op !== 'fork') {
      const report = performOp(arena, actor.uffds, op, index, (name) => cast.process(name));
      yield { record: { op, ...report, ...describeState(arena, actor.process) }, arena, cast, fork: null };
    } else {
      const fork = actor.process.fork();
      cast.born(op, actor, fork);
      const own = describeState(arena, actor.process);
      yield { record: { op, res: 'ok', ...own, child: describeState(arena, fork.child) }, arena, cast, fork };
      cast.afterFork(op, actor);
    }
    arena.current = cast.actorOf({}).process;
  }
}
