import { LO_IO, LO_MAYSHARE, LO_PFNMAP, LO_WRITE } from 'vma-core';

const LO_DEVICE = LO_IO | LO_PFNMAP;

/** Private, writable, and ordinary memory: what `on-map` takes as written. */
export function isWritten(lo: number): boolean {
  return (lo & (LO_WRITE | LO_MAYSHARE | LO_DEVICE)) === LO_WRITE;
}
