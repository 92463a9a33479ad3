/** What a run of the prober printed. */
export interface ProberRun {
  /** `null`: a signal ended it. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where scenarios are performed: the program on the running kernel, or in a virtual machine. */
export interface Prober {
  /** Scenarios given to it at once, which bounds the text held in memory, and what is lost where it fails. */
  readonly chunk: number;
  run(input: string): Promise<ProberRun>;
}

/** The prober cannot run here (no Linux, no compiler), or it failed. The message says which. */
export class ProberError extends Error {
  override readonly name = 'ProberError';
}
