import { useCallback, useLayoutEffect, useState } from 'react';

/** Parts of the playground that can be closed. */
export const PANES = [
  { pane: 'editor', name: 'operations' },
  { pane: 'reason', name: 'explanation' },
  { pane: 'trees', name: 'page tables' },
] as const;

/** The name of a part that can be closed. */
type Pane = (typeof PANES)[number]['pane'];

/** Widths of the editor that can be chosen; pixels. */
export const EDITOR_WIDTH = { least: 200, most: 720, usual: 320 } as const;

const KEY = 'vma-lab.panes';

/** Which parts are open, and how wide the editor is. */
interface PaneState {
  readonly editor: number;
  readonly closed: readonly string[];
}

/** The parts of the playground, kept in this browser. */
export interface Panes {
  readonly width: number;
  readonly setWidth: (width: number) => void;
  readonly isOpen: (pane: Pane) => boolean;
  readonly toggle: (pane: Pane) => void;
}

const USUAL: PaneState = { editor: EDITOR_WIDTH.usual, closed: [] };

/**
 * A script for the head of the page: what was closed is closed before anything is drawn, so that nothing moves. What follows it is CSS, by
 * `data-closed` and `--editor-width` of the document.
 */
export const PANES_FIRST = `
try {
  const { editor, closed } = JSON.parse(localStorage.getItem('${KEY}'));
  document.documentElement.style.setProperty('--editor-width', Number(editor) + 'px');
  document.documentElement.dataset.closed = closed.join(' ');
} catch {}`;

/** Keeps the parts of the playground as the reader had them. */
export function usePanes(): Panes {
  const [state, setState] = useState(USUAL);
  useLayoutEffect(() => setState(readPanes()), []);
  const set = useCallback((next: PaneState) => {
    setState(next);
    showPanes(next);
  }, []);
  return {
    width: state.editor,
    setWidth: (width) => {
      const editor = Math.max(EDITOR_WIDTH.least, Math.min(EDITOR_WIDTH.most, Math.round(width)));
      set({ ...state, editor });
    },
    isOpen: (pane) => !state.closed.includes(pane),
    toggle: (pane) =>
      set({
        ...state,
        closed: state.closed.includes(pane) ? state.closed.filter((one) => one !== pane) : [...state.closed, pane],
      }),
  };
}

function readPanes(): PaneState {
  try {
    const { editor, closed } = JSON.parse(window.localStorage.getItem(KEY) ?? '') as Partial<PaneState>;
    return {
      editor: typeof editor === 'number' ? editor : USUAL.editor,
      closed: Array.isArray(closed) ? closed.filter((one) => typeof one === 'string') : [],
    };
  } catch {
    return USUAL;
  }
}

function showPanes(state: PaneState): void {
  document.documentElement.style.setProperty('--editor-width', `${state.editor}px`);
  document.documentElement.dataset.closed = state.closed.join(' ');
  try {
    window.localStorage.setItem(KEY, JSON.stringify(state));
  } catch {
    // A browser that keeps nothing.
  }
}
