import { compareMaps } from '../report/compareMaps.ts';
import { ALL_VMAS, readMap } from '../report/readMap.ts';
import { replayOutcome } from '../report/replayOutcome.ts';
import type { MapSlice } from '../report/slices.ts';
import type { MapRow } from '../report/vmaRow.ts';
import type { CompareAnswer, CompareInput, CompareSide } from './forkSimApi.ts';
import type { Job } from './job.ts';
import type { Mismatch } from './logStep.ts';
import type { ResultDifference } from './logTypes.ts';
import { makeScenario, makeSmaps, makeStrace } from './makeSubject.ts';
import { Navigator, namerOf } from './navigator.ts';
import type { ProcessSubject } from './processSubject.ts';
import { ScenarioSubject } from './scenarioSubject.ts';
import { MAX_DIFFERENCES } from './straceAnswer.ts';
import { StraceSubject } from './straceSubject.ts';
import { sumUp } from './sumUp.ts';
import { bufferedSource } from './textSource.ts';

/** What was run on one kernel. */
type Ran = ScenarioSubject | StraceSubject | ProcessSubject;

/** Runs one input on two kernels, and says what differs. Throws what loading the input throws. */
export async function compare(input: CompareInput, job: Job): Promise<CompareAnswer> {
  const [one, other] = await runBoth(input, job);
  const rows: readonly [MapRow[], MapRow[]] = [[], []];
  const sides = [await sideOf(one, job, rows[0]), await sideOf(other, job, rows[1])] as const;
  const [left, right] = sides;
  const isLog = one instanceof StraceSubject && other instanceof StraceSubject;
  return {
    sides,
    // Records are plain data, made in one order of fields.
    differs: [...(left.steps ?? []).keys()].filter(
      (at) => JSON.stringify(left.steps?.[at]) !== JSON.stringify(right.steps?.[at]),
    ),
    sameMap: sameMap(left.map, right.map),
    maps: left.steps === null ? compareMaps(...rows, MAX_DIFFERENCES) : null,
    results: isLog ? differingResults(one.mismatches, other.mismatches) : [],
  };
}

/** The input on the first kernel, and on the second. */
async function runBoth({ input, profiles }: CompareInput, job: Job): Promise<readonly [Ran, Ran]> {
  const [first, second] = profiles;
  switch (input.kind) {
    case 'scenario': {
      const both = [makeScenario(input.load, first), makeScenario(input.load, second)] as const;
      for (const subject of both) await new Navigator(subject).goTo(subject.length, job);
      return both;
    }
    case 'strace': {
      const one = await makeStrace(input.load, first, job);
      await one.load(job);
      const other = await makeStrace({ ...input.load, source: one.log.source }, second, job, one.initial);
      await other.load(job);
      return [one, other];
    }
    case 'smaps': {
      const source = await bufferedSource(input.load.source);
      const make = (profile: (typeof profiles)[number]): Promise<ProcessSubject> =>
        makeSmaps({ ...input.load, source, options: { ...input.load.options, profile } }, job);
      return [await make(first), await make(second)];
    }
    default:
      return input satisfies never;
  }
}

/** @param rows takes the VMAs of what is no scenario */
async function sideOf(subject: Ran, job: Job, rows: MapRow[]): Promise<CompareSide> {
  const { current, kernel } = subject;
  const steps = subject instanceof ScenarioSubject ? subject.records : null;
  const replay = subject instanceof StraceSubject ? subject.replay : null;
  return {
    kernel,
    steps,
    outcome: replay?.first ? replayOutcome(replay, replay.first) : null,
    map: readMap(current, ALL_VMAS, namerOf(subject, current)),
    summary: steps === null ? await sumUp(subject, current, job, rows) : null,
  };
}

/** Calls that the two kernels answer differently, by line: one of them, or both, unlike the log. */
function differingResults(first: readonly Mismatch[], second: readonly Mismatch[]): ResultDifference[] {
  const found = new Map<number, ResultDifference>();
  for (const { model, ...one } of first) found.set(one.line, { ...one, results: [model, one.log] });
  for (const { model, ...one } of second) {
    const results: readonly [string, string] = [found.get(one.line)?.results[0] ?? one.log, model];
    found.set(one.line, { ...one, results });
  }
  return [...found.values()].filter(({ results: [a, b] }) => a !== b).sort((a, b) => a.step - b.step);
}

/** The columns that a program can see: what anon_vmas are called is the model's own. */
function sameMap(first: MapSlice, second: MapSlice): boolean {
  if (first.count !== second.count) return false;
  const columns = ['start', 'end', 'pgoff', 'flagsLo', 'flagsHi', 'file'] as const;
  return columns.every((name) => first[name].every((value, at) => value === second[name][at]));
}
