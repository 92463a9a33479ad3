import type { KernelProfile, MmCounters } from 'vma-core';
import type { Call, CallResult } from './call.ts';
import type { StateView } from './stateView.ts';

/** A state of a kernel. Views are used again for the next state: read them at once. */
export interface Reached {
  readonly profile: KernelProfile;
  readonly after: StateView;
  /** The same calls on the other kernel, where two are compared. */
  readonly other: Reached | null;
}

/** A call, what it answered, and the state before and after it. */
export interface Step extends Reached {
  readonly call: Call;
  readonly result: CallResult;
  readonly before: StateView;
  /** A bit for each page that is mapped otherwise after the call, or not, or has other flags, or is a guard, or written, in one state alone. */
  readonly changed: number;
  /** What the kernel counts after the call; before it, every counter is what the VMAs say. */
  readonly counters: MmCounters;
  readonly other: Step | null;
}
