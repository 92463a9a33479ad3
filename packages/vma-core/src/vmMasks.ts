import type { KernelProfile } from './kernelProfile.ts';
import { VM_ACCESS_FLAGS, VM_LOCKED_MASK, VM_SPECIAL, type VmFlags } from './vmFlags.ts';

/** The masks that merging and fork compare with, by their kernel names. */
export interface VmMasks {
  /** Set on the result of a merge when any VMA that took part had it. */
  readonly VM_STICKY: VmFlags;
  /** A difference in these does not stop a merge. */
  readonly VM_IGNORE_MERGE: VmFlags;
  /** Flags whose page tables no later fault could make again. */
  readonly VM_COPY_ON_FORK: VmFlags;
  /** Mappings with any of these never merge; the same on every kernel. */
  readonly VM_SPECIAL: VmFlags;
  /** What `mprotect` may change; the same on every kernel. */
  readonly VM_ACCESS_FLAGS: VmFlags;
  /** What `munlock` takes away; the same on every kernel. */
  readonly VM_LOCKED_MASK: VmFlags;
}

/** The masks as they are on one kernel. Source: include/linux/mm.h (6.19), and the series as posted for the first three. */
export function vmMasks(profile: KernelProfile): VmMasks {
  return {
    VM_STICKY: profile.sticky,
    VM_IGNORE_MERGE: profile.ignoreMerge,
    VM_COPY_ON_FORK: profile.copyOnFork,
    VM_SPECIAL,
    VM_ACCESS_FLAGS,
    VM_LOCKED_MASK,
  };
}
