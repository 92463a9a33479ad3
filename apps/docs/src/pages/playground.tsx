import Link from '@docusaurus/Link';
import Layout from '@theme/Layout';
import type { ReactNode } from 'react';
import { Playground } from '../components/playground/Playground.tsx';

export default function PlaygroundPage(): ReactNode {
  return (
    <Layout
      title="Playground"
      description="Type system calls, step through them, put two kernels side by side, share the link."
    >
      <main className="playground-page">
        <h1>Playground</h1>
        <Playground />
        <p className="playground-note">
          Keys: ← and → step, Home and End jump, p plays, m next merge, r next refusal, d next difference. The{' '}
          <Link to="/links">link is the state</Link>; nothing leaves your browser.
        </p>
      </main>
    </Layout>
  );
}
