import useIsBrowser from '@docusaurus/useIsBrowser';
import type { Props } from '@theme/LiveCodeBlock';
import { lazy, type ReactNode, Suspense, useState } from 'react';

/** The editor and its compiler are large, and most pages have no live code. */
const LiveCode = lazy(() => import('@theme-original/LiveCodeBlock'));

/**
 * A live code block. Its first result is in the page's HTML, without a Suspense boundary: React moves what is large within one to
 * the end of the HTML, hidden until scripts run.
 */
export default function LiveCodeBlock(props: Props): ReactNode {
  const isBrowser = useIsBrowser();
  const [reachedByLink] = useState(isBrowser);
  if (!reachedByLink) return <LiveCode {...props} />;
  const code = (
    <pre>
      <code>{props.children}</code>
    </pre>
  );
  return (
    <Suspense fallback={code}>
      <LiveCode {...props} />
    </Suspense>
  );
}
