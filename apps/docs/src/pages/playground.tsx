import ErrorBoundary from '@docusaurus/ErrorBoundary';
import Head from '@docusaurus/Head';
import Link from '@docusaurus/Link';
import Layout from '@theme/Layout';
import type { ReactNode } from 'react';
import { Interactive } from '../components/Interactive.tsx';
import { EmbedHeight } from '../components/playground/EmbedHeight.tsx';
import { Playground } from '../components/playground/Playground.tsx';
import { Stopped } from '../components/playground/Stopped.tsx';
import { PANES_FIRST } from '../components/playground/usePanes.ts';
import { EMBED } from '../early/embed.ts';

export default function PlaygroundPage(): ReactNode {
  return (
    <Layout
      title="Playground"
      description="Type system calls, step through them, put two kernels side by side, share the link."
    >
      <Head>
        <script>{EMBED}</script>
        <script>{PANES_FIRST}</script>
      </Head>
      <EmbedHeight />
      <main className="playground-page">
        <h1>Playground</h1>
        <Interactive>
          <ErrorBoundary fallback={Stopped}>
            <Playground />
          </ErrorBoundary>
        </Interactive>
        <p className="playground-note playground-keys">
          Press <kbd>/</kbd> for all commands, <kbd>?</kbd> for keys and words. Drop a strace log, smaps, maps, scenario
          or recording anywhere. The <Link to="/links">link is the state</Link>; nothing leaves your browser.
        </p>
      </main>
    </Layout>
  );
}
