import { type KernelProfile, profile612 } from './kernelProfile.ts';
import {
  VM_MAYBE_GUARD,
  VM_MIXEDMAP,
  VM_NONE,
  VM_PFNMAP,
  VM_SOFTDIRTY,
  VM_UFFD_RWP,
  VM_UFFD_WP,
  type VmFlags,
  vmFlags,
} from './vmFlags.ts';

/** @internal */
export const profile616: KernelProfile = {
  ...profile612,
  name: '6.16',
  kernels: '6.16',
  guards: 'all',
  mergeFaultedIntoUnfaulted: true,
  dontUnmapDropsAccount: true,
  dontneedFreesPteTables: true,
};

/** @internal */
export const profile618: KernelProfile = {
  ...profile616,
  name: '6.18',
  kernels: '6.18.0 to 6.18.36',
  copiedRangeKeepsAnonVma: true,
  mremapMovesManyVmas: true,
  mremapUnmapsTargetFirst: false,
  dontUnmapDropsAccount: false,
  uffdForeignUnregisterRefused: true,
  uffdDroppableRefused: true,
};

const guardFlag: KernelProfile = {
  ...profile618,
  name: 'guard-flag',
  kernels: 'the series without its sticky patch: the flag exists, and blocks merges',
  needsCopySrc: vmFlags(profile618.needsCopySrc, VM_MAYBE_GUARD),
  guardSetsFlag: true,
  guardPreparesAnonVma: 'anonymous',
};

const asPosted: KernelProfile = {
  ...guardFlag,
  name: 'as-posted',
  kernels: 'the series as posted on 2025-10-29',
  sticky: VM_MAYBE_GUARD,
  ignoreMerge: vmFlags(VM_SOFTDIRTY, VM_MAYBE_GUARD),
  copyOnFork: VM_MAYBE_GUARD,
};

const copyOnFork619: VmFlags = vmFlags(VM_PFNMAP, VM_MIXEDMAP, VM_UFFD_WP, VM_MAYBE_GUARD);

/** @internal */
export const profile619: KernelProfile = {
  ...guardFlag,
  name: '6.19',
  kernels: '6.19, and 6.18.37 on',
  sticky: vmFlags(VM_SOFTDIRTY, VM_MAYBE_GUARD),
  ignoreMerge: vmFlags(VM_SOFTDIRTY, VM_MAYBE_GUARD),
  copyOnFork: copyOnFork619,
  needsCopyDst: copyOnFork619,
  needsCopySrc: VM_NONE,
  mergeReturnsFlags: true,
};

/** @internal */
export const profile73: KernelProfile = {
  ...profile619,
  name: '7.3',
  kernels: '7.3',
  copyOnFork: vmFlags(copyOnFork619, VM_UFFD_RWP),
  needsCopyDst: vmFlags(copyOnFork619, VM_UFFD_RWP),
  fileAnonPgoff: true,
  dontUnmapMergesWithSource: false,
  dontUnmapSplitsLocked: true,
  mremapRoom: { move: 4, dontUnmap: 5, inPlace: 4, copy: null },
  uffdMoveUnregistersNeighbour: false,
  uffdModeLossRefused: true,
  uffdRwp: true,
  uffdCopyEndFirst: true,
};

/** The seven profiles, in the order in which the behaviours came. */
export const KERNEL_PROFILES: readonly KernelProfile[] = [
  profile612,
  profile616,
  profile618,
  guardFlag,
  asPosted,
  profile619,
  profile73,
];
