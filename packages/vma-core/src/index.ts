// What a kernel developer asks first: may these two merge, and if not, why not; what a fork copies; what flags are. The system calls are
// in `vma-core/calls`, the steps of a merge in `vma-core/merge`, the commits behind each profile in `vma-core/changes`, own kernels in
// `vma-core/profiles`, drawings in `vma-core/diagram`, shorter and longer words in `vma-core/words`, checks in `vma-core/validate`.

// Units, flags, kernels.
export * from './units.ts';
export * from './vmFlags.ts';
export { flagLetters } from './flagLetters.ts';
export * from './toJson.ts';
export { SpareBits, vmFlagOfLetters } from './spareBits.ts';
export type { KernelProfile, MremapRoom } from './kernelProfile.ts';
export { EARLIER_PROFILES, KERNEL_PROFILES } from './kernelProfiles.ts';
export { kernelProfile } from './findKernelProfile.ts';
export * from './errno.ts';
export { InvariantError, invariant, ProfileError } from './errors.ts';
export { type HostMemory, WHOLE_HOST } from './hostMemory.ts';
export * from './idSource.ts';

// An address space and what is in it.
export type { AnonVmaId, Vma, VmaFields, VmFile } from './vma.ts';
export type { UffdContext } from './uffdContext.ts';
export { NO_VMA, type VmaRef, VmaStore } from './vmaStore.ts';
export { VmaIndex } from './vmaIndex.ts';
export * from './mm.ts';
export { MmCounters } from './mmCounters.ts';
export * from './pageOps.ts';
export * from './observer.ts';
export * from './mm/uapi.ts';

// May these merge, and if not, why not.
export type { MergeRefusal, MergeRule, MergeSide } from './merge/mergeRefusal.ts';
export * from './merge/pairVerdict.ts';
export { explain, RULE_WORDS, type RuleWords } from './words/ruleWords.ts';

// fork.
export * from './vmaNeedsCopy.ts';
