import type { VmaRef } from 'vma-core';
import type { Process } from '../process/process.ts';
import type { LogFiles } from '../replay/openFiles.ts';
import type { ReplaySpace } from '../replay/replaySpace.ts';
import { nameOfVma } from './nameOfVma.ts';

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
