// Units, flags, kernels.
export * from './units.ts';
export * from './vmFlags.ts';
export { flagLetters } from './flagLetters.ts';
export * from './toJson.ts';
export { SpareBits, vmFlagOfLetters } from './spareBits.ts';
export type { KernelProfile, MremapRoom } from './kernelProfile.ts';
export { EARLIER_PROFILES, KERNEL_PROFILES } from './kernelProfiles.ts';
export { KERNEL_CHANGES, type KernelChange } from './kernelChanges.ts';
export { chooseKernelProfile, kernelProfile, type ProfileChoice } from './chooseKernelProfile.ts';
export * from './defineKernelProfile.ts';
export * from './errno.ts';
export { DiagramError, InvariantError, invariant, ProfileError } from './errors.ts';
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

// May these merge, into what, and if not, why not.
export * from './merge/vmaMergeStruct.ts';
export { refusalOf, type MergeRefusal, type MergeRule, type MergeSide } from './merge/mergeRefusal.ts';
export { isMergeableAnonVma, isMergeableVma } from './merge/isMergeableVma.ts';
export {
  canMergeRemoveVma,
  canVmaMergeAfter,
  canVmaMergeBefore,
  canVmaMergeLeft,
  canVmaMergeRight,
} from './merge/canVmaMerge.ts';
export { vmaMergeNewRange } from './merge/vmaMergeNewRange.ts';
export { vmaMergeExistingRange } from './merge/vmaMergeExistingRange.ts';
export { vmaMergeCopiedRange } from './merge/vmaMergeCopiedRange.ts';
export { vmaExpand } from './merge/vmaExpand.ts';
export { splitVma, splitVmaUnlimited } from './merge/splitVma.ts';
export * from './merge/pairVerdict.ts';

// anon_vma.
export * from './anonVma.ts';

// fork.
export * from './vmaNeedsCopy.ts';

// System calls.
export * from './mm/uapi.ts';
export { type MmapRequest, mmap } from './mm/mmap.ts';
export { cutForMunmap, munmap } from './mm/munmap.ts';
export { type MprotectMore, mprotect } from './mm/mprotect.ts';
export { executeOnlyPkey, isPkeyAllocated, pkeyFree, setPkeyAllocated } from './mm/pkeys.ts';
export { madvise } from './mm/madvise.ts';
export { type MremapRequest, mremap } from './mm/mremap.ts';
export { mlock, mlockall, munlock, munlockall } from './mm/mlock.ts';
export { brk, setBrk } from './mm/brk.ts';
export { isSealed, mseal } from './mm/mseal.ts';
export { setAnonName } from './mm/setAnonName.ts';
export { expandStack } from './mm/expandStack.ts';
export { getUnmappedArea, isLowPlace, roundHintToMin, STACK_GUARD_GAP, vmStartGap } from './mm/unmappedArea.ts';
export { type UffdMode, uffdRegister, uffdRelease, uffdUnregister } from './mm/userfaultfd.ts';

// Why not, in words.
export { flagsDiffWords } from './words/flagWords.ts';
export * from './words/numbers.ts';
export * from './words/ruleWords.ts';

// Checks and drawings, for tests, documentation and failure messages.
export * from './validateMm.ts';
export * from './diagram/index.ts';
