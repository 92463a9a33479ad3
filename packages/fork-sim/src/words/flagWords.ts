import { formatVmFlags, type VmFlags, vmaPkey } from 'vma-core';

/** The two-letter words of a VMA's flags, as smaps prints them, as far as they are known; a protection key other than 0 is `pkey1`. */
export function flagWords({ flags, shownFlags }: { readonly flags: VmFlags; readonly shownFlags: VmFlags }): string {
  const shown = (flags & shownFlags) as VmFlags;
  const pkey = vmaPkey(shown);
  return [formatVmFlags(shown), pkey === 0 ? '' : `pkey${pkey}`].filter((word) => word !== '').join(' ');
}
