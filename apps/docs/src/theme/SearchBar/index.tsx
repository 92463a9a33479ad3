import OriginalSearchBar from '@theme-original/SearchBar';
import { type ReactNode, useEffect, useRef } from 'react';
import { Interactive } from '../../components/Interactive.tsx';

/**
 * The search. When its index has come, the library puts the field into a new frame, which takes the focus from it, and gives the
 * focus back. A reader who has left the field by then keeps the focus elsewhere; one who is typing goes on typing.
 */
export default function SearchBar(): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const input = box.current?.querySelector('input');
    if (!input) return;
    let left = false;
    const focus = input.focus.bind(input);
    input.focus = (options) => {
      if (!left) focus(options);
    };
    const onKey = ({ ctrlKey, metaKey, key, target }: KeyboardEvent): void => {
      // The keys that open the search are a wish to be there.
      if ((ctrlKey || metaKey) && key.toLowerCase() === 'k') left = false;
      else if (target === input) left = key === 'Tab' || key === 'Escape';
    };
    const onElsewhere = ({ target }: Event): void => {
      left = target !== input;
    };
    const listeners = [
      ['keydown', onKey],
      ['pointerdown', onElsewhere],
      ['focusin', onElsewhere],
    ] as const;
    for (const [name, act] of listeners) document.addEventListener(name, act as EventListener, true);
    return () => {
      for (const [name, act] of listeners) document.removeEventListener(name, act as EventListener, true);
    };
  }, []);
  return (
    <div ref={box} className="search-box">
      <Interactive>
        <OriginalSearchBar />
      </Interactive>
    </div>
  );
}
