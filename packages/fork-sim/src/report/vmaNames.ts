import { VM_GROWSDOWN, type Vma, type VmaRef } from 'vma-core';
import type { Process } from '../process/process.ts';
import type { LogFiles } from '../replay/openFiles.ts';
import type { ReplaySpace } from '../replay/replaySpace.ts';
import { anonymousName } from '../scenario/describeState.ts';
import { backingOf } from './backingOf.ts';

/** Names the VMAs of a process, by their slots. */
export type VmaNamer = (ref: VmaRef) => string;

/** A process that has no names to tell. */
export const NAMELESS: VmaNamer = () => '';

/** The names of `/proc/PID/maps` for a process of a replay; quick for what has none, which most VMAs of a large map have not. */
export function vmaNamer(process: Process, space: ReplaySpace, files: LogFiles): VmaNamer {
  const { mm } = process;
  const { store } = mm;
  const byFile = new Map<number, string>();
  return (ref) => {
    const file = store.file[ref]!;
    if (file !== 0) {
      const known = byFile.get(file);
      if (known !== undefined) return known;
      const name = nameOfVma(files, space, mm.view(ref));
      if (name !== '(shared memory)' && name !== '') byFile.set(file, name);
      return name;
    }
    const start = store.start[ref]!;
    const end = store.end[ref]!;
    const mayBeHeap = start < mm.brk && end > mm.startBrk;
    if (store.anonName[ref] === 0 && !mayBeHeap && !space.names.some((one) => one.start >= start && one.start < end))
      return '';
    return nameOfVma(files, space, mm.view(ref));
  };
}

/** The name that `/proc/PID/maps` would show, as far as the log and the initial smaps tell it; else empty. */
export function nameOfVma(files: LogFiles, space: ReplaySpace, vma: Vma): string {
  if (vma.vmFile !== null) return files.pathOf(vma.vmFile) || (backingOf(vma) === 'shared' ? '(shared memory)' : '');
  const own = anonymousName(space.process, vma);
  if (own !== null) return own;
  const named = space.names.find(({ start }) => start >= vma.vmStart && start < vma.vmEnd);
  if (named === undefined) return '';
  const isStack = (vma.vmFlags & VM_GROWSDOWN) !== 0n;
  return isStack === (named.name === '[stack]') && (isStack || backingOf(vma) === 'special') ? named.name : '';
}
