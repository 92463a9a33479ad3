import { InvariantError } from 'vma-core';
import type { Process } from '../process/process.ts';
import type { WorldOptions } from '../process/world.ts';
import type { Trace } from '../trace/trace.ts';
import { buildAnon } from './buildAnon.ts';
import { compare } from './compare.ts';
import { finishWork } from './finishWork.ts';
import { forkJob } from './forkJob.ts';
import type {
  BuildAnonAnswer,
  BuildAnonInput,
  CompareAnswer,
  CompareInput,
  ExitInput,
  ForkAnswer,
  ForkInput,
  ForkSimApi,
  JobControl,
  LoadScenarioInput,
  LoadSmapsInput,
  LoadStraceInput,
  StepAnswer,
  StraceAnswer,
  SubjectState,
  TouchAnswer,
  TouchInput,
  TraceInput,
} from './forkSimApi.ts';
import { guardAnswer } from './guardAnswer.ts';
import { JobQueue } from './jobQueue.ts';
import type {
  CallRow,
  CallsInput,
  FindStepInput,
  GuardAnswer,
  HistoryInput,
  MapSummary,
  ProcessHistory,
  VmaDetail,
  VmasInput,
  WhatIfAnswer,
} from './logTypes.ts';
import { limited, makeScenario, makeSmaps, makeStrace, readSmaps } from './makeSubject.ts';
import { Navigator } from './navigator.ts';
import type { Pacer } from './pacer.ts';
import { processOf } from './processOf.ts';
import { ProcessSubject } from './processSubject.ts';
import { readPages } from './readPages.ts';
import { readTables } from './readTables.ts';
import { readVmas } from './readVmas.ts';
import { straceAnswer } from './straceAnswer.ts';
import { StraceSubject } from './straceSubject.ts';
import type { Subject } from './subject.ts';
import { sumUp } from './sumUp.ts';
import { touchJob } from './touchJob.ts';
import { traceJob } from './traceJob.ts';
import { whatIf, whatIfOfSmaps } from './whatIf.ts';
import type {
  MapWindow,
  MapWindowInput,
  PageWindow,
  PageWindowInput,
  TableWindow,
  TableWindowInput,
} from './windows.ts';

/** A simulation, free of any transport: the worker offers it, and it can be used as it is. See {@link ForkSimApi}. */
export function createForkSim(): ForkSimApi {
  return new ForkSim();
}

class ForkSim implements ForkSimApi {
  readonly #queue = new JobQueue();
  #at: Navigator | null = null;

  loadScenario(input: LoadScenarioInput, control: JobControl = {}): Promise<SubjectState> {
    return this.#queue.run(control, () => this.#load(makeScenario(input, input.options?.profile)));
  }

