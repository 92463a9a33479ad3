import useIsBrowser from '@docusaurus/useIsBrowser';
import { type ReactNode, useEffect, useRef } from 'react';
import { answerEarlyDeeds } from '../early/earlyDeeds.ts';

/**
 * A part of a page that has controls. It is in the page's HTML, where nothing answers yet: until the page's scripts do, its controls
 * are disabled, and what a reader does to them is kept. It is done as soon as they answer.
 */
export function Interactive({ children }: { readonly children: ReactNode }): ReactNode {
  const isBrowser = useIsBrowser();
  const part = useRef<HTMLFieldSetElement>(null);
  useEffect(() => {
    if (isBrowser && part.current) answerEarlyDeeds(part.current);
  }, [isBrowser]);
  return (
    <fieldset className="interactive" disabled={!isBrowser} ref={part}>
      {children}
    </fieldset>
  );
}
