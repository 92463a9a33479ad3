import { formatVmFlags, type VmFlags } from 'vma-core';

/** The two-letter words of a VMA's flags, as smaps prints them, as far as they are known; words that name no flag known here come last. */
export function flagWords({
  flags,
  unknownFlags,
  shownFlags,
}: {
  readonly flags: VmFlags;
  readonly unknownFlags: readonly string[];
  readonly shownFlags: VmFlags;
}): string {
  return [formatVmFlags((flags & shownFlags) as VmFlags), ...unknownFlags].filter((word) => word !== '').join(' ');
}
