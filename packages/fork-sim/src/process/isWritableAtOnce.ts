import { LO_SHARED, LO_WRITE, type Mm, type VmaRef } from 'vma-core';

/** Do pages become writable when their write-protection is lifted, and not by a fault? Shared writable memory before 6.3. */
export function isWritableAtOnce({ profile, store }: Mm, vma: VmaRef): boolean {
  const needed = LO_SHARED | LO_WRITE;
  return !profile.uffdLiftedWpFaults && (store.flagsLo[vma]! & needed) === needed;
}
