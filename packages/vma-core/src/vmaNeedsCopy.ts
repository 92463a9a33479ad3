import type { KernelProfile } from './kernelProfile.ts';
import type { Vma } from './vma.ts';
import type { VmFlags } from './vmFlags.ts';

/** Why fork copies a VMA's page tables, or does not. */
export type NeedsCopyReason =
  /** The child's VMA has flags that cannot be faulted in again. */
  | { readonly copy: true; readonly rule: 'dstFlags'; readonly flags: VmFlags }
  /** The parent's VMA has such flags. */
  | { readonly copy: true; readonly rule: 'srcFlags'; readonly flags: VmFlags }
  /** The parent's VMA has an anon_vma: private pages of its own may be mapped. */
  | { readonly copy: true; readonly rule: 'anonVma' }
  /** A later fault makes every PTE again. */
  | { readonly copy: false; readonly rule: 'refault' };

/** The parts of a VMA that the rule reads. */
export type NeedsCopyInput = Pick<Vma, 'vmFlags' | 'anonVma'>;

/**
 * Must fork copy the page tables of `src` into `dst`, and why?
 *
 * The order is the kernel's: the child's flags, the parent's flags, the parent's anon_vma. `dst` is asked for its own flags,
 * because fork may just have dropped some: a child without a userfaultfd context has no `VM_UFFD_WP`.
 */
export function vmaNeedsCopyReason(dst: NeedsCopyInput, src: NeedsCopyInput, profile: KernelProfile): NeedsCopyReason {
  const ofDst = (dst.vmFlags & profile.needsCopyDst) as VmFlags;
  if (ofDst !== 0n) return { copy: true, rule: 'dstFlags', flags: ofDst };
  const ofSrc = (src.vmFlags & profile.needsCopySrc) as VmFlags;
  if (ofSrc !== 0n) return { copy: true, rule: 'srcFlags', flags: ofSrc };
  if (src.anonVma !== null) return { copy: true, rule: 'anonVma' };
  return { copy: false, rule: 'refault' };
}

/**
 * Must fork copy the page tables of `src` into `dst`?
 * Kernel: `vma_needs_copy()`, mm/memory.c; which flags count, and whose, is the profile's.
 */
export function vmaNeedsCopy(dst: NeedsCopyInput, src: NeedsCopyInput, profile: KernelProfile): boolean {
  return vmaNeedsCopyReason(dst, src, profile).copy;
}
