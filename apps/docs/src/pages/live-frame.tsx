import BrowserOnly from '@docusaurus/BrowserOnly';
import Head from '@docusaurus/Head';
import { HtmlClassNameProvider } from '@docusaurus/theme-common';
import { lazy, type ReactNode, Suspense } from 'react';

const LiveRun = lazy(() => import('../components/live/LiveRun.tsx').then(({ LiveRun }) => ({ default: LiveRun })));

/** The page in the sandboxed frames of live code. Its own policy allows it to compile code, and to reach nothing. */
export default function LiveFrame(): ReactNode {
  return (
    <HtmlClassNameProvider className="live-frame-page">
      <Head>
        <title>Result of live code</title>
        <meta name="robots" content="noindex" />
      </Head>
      <BrowserOnly>
        {() => (
          <Suspense fallback={null}>
            <LiveRun />
          </Suspense>
        )}
      </BrowserOnly>
    </HtmlClassNameProvider>
  );
}
