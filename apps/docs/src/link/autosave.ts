import { decodeShare, encodeShare, type ShareState } from './shareLink.ts';

/** Where a browser keeps the scenario. */
const KEY = 'vma-lab.scenario';

/** The scenario that this browser kept; `null`: none, or it cannot be read. */
export function readSaved(): ShareState | null {
  try {
    const saved = window.localStorage.getItem(KEY);
    return saved === null ? null : decodeShare(saved);
  } catch {
    return null;
  }
}

/** Keeps a scenario in this browser; one without a line is not kept. Files stay out of it. Where the browser keeps nothing, nothing happens. */
export function saveScenario(state: ShareState): void {
  try {
    if (state.text.trim() === '') window.localStorage.removeItem(KEY);
    else window.localStorage.setItem(KEY, encodeShare({ ...state, files: undefined }));
  } catch {
    // A browser that keeps nothing, or has no room left.
  }
}
