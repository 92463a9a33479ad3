import { formatVmFlags, VM_PKEY_MASK, type VmFlags, vmaPkey } from 'vma-core';

/** The two-letter words of a VMA's flags, as smaps prints them, as far as they are known; a protection key other than 0 is `pkey1`. */
export function flagWords({ flags, shownFlags }: { readonly flags: VmFlags; readonly shownFlags: VmFlags }): string {
  const shown = (flags & shownFlags) as VmFlags;
  const pkey = vmaPkey(shown);
  return [formatVmFlags(shown), pkey === 0 ? '' : `pkey${pkey}`].filter((word) => word !== '').join(' ');
}

/** The words of some flags in which two VMAs differ: the protection key is one word, `pkey`. */
export function flagsDiffWords(diff: VmFlags): string {
  return [formatVmFlags(diff), (diff & VM_PKEY_MASK) === 0n ? '' : 'pkey'].filter((word) => word !== '').join(' ');
}
