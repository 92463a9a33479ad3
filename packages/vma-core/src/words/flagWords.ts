import { formatVmFlags, VM_PKEY_MASK, type VmFlags } from '../vmFlags.ts';

/** The words of some flags in which two VMAs differ: the protection key is one word, `pkey`. */
export function flagsDiffWords(diff: VmFlags): string {
  return [formatVmFlags(diff), (diff & VM_PKEY_MASK) === 0n ? '' : 'pkey'].filter((word) => word !== '').join(' ');
}
