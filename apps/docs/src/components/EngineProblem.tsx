import type { ReactNode } from 'react';

/** Why a picture could not be made anew. */
export function EngineProblem({ text }: { readonly text: string | null }): ReactNode {
  return text === null ? null : (
    <p className="player-problem" role="alert">
      {text}
    </p>
  );
}
