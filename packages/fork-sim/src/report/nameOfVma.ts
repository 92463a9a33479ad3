import { VM_GROWSDOWN, type Vma } from 'vma-core';
import type { LogFiles } from '../replay/openFiles.ts';
import type { ReplaySpace } from '../replay/replaySpace.ts';
import { backingOf } from './backingOf.ts';

/** The name that `/proc/PID/maps` would show, as far as the log and the initial smaps tell it; else empty. */
export function nameOfVma(files: LogFiles, space: ReplaySpace, vma: Vma): string {
  if (vma.vmFile !== null) return files.pathOf(vma.vmFile) || (backingOf(vma) === 'shared' ? '(shared memory)' : '');
  if (vma.anonName !== null) return `[anon:${vma.anonName}]`;
  const { startBrk, brk } = space.process.mm;
  if (startBrk < brk && vma.vmStart < brk && vma.vmEnd > startBrk) return '[heap]';
  const named = space.names.find(({ start }) => start >= vma.vmStart && start < vma.vmEnd);
  if (named === undefined) return '';
  const isStack = (vma.vmFlags & VM_GROWSDOWN) !== 0n;
  return isStack === (named.name === '[stack]') && (isStack || backingOf(vma) === 'special') ? named.name : '';
}
