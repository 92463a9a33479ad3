import { formatCount } from 'fork-sim/words';
import type { Progress } from 'fork-sim/worker';
import type { ReactNode } from 'react';

interface JobProgressProps {
  readonly progress: Progress | null;
  readonly onCancel: () => void;
}

/** How far a long call is, and a button that ends it. */
export function JobProgress({ progress, onCancel }: JobProgressProps): ReactNode {
  return (
    <div className="file-progress">
      <progress value={progress?.part ?? undefined} max={1} aria-label="Progress" />
      <span role="status">
        {progress === null ? 'starting' : `${progress.doing}: ${formatCount(progress.done)} ${progress.unit}`}
      </span>
      <button type="button" className="lab-button" onClick={onCancel}>
        Cancel
      </button>
    </div>
  );
}
