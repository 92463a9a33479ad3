import { InvariantError } from 'vma-core';
import type { Process } from '../process.ts';
import type { WorldOptions } from '../world.ts';
import { buildAnon } from './buildAnon.ts';
import { compare } from './compare.ts';
import { forkJob } from './forkJob.ts';
import type {
  CompareAnswer,
  CompareInput,
  ForkSimApi,
  JobControl,
  LoadScenarioInput,
  LoadSmapsInput,
  LoadStraceInput,
  StepAnswer,
  StraceAnswer,
  SubjectState,
} from './forkSimApi.ts';
import { JobQueue } from './jobQueue.ts';
import { limited, makeScenario, makeSmaps, makeStrace } from './makeSubject.ts';
import { Navigator } from './navigator.ts';
import type { Pacer } from './pacer.ts';
import { ProcessSubject } from './processSubject.ts';
import { readMap, readPages } from './readWindows.ts';
import { replayOutcome } from './replayOutcome.ts';
import type { StepShown, Subject } from './subject.ts';
import { touchJob } from './touchJob.ts';

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
      const subject = await makeStrace(input, input.options?.profile);
      try {
        await subject.load(pacer);
      } finally {
        this.#load(subject);
      }
      const outcome = replayOutcome(subject.replay);
      const { lines, length: calls, unreadable } = subject;
      return { ...this.#state(), lines, calls, unreadable, outcome };
    });
  }

  loadSmaps(input: LoadSmapsInput, control: JobControl = {}): Promise<SubjectState> {
    return this.#queue.run(control, async () => this.#load(await makeSmaps(input)));
  }

  newProcess(options: WorldOptions = {}, control: JobControl = {}): Promise<SubjectState> {
    return this.#queue.run(control, () => this.#load(new ProcessSubject(limited(options))));
  }

  buildAnon(...[{ bytes }, control = {}]: Parameters<ForkSimApi['buildAnon']>): ReturnType<ForkSimApi['buildAnon']> {
    return this.#try(control, undefined, (process, pacer) => buildAnon(process, bytes, pacer));
  }

  fork(...[{ pid } = {}, control = {}]: Parameters<ForkSimApi['fork']>): ReturnType<ForkSimApi['fork']> {
    return this.#try(control, pid, async (process, pacer, at) => {
      const { answer, refaulted } = await forkJob(process, control, pacer);
      at.refaulted.set(answer.child, refaulted);
      return answer;
    });
  }

  touch(...[input, control = {}]: Parameters<ForkSimApi['touch']>): ReturnType<ForkSimApi['touch']> {
    return this.#try(control, input.pid, (process, pacer, at) =>
      touchJob(process, input, at.refaulted.get(process.pid) ?? [], pacer),
    );
  }

  exit(...[{ pid }, control = {}]: Parameters<ForkSimApi['exit']>): Promise<SubjectState> {
    return this.#try(control, pid, (process, _pacer, at) => {
      if (process === at.subject.current) throw new InvariantError(`process ${pid} is the one that is shown`);
      process.exit();
      at.refaulted.delete(pid);
      return this.#state();
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

  compare(input: CompareInput, control: JobControl = {}): Promise<CompareAnswer> {
    return this.#queue.run(control, (pacer) => compare(input, pacer));
  }

  readMap(...[input = {}, control = {}]: Parameters<ForkSimApi['readMap']>): ReturnType<ForkSimApi['readMap']> {
    return this.#look(control, input.pid, (process) => readMap(process, input));
  }

  readPages(...[input, control = {}]: Parameters<ForkSimApi['readPages']>): ReturnType<ForkSimApi['readPages']> {
    return this.#look(control, input.pid, (process) => readPages(process, input));
  }

  state(): Promise<SubjectState> {
    return this.#queue.run({}, async (pacer) => {
      await this.#loaded().settle(pacer);
      return this.#state();
    });
  }

  async dispose(): Promise<void> {
    this.#queue.close();
    this.#at = null;
  }

  #load(subject: Subject): SubjectState {
    this.#at = new Navigator(subject);
    return this.#state();
  }

  #loaded(): Navigator {
    if (this.#at === null) throw new InvariantError('nothing is loaded');
    return this.#at;
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
    return this.#queue.run(control, async (pacer) => {
      const at = this.#loaded();
      const shown: StepShown = await at.goTo(target(at), pacer);
      return { ...this.#state(), ...shown };
    });
  }

  #state(): SubjectState {
    const { subject, position } = this.#loaded();
    const { current, world } = subject;
    return {
      kind: subject.kind,
      name: subject.name,
      kernel: world.profile.name,
      position,
      length: subject.length,
      pid: current.pid,
      pids: [...world.processes.keys()],
      vmas: current.mm.mapCount,
      modelBytes: world.frames.memory.bytes,
    };
  }
}

function processOf({ current, world }: Subject, pid: number | undefined): Process {
  if (pid === undefined) return current;
  const process = world.processes.get(pid);
  if (process === undefined)
    throw new InvariantError(`no process ${pid}; there are ${[...world.processes.keys()].join(', ')}`);
  return process;
}
