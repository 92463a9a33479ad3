/** What only a reader does; and a link that changes, as a part of the page may be a link to a state. */
const SIGNS = [
  'keydown',
  'pointerdown',
  'pointermove',
  'wheel',
  'touchstart',
  'click',
  'input',
  'focusin',
  'dragenter',
  'hashchange',
] as const;

/** What waits for the first sign; `null`: there has been one. */
let waiting: Set<() => void> | null = new Set();

/** Called once, as early as can be: a sign that comes while the page starts counts too. */
export function watchForSigns(): void {
  const heard = (): void => {
    for (const sign of SIGNS) window.removeEventListener(sign, heard, true);
    const all = waiting ?? [];
    waiting = null;
    for (const act of all) act();
  };
  for (const sign of SIGNS) window.addEventListener(sign, heard, { capture: true, passive: true });
}

/** Does something at the first sign of a reader, or at once if there has been one. Gives back what calls it off. */
export function atFirstSign(act: () => void): () => void {
  if (waiting === null) act();
  else waiting.add(act);
  return () => waiting?.delete(act);
}
