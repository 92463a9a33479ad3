import type { ReactNode } from 'react';
import { errorText } from '../../../files/droppedFile.ts';
import { isCancelled } from './useJob.ts';

/** What went wrong, if anything; a call that was cancelled did not. */
export function Problem({ problem }: { readonly problem: unknown }): ReactNode {
  if (problem === null || problem === undefined || isCancelled(problem)) return null;
  return (
    <p className="problem" role="alert">
      {errorText(problem)}
    </p>
  );
}
