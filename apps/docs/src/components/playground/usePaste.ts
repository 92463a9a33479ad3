import { useEffect, useRef } from 'react';
import { pastedFile } from '../../link/pastedFile.ts';

/** Takes files that are pasted anywhere on the page, and text that is a log, a map or a recording. All other text goes where it is pasted. */
export function usePaste(open: (files: readonly File[]) => void): void {
  const latest = useRef(open);
  latest.current = open;
  useEffect(() => {
    const paste = (event: ClipboardEvent): void => {
      const { target, clipboardData } = event;
      if (clipboardData === null || (target instanceof HTMLElement && target.matches('input, textarea, select')))
        return;
      const file = pastedFile(clipboardData.getData('text/plain'));
      const files = file === null ? [...clipboardData.files] : [file];
      if (files.length === 0) return;
      event.preventDefault();
      // The editor would take the text.
      event.stopPropagation();
      latest.current(files);
    };
    window.addEventListener('paste', paste, true);
    return () => window.removeEventListener('paste', paste, true);
  }, []);
}
