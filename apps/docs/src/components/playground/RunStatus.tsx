import { formatCount } from 'fork-sim/words';
import type { ReactNode } from 'react';
import type { Traces } from './useTraces.ts';

/** How a run that takes long is getting on, and why one has no picture. */
export function RunStatus({ run }: { readonly run: Traces }): ReactNode {
  const { progress, error } = run;
  return (
    <>
      {progress !== null && (
        <div className="file-progress" role="status">
          <progress value={progress.part ?? undefined} max={1} aria-label="Progress" />
          <span>
            {progress.doing}
            {progress.done > 0 ? `: ${formatCount(progress.done)} ${progress.unit}` : ''}
          </span>
          <button type="button" className="lab-button" onClick={run.cancel}>
            Cancel
          </button>
        </div>
      )}
      {error !== null && (
        <p className="problem" role="alert">
          {error.crashed ? `The worker stopped: ${error.message}. ` : `${error.message} `}
          {error.crashed && (
            <button type="button" className="lab-button" onClick={run.restart}>
              Start it again
            </button>
          )}
        </p>
      )}
    </>
  );
}
