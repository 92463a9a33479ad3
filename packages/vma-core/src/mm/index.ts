// The system calls, one file each, and what the kernel does by itself: it places a mapping, grows a stack.

export { brk, setBrk } from './brk.ts';
export { expandStack } from './expandStack.ts';
export { madvise } from './madvise.ts';
export { mlock, mlockall, munlock, munlockall } from './mlock.ts';
export { type MmapRequest, mmap } from './mmap.ts';
export { type MprotectMore, mprotect } from './mprotect.ts';
export { type MremapRequest, mremap } from './mremap.ts';
export { isSealed, mseal } from './mseal.ts';
export { cutForMunmap, munmap } from './munmap.ts';
export { executeOnlyPkey, isPkeyAllocated, pkeyFree, setPkeyAllocated } from './pkeys.ts';
export { type AdvisedRange, type ProcessMadviseRequest, processMadvise } from './processMadvise.ts';
export { setAnonName } from './setAnonName.ts';
export { getUnmappedArea, isLowPlace, roundHintToMin, STACK_GUARD_GAP, vmStartGap } from './unmappedArea.ts';
export { type UffdMode, uffdRegister, uffdRelease, uffdUnregister } from './userfaultfd.ts';
