import { formatVmFlags, type VmFlags } from 'vma-core';

/** The two-letter words of a VMA's flags, as smaps prints them; words that name no flag known here come last. */
export function flagWords({
  flags,
  unknownFlags,
}: {
  readonly flags: VmFlags;
  readonly unknownFlags: readonly string[];
}): string {
  return [formatVmFlags(flags), ...unknownFlags].filter((word) => word !== '').join(' ');
}
