import type { Example } from '../../content/examples.ts';
import type { LibraryRow } from '../../content/library.ts';
import type { ShareState } from '../../link/shareLink.ts';

/** An empty editor. */
export const EMPTY_STATE: ShareState = { text: '', profile: '6.19' };

/** The state that an example begins with. */
export function exampleState({ lines, profile, other, softDirty }: Example): ShareState {
  return { text: lines, profile, ...(other ? { other } : {}), ...(softDirty ? { softDirty: true } : {}) };
}

/** The state that a litmus test begins with. */
export function litmusState({ text, softDirty }: LibraryRow): ShareState {
  return { text, profile: '6.19', ...(softDirty ? { softDirty: true } : {}) };
}
