import type { KernelSide } from './kernelSide.ts';

/** What a case may use. */
export interface BenchContext {
  /** `null`: no Linux or no compiler, so only our side is measured. */
  readonly kernel: KernelSide | null;
}

/** One round's measure; `null`: it cannot be measured here. */
export type Round = () => number | null | Promise<number | null>;

/** A case that is set up. */
export interface PreparedCase {
  /** Our side: one round, in the case's unit. */
  readonly ours: Round;
  /** The kernel's side of the same; absent: there is nothing like it. */
  readonly kernel?: Round;
  /** Facts that are counted, not timed. */
  readonly counts?: () => Readonly<Record<string, number>>;
  readonly dispose?: () => void | Promise<void>;
}

/** One row of the table. */
export interface BenchCase {
  /** As `--only` finds it: group, then what. */
  readonly name: string;
  readonly title: string;
  /** Unit of what a round answers. Times are CPU time. */
  readonly unit: 'ns' | 'ms' | 'bytes' | 'MiB' | 'lines/s';
  /** What one unit is for: `a cycle`, `a page`. */
  readonly per: string;
  readonly rounds: number;
  /** Rounds of ours that are not counted, while the code is compiled. Default 2. */
  readonly warmUp?: number;
  /** MiB that must be free; with less, the case is left out, and the report says so. Default 0. */
  readonly needsMib?: number;
  /**
   * MiB that a round of ours takes from the system. So much is written and given back before each, so that the round pays for the
   * kernel's page faults, as any program does, and not for a hypervisor's of pages that nobody has used so far. Default 0.
   */
  readonly freshMib?: number;
  /** Sets the case up; a string says why it cannot be run here. */
  prepare(context: BenchContext): PreparedCase | string | Promise<PreparedCase | string>;
}
