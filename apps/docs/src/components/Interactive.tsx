import useIsBrowser from '@docusaurus/useIsBrowser';
import type { ReactNode } from 'react';

/**
 * A part of a page that has controls. It is in the page's HTML, where nothing answers yet: until the page's scripts do, its controls
 * are disabled, so that no click is lost.
 */
export function Interactive({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <fieldset className="interactive" disabled={!useIsBrowser()}>
      {children}
    </fieldset>
  );
}
