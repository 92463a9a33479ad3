/**
 * Where the columns of an address space are taken from, so that a model can be told how much it may take, and may use arrays again. An
 * address space asks before it changes anything, so that a refusal leaves a sound state.
 */
export interface HostMemory {
  /** A zeroed buffer. May throw: there is none to be had. */
  take(bytes: number): ArrayBuffer;
  /** A buffer is used no more: it may be handed out again. */
  give(buffer: ArrayBuffer): void;
}

/** All that the machine has. */
export const WHOLE_HOST: HostMemory = {
  take: (bytes) => new ArrayBuffer(bytes),
  give: () => {},
};
