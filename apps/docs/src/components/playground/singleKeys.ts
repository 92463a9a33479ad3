/** Where the browser remembers that a reader turned the keys off. */
const STORED = 'lab-single-keys';

/** Whether keys without Ctrl or Alt, such as `p` and `m`, act on the page. A reader who dictates, or brushes keys, turns them off. */
export function singleKeysAct(): boolean {
  try {
    return localStorage.getItem(STORED) !== 'off';
  } catch {
    return true;
  }
}

/** Turns them on or off, from now on and at the next visit. */
export function setSingleKeys(act: boolean): void {
  try {
    if (act) localStorage.removeItem(STORED);
    else localStorage.setItem(STORED, 'off');
  } catch {
    // A browser that remembers nothing keeps them on.
  }
}

/** A key that types a character; the arrows, Home and End do not. */
export function isOff({ key }: KeyboardEvent): boolean {
  return key.length === 1 && !singleKeysAct();
}
