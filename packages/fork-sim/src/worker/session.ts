import { InvariantError } from 'vma-core';
import type { Process } from '../process/process.ts';
import type { SubjectState } from './forkSimApi.ts';
import type { Job } from './job.ts';
import { Navigator, processOf } from './navigator.ts';
import { StraceSubject } from './straceSubject.ts';
import type { Subject } from './subject.ts';

/** What the calls of {@link METHODS} work on: the one thing that is loaded, and where in it one stands. */
export class Session {
  #at: Navigator | null = null;

  /** Where one stands. @throws InvariantError where nothing is loaded */
  get at(): Navigator {
    if (this.#at === null) throw new InvariantError('nothing is loaded');
    return this.#at;
  }

  set at(navigator: Navigator) {
    this.#at = navigator;
  }

  /** The log that is loaded. @throws InvariantError where none is */
  get log(): StraceSubject {
    const { subject } = this.at;
    if (subject instanceof StraceSubject) return subject;
    throw new InvariantError(`a ${subject.kind} is no log`);
  }

  /** Loads a log, replayed to its end; where that fails, with what was replayed by then. */
  async loadLog(subject: StraceSubject, job: Job): Promise<void> {
    const at = new Navigator(subject);
    try {
      await subject.load(job, () => at.see());
    } finally {
      at.arrive();
      if (subject.done > 0) this.#at = at;
    }
    this.#at = at;
  }

  load(subject: Subject): SubjectState {
    this.#at = new Navigator(subject);
    return this.#at.state();
  }

  /** A process at the position where one stands; default: the one that is shown. */
  async look(pid: number | undefined, job: Job): Promise<Process> {
    await this.at.settle(job);
    return processOf(this.at.subject, pid);
  }

  /** The same, to change it other than by a step. */
  async touch(pid: number | undefined, job: Job): Promise<Process> {
    const process = await this.look(pid, job);
    this.at.touch();
    return process;
  }

  /** Frees what is loaded. */
  unload(): void {
    this.#at = null;
  }
}
