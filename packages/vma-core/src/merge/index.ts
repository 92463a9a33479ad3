// The steps of a merge, as the kernel names them, for those who write a call of their own or test a rule alone.

export * from '../anonVma.ts';
export {
  canMergeRemoveVma,
  canVmaMergeAfter,
  canVmaMergeBefore,
  canVmaMergeLeft,
  canVmaMergeRight,
} from './canVmaMerge.ts';
export { isMergeableAnonVma, isMergeableVma } from './isMergeableVma.ts';
export { refusalOf } from './mergeRefusal.ts';
export { splitVma, splitVmaUnlimited } from './splitVma.ts';
export { vmaExpand } from './vmaExpand.ts';
export { vmaMergeCopiedRange } from './vmaMergeCopiedRange.ts';
export { vmaMergeExistingRange } from './vmaMergeExistingRange.ts';
export { vmaMergeNewRange } from './vmaMergeNewRange.ts';
export * from './vmaMergeStruct.ts';
