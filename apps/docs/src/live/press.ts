import { elementAt, pathTo } from './path.ts';
import { stillAround } from './stillAround.ts';

/**
 * Called once: a press of the mouse that begins on a still part and ends on the live one, which was drawn just then, is no click
 * to the browser, as the element is another. It is to the reader.
 */
export function finishPresses(): void {
  let begun: (() => Element | null) | null = null;
  const begin = ({ target }: PointerEvent): void => {
    const root = stillAround(target);
    const path = root && target instanceof Element ? pathTo(root, target) : null;
    begun = root && path ? () => (stillAround(root) ? null : elementAt(root, path)) : null;
  };
  const end = ({ target, pointerType }: PointerEvent): void => {
    const twin = begun?.();
    begun = null;
    // What a finger taps is found when it is up.
    if (!twin || pointerType !== 'mouse' || !(target instanceof Element)) return;
    const button = twin.closest('button, summary, input, label') ?? twin;
    if (button.contains(target)) button.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }));
  };
  window.addEventListener('pointerdown', begin, true);
  window.addEventListener('pointerup', end, true);
}
