import type { ReactNode } from 'react';
import { encodeShare } from '../../link/shareLink.ts';

interface StoppedProps {
  readonly error: Error;
  readonly tryAgain: () => void;
}

/** What stands in the playground's place when it could not be drawn. The rest of the page stays. */
export function Stopped({ error, tryAgain }: StoppedProps): ReactNode {
  const empty = (): void => {
    window.history.replaceState(null, '', `#${encodeShare({ text: '', profile: '6.19' })}`);
    tryAgain();
  };
  return (
    <div className="playground">
      <p className="problem" role="alert">
        The playground could not draw what it was given: {error.message}
      </p>
      <p>
        <button type="button" className="lab-button" onClick={empty}>
          Empty the editor
        </button>{' '}
        Until then the link stays in the address as it is.
      </p>
    </div>
  );
}
