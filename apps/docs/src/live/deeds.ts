import { elementAt, type Path, pathTo } from './path.ts';
import { STILL, stillAround } from './stillAround.ts';

/** What marks a still part that takes keys wherever the focus is. */
export const TAKES_KEYS = 'data-takes-keys';

/** Something that a reader did to a still part. */
type Deed =
  | { readonly kind: 'click'; readonly path: Path }
  | { readonly kind: 'input'; readonly path: Path; readonly value: string }
  | { readonly kind: 'key'; readonly key: string };

const kept = new WeakMap<Element, Deed[]>();

/** The still part in which the pointer is down, or a list open: its click or choice would be lost if its elements were replaced now. */
let held: Element | null = null;

function keep(root: Element, deed: Deed): void {
  const deeds = kept.get(root);
  if (deeds) deeds.push(deed);
  else kept.set(root, [deed]);
}

function keepClick({ target }: Event): void {
  const root = stillAround(target);
  if (!root || !(target instanceof Element) || target.closest('a')) return;
  // The browser clicks the control of a label as well, and that click is kept.
  if (target.closest('label') && !target.matches('input, select, button')) return;
  const path = pathTo(root, target.closest('button, summary') ?? target);
  if (path) keep(root, { kind: 'click', path });
}

function keepInput({ target }: Event): void {
  const root = stillAround(target);
  if (!root || !(target instanceof HTMLInputElement || target instanceof HTMLSelectElement)) return;
  // These are done over by their click.
  if (target.type === 'checkbox' || target.type === 'radio' || target.type === 'file') return;
  const path = pathTo(root, target);
  if (path) keep(root, { kind: 'input', path, value: target.value });
}

function keepKey(event: KeyboardEvent): void {
  const { target, key } = event;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  // Controls act on their keys by themselves, and what comes of it is kept.
  if (target instanceof Element && target.matches('a, button, summary, input, select, textarea')) return;
  for (const root of document.querySelectorAll(`[${STILL}][${TAKES_KEYS}]`)) keep(root, { kind: 'key', key });
}

const RELEASES = ['pointerup', 'pointercancel', 'dragend', 'change', 'focusout'] as const;

function release({ type, target }: Event): void {
  // A list is open until something is chosen.
  if (type === 'pointerup' && target instanceof HTMLSelectElement) return;
  held = null;
}

/** Called once, as early as can be: keeps what a reader does to parts that do not answer yet. */
export function keepDeeds(): void {
  const hold = ({ target }: Event): void => {
    held = stillAround(target);
  };
  window.addEventListener('pointerdown', hold, true);
  window.addEventListener('click', keepClick, true);
  window.addEventListener('input', keepInput, true);
  window.addEventListener('keydown', keepKey, true);
  for (const name of RELEASES) window.addEventListener(name, release, true);
}

/** A reader did something to this part, or is in it. */
export function isTouched(root: Element): boolean {
  return kept.has(root) || root.contains(document.activeElement);
}

/** The elements of this part are not to be replaced now. */
export function isHeld(root: Element): boolean {
  return held !== null && root.contains(held);
}

/** Waits until a part is not held. */
export async function letGo(root: Element): Promise<void> {
  while (isHeld(root)) await nextRelease();
}

/** The next time that a press or a choice may be over. */
function nextRelease(): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      for (const name of RELEASES) window.removeEventListener(name, go, true);
      // The click comes after the pointer is up.
      setTimeout(resolve, 0);
    };
    for (const name of RELEASES) window.addEventListener(name, go, true);
  });
}

/** Does to the live part what the reader did while it was still, in the same order. Each is answered before the next. */
export async function doOver(root: Element): Promise<void> {
  for (let deed = kept.get(root)?.shift(); deed; deed = kept.get(root)?.shift()) {
    const twin = deed.kind === 'key' ? document.body : elementAt(root, deed.path);
    if (deed.kind === 'key')
      twin?.dispatchEvent(new KeyboardEvent('keydown', { key: deed.key, bubbles: true, cancelable: true }));
    else if (deed.kind === 'click') twin?.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }));
    else if (twin) setValue(twin, deed.value);
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}

/** Sets a value as the reader does: React hears only of what goes past its own setter. */
function setValue(element: Element, value: string): void {
  const prototype = element instanceof HTMLSelectElement ? HTMLSelectElement.prototype : HTMLInputElement.prototype;
  Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(element, value);
  element.dispatchEvent(new Event(element instanceof HTMLSelectElement ? 'change' : 'input', { bubbles: true }));
}
