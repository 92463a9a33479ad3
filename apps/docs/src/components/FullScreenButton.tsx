import { type ReactNode, useEffect, useRef, useState } from 'react';
import { isFullScreen, toggleFullScreen } from './fullScreen.ts';
import { Icon } from './Icon.tsx';

/** Makes the picture that it belongs to fill the screen, and back. Absent where a browser or a frame does not allow it. */
export function FullScreenButton(): ReactNode {
  const button = useRef<HTMLButtonElement>(null);
  const [isAllowed, setAllowed] = useState(true);
  const [isFull, setFull] = useState(false);
  useEffect(() => {
    setAllowed(document.fullscreenEnabled);
    const onChange = (): void => setFull(isFullScreen(button.current));
    document.addEventListener('fullscreenchange', onChange);
    return () => document.removeEventListener('fullscreenchange', onChange);
  }, []);
  if (!isAllowed) return null;
  const name = isFull ? 'Leave full screen' : 'Full screen';
  return (
    <button
      type="button"
      className="full-screen-button"
      aria-label={name}
      title={name}
      ref={button}
      onClick={() => toggleFullScreen(button.current)}
    >
      <Icon name={isFull ? 'shrink' : 'grow'} />
    </button>
  );
}
