import { useEffect, useRef } from 'react';
import { isOff } from './singleKeys.ts';

/**
 * Single keys that act anywhere on the page, except where the reader types or moves within a control.
 * @param onCommands what Ctrl+Shift+P does, in the editor too
 */
export function usePlaygroundKeys(keys: ReadonlyMap<string, () => void>, onCommands: () => void): void {
  const latest = useRef({ keys, onCommands });
  latest.current = { keys, onCommands };
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if ((event.ctrlKey || event.metaKey) && event.shiftKey && event.key.toLowerCase() === 'p') {
        event.preventDefault();
        latest.current.onCommands();
        return;
      }
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isOff(event)) return;
      const target = event.target as HTMLElement;
      if (target.isContentEditable || /^(INPUT|SELECT|TEXTAREA|CANVAS)$/.test(target.tagName)) return;
      if (target.closest('dialog')) return;
      const act = latest.current.keys.get(event.key);
      if (!act) return;
      event.preventDefault();
      act();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}

/** Puts the cursor into the editor. */
export function focusEditor(): void {
  document.querySelector<HTMLElement>('.playground .cm-content')?.focus();
}
