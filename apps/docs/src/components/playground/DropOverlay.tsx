import type { ReactNode } from 'react';

/** Covers the page while files are dragged over it. */
export function DropOverlay({ shown }: { readonly shown: boolean }): ReactNode {
  if (!shown) return null;
  return (
    <div className="drop-overlay" role="status">
      <p>
        <strong>Drop it here</strong>
        <span>
          A strace log (with its smaps, if you have them), a smaps, maps, scenario or recording. Packed files too.
        </span>
        <span>Nothing leaves this browser.</span>
      </p>
    </div>
  );
}
