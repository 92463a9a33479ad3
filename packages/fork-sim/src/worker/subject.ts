import type { Process, World } from '../process/process.ts';
import type { ReplayContext } from '../report/vmaRow.ts';
import type { StepShown, SubjectState } from './forkSimApi.ts';

/** A step that shows nothing: position 0, or a subject without steps. */
export const NOTHING_SHOWN: StepShown = { record: null, call: null, events: [], log: null };

/**
 * What is loaded: something that can be begun, and carried out step by step. The same subject always goes through the same
 * states, so that going back is beginning again and going forward, exactly.
 */
export interface Subject {
  readonly kind: SubjectState['kind'];
  readonly name: string;
  /** Name of the kernel profile, as it was asked for. */
  readonly kernel: string;
  /** Steps there are. */
  readonly length: number;
  /** Steps carried out in {@link world}. */
  readonly done: number;
  readonly world: World;
  /** The process that is shown unless another is asked for. */
  readonly current: Process;
  /** Carries out the next step. Precondition: there is one. A promise only where something must be read first. */
  advance(): void | Promise<void>;
  /** Begins again, in a fresh world. */
  restart(): void;
  /** What the last step that was carried out shows. */
  readonly shown: StepShown;
  /** What is told of a process besides; `null`: nothing. */
  contextOf(process: Process): ReplayContext | null;
}
