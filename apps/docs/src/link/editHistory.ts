import type { ShareState } from './shareLink.ts';

/** The state of the playground, and the states before and after it that edits led through. */
export interface EditHistory {
  readonly now: ShareState;
  readonly past: readonly ShareState[];
  readonly future: readonly ShareState[];
  /** When a letter was typed last, in milliseconds; `null`: what came last was no typing. */
  readonly typedAt: number | null;
  /** The reader edited what is shown: it is theirs, and worth keeping. */
  readonly edited: boolean;
}

/** Letters typed within this time of one another are undone together; milliseconds. */
const TYPING = 1000;
/** States that are kept. */
const LONGEST = 200;

/** What an edit changes. A step, a page and the part in view are places to look at, and no edit. */
const EDITED = ['text', 'profile', 'other', 'softDirty', 'own'] as const satisfies readonly (keyof ShareState)[];

/** A history that begins here. */
export function historyFrom(now: ShareState, edited = false): EditHistory {
  return { now, past: [], future: [], typedAt: null, edited };
}

/** The next state. Where it is an edit, it can be undone, and what was undone before it is gone. */
export function edit(history: EditHistory, next: ShareState, at: number): EditHistory {
  const { now, past, typedAt } = history;
  if (next === now) return history;
  const changed = EDITED.filter((key) => now[key] !== next[key]);
  if (changed.length === 0) return { ...history, now: next };
  const isTyping = changed.every((key) => key === 'text') && Math.abs(now.text.length - next.text.length) === 1;
  const goesOn = isTyping && typedAt !== null && at - typedAt < TYPING;
  return {
    now: next,
    past: goesOn ? past : [...past, now].slice(-LONGEST),
    future: [],
    typedAt: isTyping ? at : null,
    edited: true,
  };
}

/** Another state was opened, as a link does. It can be undone like an edit, and is not the reader's own. */
export function open(history: EditHistory, next: ShareState, edited = false): EditHistory {
  return { now: next, past: [...history.past, history.now].slice(-LONGEST), future: [], typedAt: null, edited };
}

/** The state before the last edit; the same history where there is none. */
export function undo({ now, past, future, ...rest }: EditHistory): EditHistory {
  const before = past.at(-1);
  if (before === undefined) return { now, past, future, ...rest };
  return { now: before, past: past.slice(0, -1), future: [now, ...future], typedAt: null, edited: true };
}

/** The state that was undone last; the same history where there is none. */
export function redo({ now, past, future, ...rest }: EditHistory): EditHistory {
  const [after, ...later] = future;
  if (after === undefined) return { now, past, future, ...rest };
  return { now: after, past: [...past, now], future: later, typedAt: null, edited: true };
}
