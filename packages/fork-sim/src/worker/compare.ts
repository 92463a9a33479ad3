import type { StepRecord } from '../scenario/scenario.ts';
import type { CompareAnswer, CompareInput, CompareSide } from './forkSimApi.ts';
import { makeScenario, makeStrace, type ProfileChoice } from './makeSubject.ts';
import { Navigator } from './navigator.ts';
import type { Pacer } from './pacer.ts';
import { ALL_VMAS, readMap } from './readWindows.ts';
import { replayOutcome } from './replayOutcome.ts';
import type { MapWindow } from './windows.ts';

/** Runs one input on two kernels, and says what differs. Throws what loading the input throws. */
export async function compare({ input, profiles }: CompareInput, pacer: Pacer): Promise<CompareAnswer> {
  const [first, second] = profiles;
  if (input.kind === 'scenario') {
    const side = async (profile: ProfileChoice): Promise<CompareSide> => {
      const subject = makeScenario(input.load, profile);
      await new Navigator(subject).goTo(subject.length, pacer);
      const { current, world, records } = subject;
      return { kernel: world.profile.name, steps: records, outcome: null, map: readMap(current, ALL_VMAS) };
    };
    return sidesOf(await side(first), await side(second));
  }
  const one = await makeStrace(input.load, first);
  await one.load(pacer);
  const left = {
    kernel: one.kernel,
    steps: null,
    outcome: replayOutcome(one.replay),
    map: readMap(one.current, ALL_VMAS),
  };
  const other = await makeStrace({ ...input.load, source: one.source }, second, one.initial);
  await other.load(pacer);
  const right = {
    ...left,
    kernel: other.kernel,
    outcome: replayOutcome(other.replay),
    map: readMap(other.current, ALL_VMAS),
  };
  return sidesOf(left, right);
}

function sidesOf(first: CompareSide, second: CompareSide): CompareAnswer {
  const differs: number[] = [];
  for (const [at, record] of (first.steps ?? []).entries()) {
    if (!sameRecord(record, second.steps?.[at])) differs.push(at);
  }
  return { sides: [first, second], differs, sameMap: sameMap(first.map, second.map) };
}

/** Records are plain data, made in one order of fields. */
function sameRecord(first: StepRecord, second: StepRecord | undefined): boolean {
  return JSON.stringify(first) === JSON.stringify(second);
}

/** The columns that a program can see: what anon_vmas are called is the model's own. */
function sameMap(first: MapWindow, second: MapWindow): boolean {
  if (first.count !== second.count) return false;
  const columns = ['start', 'end', 'pgoff', 'flagsLo', 'flagsHi', 'file'] as const;
  return columns.every((name) => first[name].every((value, at) => value === second[name][at]));
}
