import { useEffect, useRef, useState } from 'react';
import { filesOfDrop } from '../../files/filesOfDrop.ts';

/**
 * Takes files that are dropped anywhere on the page, at any time.
 * @returns true while files are dragged over the page
 */
export function useFileDrop(open: (files: readonly File[]) => Promise<void>): boolean {
  const latest = useRef(open);
  latest.current = open;
  const [dragging, setDragging] = useState(false);
  useEffect(() => {
    // Entering a child comes before leaving its parent, so they are counted.
    let inside = 0;
    const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;
    const enter = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      inside++;
      setDragging(true);
    };
    const over = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
    };
    const leave = (): void => {
      inside = Math.max(0, inside - 1);
      if (inside === 0) setDragging(false);
    };
    const drop = (event: DragEvent): void => {
      inside = 0;
      setDragging(false);
      if (event.dataTransfer === null || event.dataTransfer.files.length === 0) return;
      event.preventDefault();
      // The editor would take the text of the file.
      event.stopPropagation();
      filesOfDrop(event.dataTransfer)
        .then((files) => latest.current(files))
        .catch(() => undefined);
    };
    const on = [
      ['dragenter', enter],
      ['dragover', over],
      ['dragleave', leave],
      ['drop', drop],
    ] as const;
    for (const [name, act] of on) window.addEventListener(name, act, true);
    return () => {
      for (const [name, act] of on) window.removeEventListener(name, act, true);
    };
  }, []);
  return dragging;
}
