import { useEffect, useRef, useState } from 'react';
import { EXAMPLES } from '../../content/examples.ts';
import { readSaved, saveScenario } from '../../link/autosave.ts';
import { edit, historyFrom, open, redo, undo } from '../../link/editHistory.ts';
import { decodeShare, encodeShare, type ShareState } from '../../link/shareLink.ts';

const FIRST = EXAMPLES[0];

/** What the HTML shows before anybody did anything. */
export const FIRST_STATE: ShareState = { text: FIRST?.lines ?? '', profile: FIRST?.profile ?? '6.19', step: 3 };

/** Milliseconds until a change is in the address, and kept in the browser. */
const WRITE_AFTER = 300;

/** The state of the playground, which is the fragment of its address. */
export interface Share {
  readonly state: ShareState;
  readonly change: (part: Partial<ShareState>) => void;
  readonly replace: (state: ShareState) => void;
  /** Takes an edit back, or makes it again; `null`: there is none. */
  readonly undo: (() => void) | null;
  readonly redo: (() => void) | null;
  /** What is shown was kept from an earlier visit, and nothing was edited since. */
  readonly restored: boolean;
  /** Why the link could not be read. */
  readonly problem: string | null;
}

/** Keeps the state, the address and what the browser keeps alike. A link comes before what the browser kept. */
export function useShare(): Share {
  const [history, setHistory] = useState(() => historyFrom(FIRST_STATE));
  const [restored, setRestored] = useState<ShareState | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const ready = useRef(false);
  const { now: state, past, future, edited } = history;
  useEffect(() => {
    const read = (): void => {
      const first = !ready.current;
      ready.current = true;
      if (window.location.hash.length < 4) {
        const saved = first && !isEmbedded() ? readSaved() : null;
        if (saved === null) return;
        setHistory(historyFrom(saved, true));
        setRestored(saved);
        return;
      }
      try {
        const linked = decodeShare(window.location.hash);
        setHistory((old) => (first ? historyFrom(linked) : open(old, linked)));
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
      if (edited && !isEmbedded()) saveScenario(state);
      setProblem(null);
    }, WRITE_AFTER);
    return () => clearTimeout(timer);
  }, [state, edited]);
  return {
    state,
    change: (part) => {
      const at = Date.now();
      setHistory((old) => edit(old, changed(old.now, part), at));
    },
    replace: (next) => {
      const at = Date.now();
      setHistory((old) => edit(old, next, at));
    },
    undo: past.length > 0 ? () => setHistory(undo) : null,
    redo: future.length > 0 ? () => setHistory(redo) : null,
    restored: restored !== null && restored.text === state.text,
    problem,
  };
}

/** In another page's frame: what that page shows is not the reader's scenario. */
function isEmbedded(): boolean {
  return 'embed' in document.documentElement.dataset;
}

/** The same object where nothing changes, so that nothing is written or run for it. */
function changed(old: ShareState, part: Partial<ShareState>): ShareState {
  const keys = Object.keys(part) as (keyof ShareState)[];
  return keys.every((key) => old[key] === part[key]) ? old : { ...old, ...part };
}
