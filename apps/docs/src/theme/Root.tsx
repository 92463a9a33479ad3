import Head from '@docusaurus/Head';
import text from '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2';
import code from '@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2';
import type { ReactNode } from 'react';
import { DropAnywhere } from '../components/DropAnywhere.tsx';

/**
 * What every page has: the two fonts, fetched with the page, so that its text does not change shape after the first paint; and a place for
 * files that are dropped on it.
 */
export default function Root({ children }: { readonly children: ReactNode }): ReactNode {
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