  loadStrace(input: LoadStraceInput, control: JobControl = {}): Promise<StraceAnswer> {
    return this.#queue.run(control, async (pacer) => {
      const final = input.final === undefined ? null : await readSmaps(input.final, undefined, pacer);
      const subject = await makeStrace(input, input.options?.profile, pacer);
      const at = new Navigator(subject);
      try {
        await subject.load(pacer, () => at.see(pacer));
      } finally {
        at.arrive();
        // What was replayed before an error can be used; a text that is no log takes nothing away.
        if (subject.done > 0) this.#at = at;
      }
      this.#at = at;
      return straceAnswer(at.state(), subject, final, pacer);
    });
  }

  loadSmaps(input: LoadSmapsInput, control: JobControl = {}): Promise<SubjectState> {
    return this.#queue.run(control, async (pacer) => this.#load(await makeSmaps(input, pacer)));
  }

  newProcess(options: WorldOptions = {}, control: JobControl = {}): Promise<SubjectState> {
    return this.#queue.run(control, () => this.#load(new ProcessSubject(limited(options))));
  }

  buildAnon(input: BuildAnonInput, control: JobControl = {}): Promise<BuildAnonAnswer> {
    return this.#try(control, undefined, (process, pacer) => buildAnon(process, input.bytes, pacer));
  }

  fork(input: ForkInput = {}, control: JobControl = {}): Promise<ForkAnswer> {
    return this.#try(control, input.pid, async (process, pacer, at) => {
      const { answer, refaulted } = await forkJob(process, control, pacer);
      at.refaulted.set(answer.child, refaulted);
      return answer;
    });
  }

  touch(input: TouchInput, control: JobControl = {}): Promise<TouchAnswer> {
    return this.#try(control, input.pid, (process, pacer, at) =>
      touchJob(process, input, at.refaulted.get(process.pid) ?? [], pacer),
    );
  }

  exit({ pid }: ExitInput, control: JobControl = {}): Promise<SubjectState> {
    return this.#try(control, pid, async (process, pacer, at) => {
      if (process === at.subject.current) throw new InvariantError(`process ${pid} is the one that is shown`);
      process.exit();
      const { pageWork } = process.world;
      const progress = { doing: 'freeing pages', part: null, done: 0, unit: 'pages' } as const;
      await finishWork({ work: () => pageWork.step() }, pacer, () => progress);
      at.refaulted.delete(pid);
      return at.state();
    });
  }

  step(count = 1, control: JobControl = {}): Promise<StepAnswer> {
    return this.#move(control, (at) => at.position + count);
  }

  stepBack(count = 1, control: JobControl = {}): Promise<StepAnswer> {
    return this.#move(control, (at) => at.position - count);
  }

  jump(position: number, control: JobControl = {}): Promise<StepAnswer> {
    return this.#move(control, () => position);
  }

  runToEnd(control: JobControl = {}): Promise<StepAnswer> {
    return this.#move(control, (at) => at.subject.length);
  }

  logAnswer(_input: Readonly<Record<string, never>> = {}, control: JobControl = {}): Promise<StraceAnswer> {
    return this.#queue.run(control, (pacer) => straceAnswer(this.#loaded().state(), this.#log(), null, pacer));
  }

  readHistory({ logPid }: HistoryInput, control: JobControl = {}): Promise<ProcessHistory | null> {
    return this.#queue.run(control, () => this.#log().histories.history(logPid, this.#log().steps.length));
  }

  readCalls(input: CallsInput, control: JobControl = {}): Promise<readonly CallRow[]> {
    return this.#queue.run(control, () => this.#log().rows(input));
  }

  findStep(input: FindStepInput, control: JobControl = {}): Promise<number | null> {
    return this.#queue.run(control, () => {
      const { steps } = this.#log();
      return 'line' in input ? steps.atLine(input.line) : steps.find(input.mark, input.from, input.back ?? false);
    });
  }

  readVmas(input: VmasInput = {}, control: JobControl = {}): Promise<readonly VmaDetail[]> {
    return this.#look(control, input.pid, (process, _pacer, at) =>
      readVmas(process, at.subject.contextOf(process), input),
    );
  }

  sumUp({ pid }: { readonly pid?: number } = {}, control: JobControl = {}): Promise<MapSummary> {
    return this.#look(control, pid, (process, pacer, at) => sumUp(process, at.subject.contextOf(process), pacer));
  }

  askGuard(
    { pid, addr }: { readonly pid?: number; readonly addr: number },
    control: JobControl = {},
  ): Promise<GuardAnswer> {
    return this.#look(control, pid, (process) => guardAnswer(process, addr));
  }

  whatIf(_input: Readonly<Record<string, never>> = {}, control: JobControl = {}): Promise<WhatIfAnswer> {
    return this.#queue.run(control, (pacer) => {
      const { subject } = this.#loaded();
      return subject instanceof ProcessSubject ? whatIfOfSmaps(subject) : whatIf(this.#log(), pacer);
    });
  }

  compare(input: CompareInput, control: JobControl = {}): Promise<CompareAnswer> {
    return this.#queue.run(control, (pacer) => compare(input, pacer));
  }

  trace(input: TraceInput, control: JobControl = {}): Promise<Trace> {
    return this.#queue.run(control, (pacer) => traceJob(input, pacer));
  }

  readMap(input: MapWindowInput = {}, control: JobControl = {}): Promise<MapWindow> {
    return this.#queue.run(control, (pacer) => this.#loaded().map(input, pacer));
  }

  readPages(input: PageWindowInput, control: JobControl = {}): Promise<PageWindow> {
    return this.#look(control, input.pid, (process, pacer) => readPages(process, input, pacer));
  }

  readTables(input: TableWindowInput = {}, control: JobControl = {}): Promise<TableWindow> {
    return this.#look(control, input.pid, (process, pacer) => readTables(process, input, pacer));
  }

  state(): Promise<SubjectState> {
    return this.#queue.run({}, () => this.#loaded().state());
  }

  async dispose(): Promise<void> {
    this.#queue.close();
    this.#at = null;
  }

  #load(subject: Subject): SubjectState {
    this.#at = new Navigator(subject);
    return this.#at.state();
  }

  #loaded(): Navigator {
    if (this.#at === null) throw new InvariantError('nothing is loaded');
    return this.#at;
  }

  /** @throws InvariantError where no log is loaded */
  #log(): StraceSubject {
    const { subject } = this.#loaded();
    if (subject instanceof StraceSubject) return subject;
    throw new InvariantError(`a ${subject.kind} is no log`);
  }

  /** A job that looks at a process, at the position where one stands. */
  #look<T>(
    control: JobControl,
    pid: number | undefined,
    job: (process: Process, pacer: Pacer, at: Navigator) => T | Promise<T>,
  ): Promise<T> {
    return this.#queue.run(control, async (pacer) => {
      const at = this.#loaded();
      await at.settle(pacer);
      return job(processOf(at.subject, pid), pacer, at);
    });
  }

  /** A job that changes a process other than by a step. */
  #try<T>(
    control: JobControl,
    pid: number | undefined,
    job: (process: Process, pacer: Pacer, at: Navigator) => T | Promise<T>,
  ): Promise<T> {
    return this.#look(control, pid, (process, pacer, at) => {
      at.touch();
      return job(process, pacer, at);
    });
  }

  #move(control: JobControl, target: (at: Navigator) => number): Promise<StepAnswer> {
    return this.#queue.run(control, (pacer) => this.#loaded().goTo(target(this.#loaded()), pacer));
  }
}
