import {
  type ForkAction,
  type KernelProfile,
  type NeedsCopyReason,
  VM_DONTCOPY,
  VM_LOCKED_MASK,
  VM_NONE,
  VM_UFFD_FLAGS,
  VM_WIPEONFORK,
  type VmFlags,
  vmaNeedsCopy,
} from 'vma-core';

/** What fork does with a VMA. */
export interface DupMmap {
  readonly action: ForkAction;
  /** What `vmaNeedsCopy` says, and why; `null` where it is not asked. */
  readonly reason: NeedsCopyReason | null;
  /** Flags of the child's VMA. */
  readonly childFlags: VmFlags;
}

/**
 * Decides what fork does with a VMA of the parent. The child's has no locks, and is registered with a userfaultfd only where that asked for
 * EVENT_FORK; `vmaNeedsCopy` is asked about the child's VMA as it is then. Kernel: `dup_mmap()`, mm/mmap.c.
 *
 * @param eventFork the VMA is registered with a userfaultfd that asked for EVENT_FORK
 */
export function dupMmap(vmFlags: VmFlags, anonVma: number | null, eventFork: boolean, profile: KernelProfile): DupMmap {
  const dropped = eventFork ? VM_LOCKED_MASK : VM_LOCKED_MASK | VM_UFFD_FLAGS;
  const childFlags = (vmFlags & ~dropped) as VmFlags;
  if ((vmFlags & VM_DONTCOPY) !== 0n) return { action: 'skip', reason: null, childFlags };
  if ((vmFlags & VM_WIPEONFORK) !== 0n) return { action: 'wipe', reason: null, childFlags };
  const reason: NeedsCopyReason = { rule: 'refault', flags: VM_NONE };
  const copies = vmaNeedsCopy({ vmFlags: childFlags, anonVma }, { vmFlags, anonVma }, profile, reason);
  return { action: copies ? 'copy' : 'refault', reason, childFlags };
}
