import type { Smaps } from 'proc-io';
import { InvariantError } from 'vma-core';
import { type Process, World, type WorldOptions } from '../process/process.ts';
import type { ReplayContext } from '../report/vmaRow.ts';
import type { StepShown, SubjectState } from './forkSimApi.ts';
import { NOTHING_SHOWN, type Subject } from './subject.ts';

/** A process to try things with: it has no steps. */
export class ProcessSubject implements Subject {
  readonly kind: SubjectState['kind'];
  readonly name: string;
  readonly length = 0;
  readonly done = 0;
  readonly shown: StepShown = NOTHING_SHOWN;
  readonly #options: WorldOptions;
  readonly #fill: (process: Process) => ReplayContext | null;
  #context: ReplayContext | null = null;
  #current: Process;

  /** The smaps that it was made of; `null`: of none. */
  readonly smaps: Smaps | null;

  /** `fill` gives the process what it has at the start; it is called again by {@link restart}. */
  constructor(
    options: WorldOptions,
    kind: SubjectState['kind'] = 'process',
    name = 'process',
    fill: (process: Process) => ReplayContext | null = () => null,
    smaps: Smaps | null = null,
  ) {
    this.kind = kind;
    this.name = name;
    this.#options = options;
    this.#fill = fill;
    this.smaps = smaps;
    this.#current = this.#make();
  }

  get kernel(): string {
    return this.world.profile.name;
  }

  get world(): World {
    return this.#current.world;
  }

  get current(): Process {
    return this.#current;
  }

  contextOf(process: Process): ReplayContext | null {
    return process === this.#current ? this.#context : null;
  }

  advance(): void {
    throw new InvariantError(`a ${this.kind} has no steps`);
  }

  restart(): void {
    this.#current = this.#make();
  }

  #make(): Process {
    const process = new World(this.#options).newProcess();
    this.#context = this.#fill(process);
    return process;
  }
}
