import OriginalSearchBar from '@theme-original/SearchBar';
import { type ReactNode, useEffect, useRef } from 'react';
import { Interactive } from '../../components/Interactive.tsx';

/**
 * The search. Its field takes the focus when its index has come, which may be long after somebody has tabbed past it: the focus
 * then stays where it is.
 */
export default function SearchBar(): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const input = box.current?.querySelector('input');
    if (!input) return;
    let passed = false;
    const onKey = ({ ctrlKey, metaKey, key }: KeyboardEvent): void => {
      // The keys that open the search are a wish to be there.
      if ((ctrlKey || metaKey) && key === 'k') passed = false;
    };
    const focus = input.focus.bind(input);
    input.focus = (options) => {
      if (!passed) focus(options);
    };
    input.addEventListener('focus', () => {
      passed = false;
    });
    input.addEventListener('blur', () => {
      passed = true;
    });
    document.addEventListener('keydown', onKey, true);
    return () => document.removeEventListener('keydown', onKey, true);
  }, []);
  return (
    <div ref={box} className="search-box">
      <Interactive>
        <OriginalSearchBar />
      </Interactive>
    </div>
  );
}
