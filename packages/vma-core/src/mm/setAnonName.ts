import { type Errno, isErrno, type SyscallResult } from '../errno.ts';
import { vmaModifyFlags } from '../merge/vmaModifyFlags.ts';
import type { Mm } from '../mm.ts';
import { isPageAligned, pageAlign } from '../units.ts';
import { NO_VMA, type VmaRef } from '../vmaStore.ts';

/**
 * Names anonymous memory, or takes the name away. Kernel: `prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME)`, mm/madvise.c.
 *
 * Like `madvise`: a hole gives ENOMEM and the walk goes on.
 * @param name at most 79 printable characters; `null` or empty: no name
 * @returns EINVAL where the kernel is built without names ({@link KernelProfile.anonNames}), or the name or range is not
 *   valid; EBADF on a file mapping; ENOMEM
 */
export function setAnonName(mm: Mm, start: number, length: number, name: string | null): SyscallResult {
  if (!mm.profile.anonNames || !isPageAligned(start)) return 'EINVAL';
  if (name !== null && (name.length > 79 || /[^\x20-\x7e]|[\\`$[\]]/.test(name))) return 'EINVAL';
  const end = start + pageAlign(length);
  if (end === start) return 0;
  const store = mm.store;
  const id = mm.anonNameId(name);
  let result: SyscallResult = 0;
  let at = start;
  for (let vma = mm.findVma(at); ; ) {
    if (vma === NO_VMA) return 'ENOMEM';
    const vmaStart = store.start[vma]!;
    if (at < vmaStart) {
      result = 'ENOMEM';
      at = vmaStart;
      if (at >= end) return result;
    }
    const changed = rename(mm, vma, at, Math.min(end, store.end[vma]!), id);
    if (isErrno(changed)) return changed;
    at = store.end[changed]!;
    if (at >= end) return result;
    vma = mm.index.next(changed);
  }
}

function rename(mm: Mm, vma: VmaRef, start: number, end: number, name: number): VmaRef | Errno {
  const store = mm.store;
  const file = store.file[vma]!;
  if (file !== 0 && mm.files.get(file)?.shmem !== true) return 'EBADF';
  if (store.anonName[vma] === name) return vma;
  const prev = start > store.start[vma]! ? vma : mm.index.prev(vma);
  return vmaModifyFlags(mm, prev, vma, start, end, store.flagsLo[vma]!, store.flagsHi[vma]!, name);
}
