/** How one kernel's recording compares with the engine. */
export interface KernelEvidence {
  /** As `uname -r` says it. */
  readonly kernel: string;
  readonly label: string;
  /** Which set of scenarios. */
  readonly set: '1' | '2' | 'random';
  readonly scenarios: number;
  readonly steps: number;
  /** Scenarios in which every field of every step is equal. */
  readonly exact: number;
}

/** What the page "How we know" shows; computed when the site is built. */
export interface Evidence {
  readonly kernels: readonly KernelEvidence[];
  /** Recordings of real programs. */
  readonly programs: number;
}
