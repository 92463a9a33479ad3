import { useEffect, useRef, useState } from 'react';
import { EXAMPLES } from '../../content/examples.ts';
import { decodeShare, encodeShare, type ShareState } from '../../link/shareLink.ts';

const FIRST = EXAMPLES[0];

/** What the HTML shows before anybody did anything. */
export const FIRST_STATE: ShareState = { text: FIRST?.lines ?? '', profile: FIRST?.profile ?? '6.19', step: 3 };

/** Milliseconds until a change is in the address. */
const WRITE_AFTER = 300;

/** The state of the playground, which is the fragment of its address. */
export interface Share {
  readonly state: ShareState;
  readonly change: (part: Partial<ShareState>) => void;
  readonly replace: (state: ShareState) => void;
  /** Why the link could not be read. */
  readonly problem: string | null;
}

/** Keeps the state and the address alike. */
export function useShare(): Share {
  const [state, replace] = useState<ShareState>(FIRST_STATE);
  const [problem, setProblem] = useState<string | null>(null);
  const ready = useRef(false);
  useEffect(() => {
    const read = (): void => {
      ready.current = true;
      if (window.location.hash.length < 4) return;
      try {
        replace(decodeShare(window.location.hash));
        setProblem(null);
      } catch (error) {
        setProblem(error instanceof Error ? error.message : 'this link cannot be read');
      }
    };
    read();
    window.addEventListener('hashchange', read);
    return () => window.removeEventListener('hashchange', read);
  }, []);
  useEffect(() => {
    // A link that cannot be read stays in the address until something is changed.
    if (!ready.current || state === FIRST_STATE) return;
    const before = window.location.hash;
    const timer = setTimeout(() => {
      // Another link was opened meanwhile: it is about to be read, and stays.
      if (window.location.hash !== before) return;
      const fragment = `#${encodeShare(state)}`;
      if (before !== fragment) window.history.replaceState(null, '', fragment);
      setProblem(null);
    }, WRITE_AFTER);
    return () => clearTimeout(timer);
  }, [state]);
  return { state, change: (part) => replace((old) => changed(old, part)), replace, problem };
}

/** The same object where nothing changes, so that nothing is written or run for it. */
function changed(old: ShareState, part: Partial<ShareState>): ShareState {
  const keys = Object.keys(part) as (keyof ShareState)[];
  return keys.every((key) => old[key] === part[key]) ? old : { ...old, ...part };
}
