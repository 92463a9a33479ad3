import Head from '@docusaurus/Head';
import { useLocation } from '@docusaurus/router';
import useBaseUrl from '@docusaurus/useBaseUrl';
import text from '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2';
import code from '@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2';
import type { ReactNode } from 'react';
import { DropAnywhere } from '../components/DropAnywhere.tsx';

/**
 * What every page has: the two fonts, fetched with the page, so that its text does not change shape after the first paint; and a place for
 * files that are dropped on it.
 */
export default function Root({ children }: { readonly children: ReactNode }): ReactNode {
  const frame = useBaseUrl('/live-frame');
  const { pathname } = useLocation();
  // The frame of live code has no origin, and so gets no fonts, and files that are dropped on it are nobody's.
  if (pathname.replace(/\/$/, '') === frame) return children;
  return (
    <>
      <Head>
        {[text, code].map((font) => (
          <link key={font} rel="preload" as="font" type="font/woff2" crossOrigin="anonymous" href={font} />
        ))}
      </Head>
      {children}
      <DropAnywhere />
    </>
  );
}
