import type { ReactNode } from 'react';
import type { KernelProfile } from 'vma-core';
import { Live, livePart } from './Live.tsx';

export interface PermutationsProps {
  readonly of: 'new' | 'existing';
  /** Fixed profile; absent: the reader chooses. */
  readonly profile?: KernelProfile;
}

const part = livePart<PermutationsProps>(
  async () =>
    (await import(/* webpackChunkName: "pictures", webpackPrefetch: true */ './pictures/PermutationTable.tsx'))
      .PermutationTable,
);

/** Every combination of who has a flag, and what the engine makes of it. */
export function Permutations(props: PermutationsProps): ReactNode {
  return <Live part={part} props={props} />;
}
