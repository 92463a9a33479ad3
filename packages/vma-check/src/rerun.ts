import { Arena, type Op, type Scenario, stepScenario, validateWorld } from 'fork-sim';
import type { Call, CallResult } from './call.ts';
import type { SearchSpace } from './searchSpace.ts';
import { Shard } from './shard.ts';
import { type StateDetail, StateSaver } from './stateSaver.ts';
import { StateView } from './stateView.ts';
import { mostWords } from './stateWords.ts';
import type { Step } from './step.ts';

/** A counterexample that does not do what the search says, or a state of the model that cannot be. */
export class NotReplayedError extends Error {
  override readonly name = 'NotReplayedError';
}

/** Invariants of the model itself, which hold under any rules of the kernel. The others are what properties are about. */
const OF_RULES: ReadonlySet<string> = new Set(['guard', 'childGuards', 'childContents']);

/**
 * Runs calls from an empty address space as any scenario is run, without the shortcuts of the search, with every invariant checked
 * after each call; then asks the property of the last one.
 *
 * @returns the page that breaks the property, or -1
 * @throws NotReplayedError where an invariant of the model does not hold
 */
export function rerun(space: SearchSpace, ops: readonly Op[], property: number): number {
  const asked = space.properties[property]!;
  const last = ops.at(-1);
  if (last === undefined) return -1;
  const call = new Shard({ ...space, ops: [last] }).calls[0]!;
  let step: Step | null = null;
  for (let m = space.profiles.length - 1; m >= 0; m--) step = lastStep(space, m, ops, call, step);
  return asked.broken(step as Step);
}

function lastStep(space: SearchSpace, which: number, ops: readonly Op[], call: Call, other: Step | null): Step {
  const { pages, softDirty, everyBit } = space;
  const profile = space.profiles[which]!;
  const detail: StateDetail = { pages, softDirty, everyBit, populates: true };
  const saver = new StateSaver(detail);
  const words = new Int32Array(mostWords(pages));
  let before = new StateView(pages);
  let after = new StateView(pages);
  after.read(words, 0);
  const scenario: Scenario = { id: 'counterexample', ops };
  const options = { profile, softDirty, faultAroundPages: 1 };
  const arena = new Arena(scenario, options);
  let result: CallResult = 0;
  let counters = arena.current.mm.counters;
  for (const { record, fork } of stepScenario(scenario, options, arena)) {
    const wrong = validateWorld(arena.world).filter(({ invariant }) => !OF_RULES.has(invariant));
    if (wrong[0] !== undefined) throw new NotReplayedError(`after ${record.op.op}: ${wrong[0].message}`);
    [before, after] = [after, before];
    const process = fork?.child ?? arena.current;
    saver.save(process, words, 0);
    counters = process.mm.counters;
    after.read(words, 0);
    result = record.res === 'ok' ? 0 : (record.faults ?? record.res);
  }
  return { profile, call, result, before, after, changed: after.differing(before), counters, other };
}
