import { whenIdle } from '../whenIdle.ts';
import { isHeld, isTouched } from './deeds.ts';
import { atFirstSign } from './signs.ts';

const sleeping = new Map<Element, () => Promise<void>>();
let waking = false;

/** As many are woken at once: the drawing pauses between them, and one commit for each would be long for hundreds. */
const AT_ONCE = 8;

async function wakeAll(): Promise<void> {
  if (waking) return;
  waking = true;
  // The sign itself is answered first.
  await nextTask();
  while (sleeping.size > 0) {
    const next = nearest();
    for (const { root } of next) sleeping.delete(root);
    // A part whose code cannot be loaded keeps its picture.
    for (const woken of await Promise.allSettled(next.map(({ wake }) => wake())))
      if (woken.status === 'rejected') reportError(woken.reason);
    // What the reader sees is woken at once, what is further away when nothing else is to be done.
    const far = next.every(({ distance }) => distance > window.innerHeight);
    await (far ? new Promise<void>((resolve) => whenIdle(resolve)) : nextTask());
  }
  waking = false;
}

interface Sleeper {
  readonly root: Element;
  readonly wake: () => Promise<void>;
  /** Pixels from what the reader sees; less than any other where the part is touched, more where it is held. */
  readonly distance: number;
}

/** The parts that are woken next: the nearest to what the reader sees. */
function nearest(): readonly Sleeper[] {
  return [...sleeping]
    .map(([root, wake]) => ({ root, wake, distance: distanceOf(root) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, AT_ONCE);
}

function distanceOf(root: Element): number {
  if (isHeld(root)) return Number.POSITIVE_INFINITY;
  if (isTouched(root)) return -1;
  const { top, bottom } = root.getBoundingClientRect();
  return Math.max(0, top - window.innerHeight, -bottom);
}

function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** Wakes an element at the first sign of a reader, the nearest ones first, so that no task is long. Gives back what calls it off. */
export function wakeInTurn(root: Element, wake: () => Promise<void>): () => void {
  sleeping.set(root, wake);
  const stop = atFirstSign(() => void wakeAll());
  return () => {
    stop();
    sleeping.delete(root);
  };
}
