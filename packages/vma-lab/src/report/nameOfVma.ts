import type { Replay, ReplaySpace } from 'fork-sim';
import { VM_DONTEXPAND, VM_GROWSDOWN, VM_IO, VM_MAYSHARE, VM_PFNMAP, type Vma } from 'vma-core';

/** What backs a VMA, as pictures tell it apart. */
export type BackingKind = 'anonymous' | 'file' | 'shared' | 'special';

/** What backs a VMA. */
export function backingOf(vma: Vma): BackingKind {
  if ((vma.vmFlags & (VM_IO | VM_PFNMAP | VM_DONTEXPAND)) !== 0n) return 'special';
  if ((vma.vmFlags & VM_MAYSHARE) !== 0n) return 'shared';
  return vma.vmFile === null ? 'anonymous' : 'file';
}

/** The name that `/proc/PID/maps` would show, as far as the log and the initial smaps tell it. */
export function nameOfVma(replay: Replay, space: ReplaySpace, vma: Vma): string {
  if (vma.vmFile !== null)
    return replay.files.pathOf(vma.vmFile) || (backingOf(vma) === 'shared' ? '(shared memory)' : '');
  if (vma.anonName !== null) return `[anon:${vma.anonName}]`;
  const { startBrk, brk } = space.process.mm;
  if (startBrk < brk && vma.vmStart < brk && vma.vmEnd > startBrk) return '[heap]';
  const named = space.names.find(({ start }) => start >= vma.vmStart && start < vma.vmEnd);
  if (named === undefined) return '';
  const isStack = (vma.vmFlags & VM_GROWSDOWN) !== 0n;
  return isStack === (named.name === '[stack]') && (isStack || backingOf(vma) === 'special') ? named.name : '';
}
