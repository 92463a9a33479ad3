import type { KernelProfile } from './kernelProfile.ts';
import type { Vma } from './vma.ts';
import type { VmFlags } from './vmFlags.ts';

/**
 * What fork does with a VMA. `copy`: page tables copied. `refault`: none, a later access faults them in. `wipe`: MADV_WIPEONFORK, empty
 * for good. `skip`: MADV_DONTFORK, the child has no such VMA.
 */
export type ForkAction = 'copy' | 'refault' | 'wipe' | 'skip';

/** Why fork copies a VMA's page tables, or does not. */
export interface NeedsCopyReason {
  /**
   * `dstFlags`: the child's VMA has flags that cannot be faulted in again. `srcFlags`: the parent's has. `anonVma`: the parent's has
   * an anon_vma, so private pages of its own may be mapped. `refault`: none of these, a later fault makes every PTE again.
   */
  rule: 'dstFlags' | 'srcFlags' | 'anonVma' | 'refault';
  /** Those flags; none by the other rules. */
  flags: VmFlags;
}

/** The parts of a VMA that the rule reads. */
export type NeedsCopyInput = Pick<Vma, 'vmFlags' | 'anonVma'>;

/**
 * Must fork copy the page tables of `src` into `dst`?
 *
 * The order is the kernel's: the child's flags, the parent's flags, the parent's anon_vma. `dst` is asked for its own flags,
 * because fork may just have dropped some: a child without a userfaultfd context has no `VM_UFFD_WP`.
 * Kernel: `vma_needs_copy()`, mm/memory.c; which flags count, and whose, is the profile's.
 *
 * @param reason takes the reason, where one is given
 */
export function vmaNeedsCopy(
  dst: NeedsCopyInput,
  src: NeedsCopyInput,
  profile: KernelProfile,
  reason?: NeedsCopyReason,
): boolean {
  const ofDst = dst.vmFlags & profile.needsCopyDst;
  const ofSrc = src.vmFlags & profile.needsCopySrc;
  const rule = ofDst !== 0n ? 'dstFlags' : ofSrc !== 0n ? 'srcFlags' : src.anonVma !== null ? 'anonVma' : 'refault';
  if (reason !== undefined) {
    reason.rule = rule;
    reason.flags = (ofDst !== 0n ? ofDst : ofSrc) as VmFlags;
  }
  return rule !== 'refault';
}
