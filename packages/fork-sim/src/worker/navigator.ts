import { InvariantError } from 'vma-core';
import type { RefaultRanges } from './forkJob.ts';
import type { Pacer } from './pacer.ts';
import { NOTHING_SHOWN, type StepShown, type Subject } from './subject.ts';

/** Steps that are carried out between two looks at the clock. */
const LOOK_EVERY = 16;

/**
 * Where one stands in a subject. The position moves at once; the world follows when somebody looks at it. So stepping back
 * through a scenario, whose records are kept, costs nothing, and what was tried at one position (a fork, a touch) is gone at the next.
 */
export class Navigator {
  readonly subject: Subject;
  /** What forks left to refault, by the child's pid. */
  readonly refaulted: Map<number, RefaultRanges> = new Map();
  position = 0;
  /** Something was tried in the world as it is. */
  #touched = false;
  /** Something was tried, and one has moved on since: the world is of no use any more. */
  #stale = false;

  constructor(subject: Subject) {
    this.subject = subject;
    this.position = subject.done;
  }

  /** Remembers that the world is about to become another than its steps make it. */
  touch(): void {
    this.#touched = true;
  }

  /** Moves to a position, clamped to what there is, and answers what the step before it shows. */
  async goTo(position: number, pacer: Pacer): Promise<StepShown> {
    if (!Number.isInteger(position)) throw new InvariantError(`a position is a whole number, not ${position}`);
    const target = Math.max(0, Math.min(this.subject.length, position));
    if (target !== this.position) this.#stale ||= this.#touched;
    this.position = target;
    const known = this.subject.shown(target);
    if (known !== null) return known;
    await this.settle(pacer);
    return this.subject.shown(target) ?? NOTHING_SHOWN;
  }

  /**
   * Brings the world to the position.
   * @throws CancelledError, InputError: the position is then what was reached
   */
  async settle(pacer: Pacer): Promise<void> {
    const { subject } = this;
    if (this.#stale || subject.done > this.position) {
      subject.restart();
      this.refaulted.clear();
      this.#touched = false;
      this.#stale = false;
    }
    try {
      while (subject.done < this.position) {
        const pending = subject.advance();
        if (pending !== undefined) await pending;
        if (subject.done % LOOK_EVERY !== 0 || !pacer.due()) continue;
        const part = subject.done / Math.max(1, this.position);
        await pacer.pause({ doing: 'stepping', part, done: subject.done, unit: 'steps' });
      }
    } catch (error) {
      this.position = subject.done;
      throw error;
    }
  }
}
