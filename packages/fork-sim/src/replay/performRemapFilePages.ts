import type { StraceCall } from 'proc-io';
import {
  type Errno,
  isErrno,
  LO_EXEC,
  LO_LOCKED,
  LO_READ,
  LO_SHARED,
  LO_WRITE,
  MAP_FIXED,
  MAP_LOCKED,
  MAP_NONBLOCK,
  MAP_POPULATE,
  MAP_SHARED,
  type Mm,
  NO_VMA,
  PAGE_SIZE,
  PROT_EXEC,
  PROT_READ,
  PROT_WRITE,
  type VmaRef,
} from 'vma-core';
import { mmap } from 'vma-core/calls';
import { onRange } from './onRange.ts';
import type { ReplaySpace } from './replaySpace.ts';

type RemapCall = Extract<StraceCall, { name: 'remap_file_pages' }>;

/**
 * `remap_file_pages` maps other pages of the same object in a place of a shared mapping; kernels do it by mapping anew.
 * Kernel: `remap_file_pages(2)`, mm/mmap.c (3.16 on).
 */
export function performRemapFilePages(space: ReplaySpace, call: RemapCall): void {
  const { addr, length } = call.args;
  const start = addr - (addr % PAGE_SIZE);
  const bytes = length - (length % PAGE_SIZE);
  onRange(space, call, start, bytes, (mm) => remapFilePages(mm, call, start, bytes));
}

function remapFilePages(mm: Mm, { args }: RemapCall, start: number, length: number): 0 | Errno {
  const { prot, pgoff } = args;
  if (prot !== 0 || length === 0) return 'EINVAL';
  const vma = mm.vmaLookup(start);
  if (vma === NO_VMA || (mm.store.flagsLo[vma]! & LO_SHARED) === 0 || !isOneMapping(mm, vma, start + length))
    return 'EINVAL';
  const { store } = mm;
  const lo = store.flagsLo[vma]!;
  const mapped = mmap(mm, {
    addr: start,
    length,
    prot: (lo & LO_READ && PROT_READ) | (lo & LO_WRITE && PROT_WRITE) | (lo & LO_EXEC && PROT_EXEC),
    flags: MAP_SHARED | MAP_FIXED | MAP_POPULATE | (lo & LO_LOCKED && MAP_LOCKED) | (args.flags & MAP_NONBLOCK),
    file: store.file[vma]!,
    pgoff,
  });
  return isErrno(mapped) ? mapped : 0;
}

/** Are there no holes up to `end`, and only VMAs of the same file and the same flags? */
function isOneMapping(mm: Mm, first: VmaRef, end: number): boolean {
  const { store, index } = mm;
  let vma = first;
  while (store.end[vma]! < end) {
    const next = index.next(vma);
    if (next === NO_VMA || store.start[next] !== store.end[vma] || store.file[next] !== store.file[first]) return false;
    if (store.flagsLo[next] !== store.flagsLo[first] || store.flagsHi[next] !== store.flagsHi[first]) return false;
    vma = next;
  }
  return true;
}
