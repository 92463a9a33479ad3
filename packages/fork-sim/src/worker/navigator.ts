import { InvariantError } from 'vma-core';
import type { Process } from '../process/process.ts';
import { ALL_VMAS, checkMapSlice, readMap } from '../report/readMap.ts';
import type { MapSlice, MapSliceInput } from '../report/slices.ts';
import { NAMELESS, type VmaNamer, vmaNamer } from '../report/vmaNames.ts';
import type { RefaultRanges } from './forkJob.ts';
import type { Progress, StepAnswer, SubjectState } from './forkSimApi.ts';
import type { Job } from './job.ts';
import { StepViews, sliceOf } from './stepViews.ts';
import type { Subject } from './subject.ts';

/** A process of a subject; default: the one that is shown. @throws InvariantError where there is none of that pid */
export function processOf({ current, world }: Subject, pid: number | undefined): Process {
  if (pid === undefined) return current;
  const process = world.processes.get(pid);
  if (process !== undefined) return process;
  throw new InvariantError(`no process ${pid}; there are ${[...world.processes.keys()].join(', ')}`);
}

/** Names the VMAs of a process of a subject. */
export function namerOf(subject: Subject, process: Process): VmaNamer {
  const context = subject.contextOf(process);
  return context === null ? NAMELESS : vmaNamer(process, context.space, context.files);
}

/**
 * Where one stands in a subject. The position moves at once; the world follows when something is done to it.
 *
 *     position   ......................v
 *     views      ..............|oooooooo|     what was to be seen at the last positions before: up to 1,024
 *     world      >---------------------->     begins again where one goes back further, or tries something
 *
 * Going back is exact, since a subject begun again goes through the same states; and it costs one such run each 1,024 steps.
 * What was tried at a position (a fork, a touch) is gone at the next.
 */
export class Navigator {
  readonly subject: Subject;
  /** What forks left to refault, by the child's pid. */
  readonly refaulted: Map<number, RefaultRanges> = new Map();
  readonly #views = new StepViews();
  #position: number;
  /** Something was tried in the world as it is. */
  #touched = false;
  /** Something was tried, and one has moved on since: the world is of no use any more. */
  #stale = false;

  constructor(subject: Subject) {
    this.subject = subject;
    this.#position = subject.done;
  }

  get position(): number {
    return this.#position;
  }

  /** The subject has moved by itself, as a log does that is loaded. */
  arrive(): void {
    this.#position = this.subject.done;
  }

  /** Keeps what is to be seen of the world as it is, so that going back here is at hand. */
  see(): void {
    const { shown, current } = this.subject;
    const map = readMap(current, ALL_VMAS, namerOf(this.subject, current));
    this.#views.add({ shown, state: this.#live(), map });
  }

  /** Remembers that the world is about to become another than its steps make it. */
  touch(): void {
    this.#touched = true;
  }

  /**
   * Moves to a position, clamped to what there is.
   * @throws CancelledError, InputError: the position is then what was reached
   */
  async goTo(position: number, job: Job): Promise<StepAnswer> {
    if (!Number.isInteger(position)) throw new InvariantError(`a position is a whole number, not ${position}`);
    const target = Math.max(0, Math.min(this.subject.length, position));
    if (target !== this.#position) {
      this.#stale ||= this.#touched;
      this.#position = target;
    }
    const view = this.#views.get(target);
    if (view === undefined) await this.settle(job);
    return { ...this.state(), ...(view?.shown ?? this.subject.shown) };
  }

  /** Brings the world to the position. Throws what {@link goTo} does. */
  async settle(job: Job): Promise<void> {
    const { subject } = this;
    const vmas = subject.current.mm.mapCount;
    if (this.#stale || subject.done > this.#position) {
      subject.restart();
      this.refaulted.clear();
      this.#touched = false;
      this.#stale = false;
    }
    if (subject.done === this.#position) return;
    const viewsFrom = this.#position - this.#views.room(vmas);
    try {
      while (subject.done < this.#position) {
        const pending = subject.advance();
        if (pending !== undefined) await pending;
        if (subject.done > viewsFrom) this.see();
        if (job.due()) await job.pause(this.#progress());
      }
    } catch (error) {
      this.#position = subject.done;
      throw error;
    }
  }

  /** What is loaded, at the position. */
  state(): SubjectState {
    const view = this.#isLive() ? undefined : this.#views.get(this.#position);
    return view === undefined ? this.#live() : { ...view.state, length: this.subject.length };
  }

  /** VMAs at the position; from a view, where the world is elsewhere. */
  async map(input: MapSliceInput, job: Job): Promise<MapSlice> {
    checkMapSlice(input);
    const view = this.#isLive() ? undefined : this.#views.get(this.#position);
    if (view !== undefined && (input.pid ?? view.map.pid) === view.map.pid) return sliceOf(view.map, input);
    await this.settle(job);
    const process = processOf(this.subject, input.pid);
    return readMap(process, input, namerOf(this.subject, process));
  }

  #progress(): Progress {
    const { done } = this.subject;
    return { doing: 'stepping', part: done / Math.max(1, this.#position), done, unit: 'steps' };
  }

  #isLive(): boolean {
    return !this.#stale && this.subject.done === this.#position;
  }

  #live(): SubjectState {
    const { subject } = this;
    const { current, world } = subject;
    return {
      kind: subject.kind,
      name: subject.name,
      kernel: subject.kernel,
      position: subject.done,
      length: subject.length,
      pid: current.pid,
      pids: [...world.processes.keys()],
      vmas: current.mm.mapCount,
      tablesKb: current.pageTable.vmPteKb,
      modelBytes: world.frames.memory.bytes,
    };
  }
}
