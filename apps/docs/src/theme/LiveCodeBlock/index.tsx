import type { Props } from '@theme/LiveCodeBlock';
import { lazy, type ReactNode, Suspense } from 'react';

// The editor and its compiler are large, and most pages have no live code.
const LiveCodeBlock = lazy(() => import('@theme-original/LiveCodeBlock'));

/** A live code block, loaded where there is one. Its first result is in the page's HTML. */
export default function LazyLiveCodeBlock(props: Props): ReactNode {
  return (
    <Suspense>
      <LiveCodeBlock {...props} />
    </Suspense>
  );
}
