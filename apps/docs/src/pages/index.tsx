import Link from '@docusaurus/Link';
import CodeBlock from '@theme/CodeBlock';
import Layout from '@theme/Layout';
import type { ReactNode } from 'react';
import { TracePlayer } from '../components/TracePlayer.tsx';
import { STORY_LINES } from '../lab/story.ts';

const WAYS: readonly { readonly to: string; readonly title: string; readonly text: string }[] = [
  {
    to: '/story',
    title: 'Follow the story',
    text: 'A guard page survives a merge, a split and a fork. Six steps, ten minutes, no knowledge needed.',
  },
  {
    to: '/playground',
    title: 'Try it yourself',
    text: 'Type system calls, step through them, put two kernels side by side, share the link.',
  },
  {
    to: '/patch',
    title: 'Settle an argument',
    text: 'The sticky-flag patch before, as posted and as merged, with the calls on which they differ.',
  },
  {
    to: '/how-we-know',
    title: 'See why to trust it',
    text: 'Every answer is compared with recordings of six real kernels, field by field.',
  },
];

export default function Home(): ReactNode {
  return (
    <Layout
      title="Linux VMAs you can watch"
      description="VMA merging, page tables and fork of Linux, exact against real kernels"
    >
      <main className="home">
        <h1>Watch Linux cut an address space into VMAs</h1>
        <p className="home-lead">
          VMA Lab is the part of Linux that decides which mappings become one, what the page tables hold, and what a
          fork copies. It runs here, in your browser, and it is exact against recordings of six real kernels.
        </p>
        <TracePlayer lines={STORY_LINES} start={4} title="A guard page, a neighbour, a merge: the flag sticks" />
        <h2>On your own machine</h2>
        <CodeBlock language="sh">{'npm install\nnpm run demo'}</CodeBlock>
        <p>The demo replays the log of a real program and compares the result with what the kernel said.</p>
        <h2>Where to go</h2>
        <ul className="home-ways">
          {WAYS.map(({ to, title, text }) => (
            <li key={to}>
              <Link to={to}>{title}</Link>
              <p>{text}</p>
            </li>
          ))}
        </ul>
      </main>
    </Layout>
  );
}
