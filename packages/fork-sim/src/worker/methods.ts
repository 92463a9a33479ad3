import { InvariantError } from 'vma-core';
import { judgeLitmus, type LitmusVerdict } from '../litmus/judgeLitmus.ts';
import { litmusTest } from '../litmus/litmusTest.ts';
import { parseLitmus } from '../litmus/parseLitmus.ts';
import type { WorldOptions } from '../process/process.ts';
import { assumptionsOf, faultsUseOf, usesFound } from '../report/faultSearch.ts';
import type { ForkReport } from '../report/forkReport.ts';
import { type GuardAnswer, guardAnswer } from '../report/guardAnswer.ts';
import type { MapDiff } from '../report/mapDiff.ts';
import type { MapSummary } from '../report/mapSummary.ts';
import type { Overview } from '../report/overview.ts';
import { readPages } from '../report/readPages.ts';
import { readTables } from '../report/readTables.ts';
import type * as Slices from '../report/slices.ts';
import { smapsNotes } from '../report/smapsNotes.ts';
import { type VmaRow, vmaRows } from '../report/vmaRow.ts';
import type { WhatIfAnswer } from '../report/whatIf.ts';
import type { WhyReport } from '../report/whyReport.ts';
import type { Trace } from '../trace/trace.ts';
import { buildAnon } from './buildAnon.ts';
import { compare } from './compare.ts';
import { findFaults } from './findFaults.ts';
import { forkJob } from './forkJob.ts';
import type * as Api from './forkSimApi.ts';
import type { Job } from './job.ts';
import type * as Log from './logTypes.ts';
import { limited, makeScenario, makeSmaps, makeStrace, readFinals } from './makeSubject.ts';
import { diffOfMaps, forkOfMap, whyOfMap } from './mapAnswers.ts';
import { overviewOfLog, overviewOfMap } from './overview.ts';
import { ProcessSubject } from './processSubject.ts';
import type { Session } from './session.ts';
import { straceAnswer } from './straceAnswer.ts';
import { sumUp } from './sumUp.ts';
import { touchJob } from './touchJob.ts';
import { traceJob } from './traceJob.ts';
import { whatIf, whatIfOfSmaps } from './whatIf.ts';

/** VMAs of one answer of `readVmas` at most. */
const MAX_VMAS = 512;

/**
 * What can be asked of a simulation, by name: the calls of `ForkSimApi` follow from this table, in a worker and without one. A new
 * call is one entry here.
 */
