import { type ReactNode, useEffect, useRef } from 'react';
import { OWN, ownFrom } from '../../link/ownKernel.ts';
import type { ShareState } from '../../link/shareLink.ts';
import { ProfileEditor } from './ProfileEditor.tsx';

interface OwnKernelProps {
  readonly state: ShareState;
  readonly change: (part: Partial<ShareState>) => void;
}

/** The reader's own kernel, folded away until somebody wants one. */
export function OwnKernel({ state, change }: OwnKernelProps): ReactNode {
  const used = state.profile === OWN || state.other === OWN;
  const details = useRef<HTMLDetailsElement>(null);
  const begin = (): void => {
    if (details.current?.open && !state.own) change({ own: ownFrom('6.19') });
  };
  // It may have been unfolded before the page's scripts came.
  // biome-ignore lint/correctness/useExhaustiveDependencies: what came before is answered once
  useEffect(begin, []);
  return (
    <details ref={details} className="own-kernel" open={state.own !== undefined} onToggle={begin}>
      <summary>Your own kernel: change which flags are sticky</summary>
      {state.own && (
        <>
          <p>
            <button type="button" className="lab-button" disabled={used} onClick={() => change({ profile: OWN })}>
              Use it above
            </button>{' '}
            <button
              type="button"
              className="lab-button"
              disabled={used}
              onClick={() => change({ profile: OWN, other: state.own?.from ?? '6.19' })}
            >
              Compare it with {state.own.from}
            </button>
          </p>
          <ProfileEditor own={state.own} onChange={(next) => change({ own: next })} />
        </>
      )}
    </details>
  );
}
