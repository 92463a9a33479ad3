import Layout from '@theme/Layout';
import type { ReactNode } from 'react';

export default function PlaygroundPage(): ReactNode {
  return (
    <Layout title="Playground">
      <main>soon</main>
    </Layout>
  );
}
