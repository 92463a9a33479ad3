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
    const next = [...sleeping].sort(([a], [b]) => rank(a) - rank(b)).slice(0, AT_ONCE);
    for (const [root] of next) sleeping.delete(root);
    // A part whose code cannot be loaded keeps its picture.
    for (const woken of await Promise.allSettled(next.map(([, wake]) => wake())))
      if (woken.status === 'rejected') reportError(woken.reason);
    await nextTask();
  }
  waking = false;
}

/** What is touched comes first, what is held last. */
function rank(root: Element): number {
  return isHeld(root) ? 2 : isTouched(root) ? 0 : 1;
}

function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** Wakes an element at the first sign of a reader, one after the other, so that no task is long. Gives back what calls it off. */
export function wakeInTurn(root: Element, wake: () => Promise<void>): () => void {
  sleeping.set(root, wake);
  const stop = atFirstSign(() => void wakeAll());
  return () => {
    stop();
    sleeping.delete(root);
  };
}
