import { elementAt, type Path, pathTo } from './path.ts';
import { STILL, stillAround } from './stillAround.ts';

/** What marks a still part that takes keys wherever the focus is, and files wherever they are dropped. */
export const TAKES_KEYS = 'data-takes-keys';

/** Something that a reader did to a still part. */
type Deed =
  | { readonly kind: 'click'; readonly path: Path }
  | { readonly kind: 'input'; readonly path: Path; readonly value: string }
  | { readonly kind: 'choice'; readonly path: Path; readonly files: FileList }
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'drop'; readonly files: readonly File[] };

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
  if (target.type === 'checkbox' || target.type === 'radio') return;
  const path = pathTo(root, target);
  if (!path) return;
  if (target instanceof HTMLInputElement && target.files) keep(root, { kind: 'choice', path, files: target.files });
  else keep(root, { kind: 'input', path, value: target.value });
}

function keepKey(event: KeyboardEvent): void {
  const { target, key } = event;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  // Controls act on their keys by themselves, and what comes of it is kept.
  if (target instanceof Element && target.matches('a, button, summary, input, select, textarea')) return;
  for (const root of document.querySelectorAll(`[${STILL}][${TAKES_KEYS}]`)) keep(root, { kind: 'key', key });
}

/** The browser would leave the page for a file that is dropped on it. */
function keepDrop(event: DragEvent): void {
  const root = document.querySelector(`[${STILL}][${TAKES_KEYS}]`);
  if (!root || !event.dataTransfer?.types.includes('Files')) return;
  event.preventDefault();
  if (event.type === 'drop') keep(root, { kind: 'drop', files: [...event.dataTransfer.files] });
}

const RELEASES = ['pointerup', 'pointercancel', 'dragend', 'change', 'cancel', 'focusout'] as const;

function release({ type, target }: Event): void {
  // A list, or the dialog of files, is open until something is chosen.
  if ((type === 'pointerup' || type === 'focusout') && opens(target)) return;
  held = null;
}

/** A press here opens a list, or the dialog of files. */
function opens(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  const control = target.closest('label')?.control ?? target;
  return control instanceof HTMLSelectElement || (control instanceof HTMLInputElement && control.type === 'file');
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
  window.addEventListener('dragover', keepDrop, true);
  window.addEventListener('drop', keepDrop, true);
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
    redo(root, deed);
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}

function redo(root: Element, deed: Deed): void {
  const options = { bubbles: true, cancelable: true };
  if (deed.kind === 'key') document.body.dispatchEvent(new KeyboardEvent('keydown', { key: deed.key, ...options }));
  else if (deed.kind === 'drop') {
    const dataTransfer = new DataTransfer();
    for (const file of deed.files) dataTransfer.items.add(file);
    root.dispatchEvent(new DragEvent('drop', { dataTransfer, ...options }));
  } else {
    const twin = elementAt(root, deed.path);
    if (deed.kind === 'click') twin?.dispatchEvent(new MouseEvent('click', options));
    else if (deed.kind === 'input' && twin) setValue(twin, deed.value);
    else if (deed.kind === 'choice' && twin instanceof HTMLInputElement) {
      twin.files = deed.files;
      twin.dispatchEvent(new Event('change', options));
    }
  }
}

/** Sets a value as the reader does: React hears only of what goes past its own setter. */
function setValue(element: Element, value: string): void {
  const prototype = element instanceof HTMLSelectElement ? HTMLSelectElement.prototype : HTMLInputElement.prototype;
  Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(element, value);
  element.dispatchEvent(new Event(element instanceof HTMLSelectElement ? 'change' : 'input', { bubbles: true }));
}