export const METHODS = {
  /** Loads a scenario, at position 0. */
  loadScenario: (session: Session, input: Api.LoadScenarioInput): Api.SubjectState =>
    session.load(makeScenario(input, input.options?.profile)),

  /** Replays a strace log to its end. What was replayed before an error can be used; a text that is no log takes nothing away. */
  async loadStrace(session: Session, input: Api.LoadStraceInput, job: Job): Promise<Api.StraceAnswer> {
    const { final, notes } = await readFinals(input, job);
    const subject = await makeStrace(input, input.options?.profile, job, undefined, notes);
    await session.loadLog(subject, job);
    const isTold = subject.replayOptions.faultLog !== undefined || final.size === 0 || input.explain === false;
    const found = isTold ? null : await findFaults(subject, final, job);
    if (found !== null && usesFound(faultsUseOf(input.faults), found))
      await session.loadLog(subject.with(assumptionsOf(found)), job);
    session.log.known = { final, faultsFound: found };
    return straceAnswer(session.at.state(), session.log, job);
  },

  /** Makes a process with the VMAs of a smaps. */
  async loadSmaps(session: Session, input: Api.LoadSmapsInput, job: Job): Promise<Api.SmapsState> {
    const subject = await makeSmaps(input, job);
    return { ...session.load(subject), notes: subject.smaps === null ? [] : smapsNotes(subject.smaps) };
  },

  /** Makes an empty process, for `buildAnon`, `fork` and `touch`. */
  newProcess(session: Session, input: WorldOptions = {}): Api.SubjectState {
    return session.load(new ProcessSubject(limited(input)));
  },

  /** Maps anonymous memory in the current process, and writes every page of it. */
  buildAnon: async (session: Session, { bytes }: Api.BuildAnonInput, job: Job): Promise<Api.BuildAnonAnswer> =>
    buildAnon(await session.touch(undefined, job), bytes, job),

  /** Forks a process as it is now. Steps that are taken afterwards start from a state without it. */
  async fork(session: Session, { pid }: Api.ForkInput = {}, job: Job): Promise<Api.ForkAnswer> {
    const { answer, refaulted } = await forkJob(await session.touch(pid, job), job);
    session.at.refaulted.set(answer.child, refaulted);
    return answer;
  },

  /** Touches pages, and counts the faults. */
  async touch(session: Session, input: Api.TouchInput, job: Job): Promise<Api.TouchAnswer> {
    const process = await session.touch(input.pid, job);
    return touchJob(process, input, session.at.refaulted.get(process.pid) ?? [], job);
  },

  /** Ends a process. */
  async exit(session: Session, { pid }: Api.ExitInput, job: Job): Promise<Api.SubjectState> {
    const process = await session.touch(pid, job);
    if (process === session.at.subject.current) throw new InvariantError(`process ${pid} is the one that is shown`);
    process.exit();
    session.at.refaulted.delete(pid);
    return session.at.state();
  },

  /** Goes forward by a number of steps; default one. At the end it stays. */
  step(session: Session, count: number | undefined = 1, job: Job): Promise<Api.StepAnswer> {
    return session.at.goTo(session.at.position + count, job);
  },

  /** Goes back by a number of steps; default one. At the start it stays. */
  stepBack(session: Session, count: number | undefined = 1, job: Job): Promise<Api.StepAnswer> {
    return session.at.goTo(session.at.position - count, job);
  },

  /** Goes to a position: 0 is before the first step. */
  jump: (session: Session, position: number, job: Job): Promise<Api.StepAnswer> => session.at.goTo(position, job),

  /** Goes to the end. */
  runToEnd: (session: Session, _input: Api.NoInput | undefined, job: Job): Promise<Api.StepAnswer> =>
    session.at.goTo(session.at.subject.length, job),

  /** What is known of the log that is loaded, also where its loading was cancelled: then of what was replayed. */
  logAnswer: (session: Session, _input: Api.NoInput | undefined, job: Job): Promise<Api.StraceAnswer> =>
    straceAnswer(session.at.state(), session.log, job),

  /** VMAs and page tables of a process of the log other than the first; `null`: the log shows no such process. */
  readHistory: ({ log }: Session, { logPid }: Log.HistoryInput): Log.ProcessHistory | null =>
    log.histories.history(logPid, log.steps.length),

  /** Lists steps of a log. */
  readCalls: ({ log }: Session, input: Log.CallsInput): Promise<readonly Log.CallRow[]> => log.rows(input),

  /** Finds the next step of a log that has a mark, or is of a line; `null`: there is none. */
  findStep: ({ log: { steps } }: Session, input: Log.FindStepInput): number | null =>
    'line' in input ? steps.atLine(input.line) : steps.find(input.mark, input.from, input.back ?? false),

  /** VMAs with what the rules say of each pair, and fork of each. */
  async readVmas(session: Session, input: Log.VmasInput = {}, job: Job): Promise<readonly VmaRow[]> {
    const { pid, from = 0, max = MAX_VMAS } = input;
    if (!(from >= 0) || !Number.isSafeInteger(max) || max < 1 || max > MAX_VMAS) {
      throw new InvariantError(`no slice of VMAs: ${max} from ${from} on, at most ${MAX_VMAS}`);
    }
    const process = await session.look(pid, job);
    return vmaRows(process, session.at.subject.contextOf(process), { from, max });
  },

  /** A map in figures. */
  async sumUp(session: Session, { pid }: Api.ForkInput = {}, job: Job): Promise<MapSummary> {
    const process = await session.look(pid, job);
    return sumUp(session.at.subject, process, job);
  },

  /** What one guard page in a VMA would change. Throws InvariantError where there is no VMA. */
  askGuard: async (
    session: Session,
    { pid, addr }: { readonly pid?: number; readonly addr: number },
    job: Job,
  ): Promise<GuardAnswer> => guardAnswer(await session.look(pid, job), addr),

  /** What is said of a log or a map at first sight; `null`: the log shows no process, or what is loaded is neither. */
  overview(
    session: Session,
    input: Api.OverviewInput | undefined,
    job: Job,
  ): Promise<Overview | null> | Overview | null {
    const { subject } = session.at;
    return subject instanceof ProcessSubject
      ? overviewOfMap(subject, input?.longestGuard)
      : overviewOfLog(session.log, job, input);
  },

  /** What keeps neighbours apart, like pairs as one. */
  whyReport: (session: Session, input: Api.WhyInput | undefined, job: Job): Promise<Omit<WhyReport, 'pairs'>> =>
    whyOfMap(session, input ?? {}, job),

  /** What a fork would copy, like VMAs as one. Nothing is forked. */
  forkReport: (session: Session, input: Api.ForkInput | undefined, job: Job): Promise<ForkReport> =>
    forkOfMap(session, input?.pid, job),

  /** What became of the VMAs of one map in another. What is loaded stays as it is. */
  mapDiff: (_session: Session, input: Api.MapDiffInput, job: Job): Promise<Omit<MapDiff, 'changes'>> =>
    diffOfMaps(input, job),

  /** A log replayed with guards as markers, and the limit that it needs; a smaps with its guards as markers, at best. */
  whatIf(session: Session, input: Api.WhatIfInput | undefined, job: Job): Promise<WhatIfAnswer> | WhatIfAnswer {
    const { subject } = session.at;
    const longestGuard = input?.longestGuard;
    return subject instanceof ProcessSubject
      ? whatIfOfSmaps(subject, longestGuard)
      : whatIf(session.log, job, longestGuard);
  },

  /** Runs one input on two kernels. What is loaded stays as it is. */
  compare: (_session: Session, input: Api.CompareInput, job: Job): Promise<Api.CompareAnswer> => compare(input, job),

  /** Runs a scenario, and keeps all that a picture of each step needs. What is loaded stays as it is. */
  trace: (_session: Session, input: Api.TraceInput, job: Job): Promise<Trace> => traceJob(input, job),

  /** Judges a litmus file on kernels. What is loaded stays as it is. */
  judge: (_session: Session, { text, name = 'litmus', kernels }: Api.JudgeInput): readonly LitmusVerdict[] => {
    const test = litmusTest(parseLitmus(text, name), name);
    return kernels.map((kernel) => judgeLitmus(test, kernel));
  },

  /** Reads VMAs. */
  readMap(session: Session, input: Slices.MapSliceInput = {}, job: Job): Promise<Slices.MapSlice> {
    return session.at.map(input, job);
  },

  /** Reads page states. */
  readPages: async (session: Session, input: Slices.PageSliceInput, job: Job): Promise<Slices.PageSlice> =>
    readPages(await session.look(input.pid, job), input),

  /** Lists page tables. */
  async readTables(session: Session, input: Slices.TableSliceInput = {}, job: Job): Promise<Slices.TableSlice> {
    return readTables(await session.look(input.pid, job), input);
  },

  /** What is loaded, and where one stands. Throws InvariantError where nothing is. */
  state: (session: Session, _input?: Api.NoInput): Api.SubjectState => session.at.state(),
} satisfies { readonly [name: string]: (session: Session, input: never, job: Job) => unknown };
