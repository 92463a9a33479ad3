import { compareMaps } from '../report/compareMaps.ts';
import { ALL_VMAS, readMap } from '../report/readMap.ts';
import { type ReplayOutcome, replayOutcome } from '../report/replayOutcome.ts';
import type { MapSlice } from '../report/slices.ts';
import type { StepRecord } from '../scenario/scenario.ts';
import type { CompareAnswer, CompareInput, CompareSide } from './forkSimApi.ts';
import type { Job } from './job.ts';
import type { Mismatch } from './logStep.ts';
import type { ResultDifference } from './logTypes.ts';
import { makeScenario, makeSmaps, makeStrace, type ProfileChoice } from './makeSubject.ts';
import { Navigator, namerOf } from './navigator.ts';
import { MAX_DIFFERENCES, rowsOfSubject } from './straceAnswer.ts';
import { StraceSubject } from './straceSubject.ts';
import type { Subject } from './subject.ts';
import { sumUp } from './sumUp.ts';
import { bufferedSource } from './textSource.ts';

/** Runs one input on two kernels, and says what differs. Throws what loading the input throws. */
export function compare({ input, profiles }: CompareInput, job: Job): Promise<CompareAnswer> {
  switch (input.kind) {
    case 'scenario':
      return compareScenario(input.load, profiles, job);
    case 'strace':
      return compareStrace(input.load, profiles, job);
    case 'smaps':
      return compareSmaps(input.load, profiles, job);
    default:
      return input satisfies never;
  }
}

type Load<Kind> = Extract<CompareInput['input'], { kind: Kind }>['load'];

async function compareScenario(
  load: Load<'scenario'>,
  [first, second]: CompareInput['profiles'],
  job: Job,
): Promise<CompareAnswer> {
  const side = async (profile: ProfileChoice): Promise<CompareSide> => {
    const subject = makeScenario(load, profile);
    await new Navigator(subject).goTo(subject.length, job);
    const { current, world, records } = subject;
    const map = readMap(current, ALL_VMAS);
    return { kernel: world.profile.name, steps: records, outcome: null, map, summary: null };
  };
  const sides = [await side(first), await side(second)] as const;
  const differs: number[] = [];
  for (const [at, record] of (sides[0].steps ?? []).entries()) {
    if (!sameRecord(record, sides[1].steps?.[at])) differs.push(at);
  }
  return { sides, differs, sameMap: sameMap(sides[0].map, sides[1].map), maps: null, results: [] };
}

async function compareStrace(
  load: Load<'strace'>,
  [first, second]: CompareInput['profiles'],
  job: Job,
): Promise<CompareAnswer> {
  const one = await makeStrace(load, first, job);
  await one.load(job);
  const left = await sideOf(one, job);
  const other = await makeStrace({ ...load, source: one.log.source }, second, job, one.initial);
  await other.load(job);
  const right = await sideOf(other, job);
  return {
    ...(await sidesOf([left, one], [right, other], job)),
    results: differingResults(one.mismatches, other.mismatches),
  };
}

async function compareSmaps(
  load: Load<'smaps'>,
  [first, second]: CompareInput['profiles'],
  job: Job,
): Promise<CompareAnswer> {
  const source = await bufferedSource(load.source);
  const subject = (profile: typeof first) => makeSmaps({ ...load, source, options: { ...load.options, profile } }, job);
  const one = await subject(first);
  const other = await subject(second);
  const sides = [await sideOf(one, job), await sideOf(other, job)] as const;
  return { ...(await sidesOf([sides[0], one], [sides[1], other], job)), results: [] };
}

async function sideOf(subject: Subject, job: Job): Promise<CompareSide> {
  const { current, kernel } = subject;
  return {
    kernel,
    steps: null,
    outcome: subject instanceof StraceSubject ? outcomeOf(subject) : null,
    map: readMap(current, ALL_VMAS, namerOf(subject, current)),
    summary: await sumUp(current, subject.contextOf(current), job),
  };
}

function outcomeOf({ replay }: StraceSubject): ReplayOutcome | null {
  return replay.first && replayOutcome(replay, replay.first);
}

async function sidesOf(
  [left, one]: readonly [CompareSide, Subject],
  [right, other]: readonly [CompareSide, Subject],
  job: Job,
): Promise<Omit<CompareAnswer, 'results'>> {
  const maps = compareMaps(await rowsOfSubject(one, job), await rowsOfSubject(other, job), MAX_DIFFERENCES);
  return { sides: [left, right], differs: [], sameMap: sameMap(left.map, right.map), maps };
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

/** Records are plain data, made in one order of fields. */
function sameRecord(first: StepRecord, second: StepRecord | undefined): boolean {
  return JSON.stringify(first) === JSON.stringify(second);
}

/** The columns that a program can see: what anon_vmas are called is the model's own. */
function sameMap(first: MapSlice, second: MapSlice): boolean {
  if (first.count !== second.count) return false;
  const columns = ['start', 'end', 'pgoff', 'flagsLo', 'flagsHi', 'file'] as const;
  return columns.every((name) => first[name].every((value, at) => value === second[name][at]));
}
