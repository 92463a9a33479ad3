import Link from '@docusaurus/Link';
import Layout from '@theme/Layout';
import type { ReactNode } from 'react';
import { TracePlayer } from '../components/TracePlayer.tsx';
import { STORY_LINES } from '../content/story.ts';

const WAYS: readonly { readonly to: string; readonly title: string; readonly text: string }[] = [
  {
    to: '/story',
    title: 'Follow the story',
    text: 'Follow one guard page through a merge, a split and a fork. It takes ten minutes and assumes nothing.',
  },
  {
    to: '/playground',
    title: 'Try it yourself',
    text: 'Type system calls, step through them, compare two kernels, share the link.',
  },
  {
    to: '/guides/read-a-log',
    title: "Read your own program's log",
    text: 'Drop a log of strace. See how many VMAs your program has, at which call, and how far the limit is.',
  },
  {
    to: '/exercises',
    title: 'Predict, then look',
    text: 'How many VMAs will there be? What will the child see? Real kernels answer the hard ones.',
  },
  {
    to: '/patch',
    title: 'Settle an argument',
    text: 'Compare the sticky-flag patch as it was posted with the form that was merged, call by call.',
  },
  {
    to: '/how-we-know',
    title: 'See why to trust it',
    text: 'See how every answer is compared with eight real kernels, field by field.',
  },
];

export default function Home(): ReactNode {
  return (
    <Layout
      title="Linux VMAs you can watch"
      description="See which mappings Linux merges, what the page tables hold, and what fork copies"
    >
      <main className="home">
        <h1>Watch Linux cut an address space into VMAs</h1>
        <p className="home-lead">
          See which mappings Linux merges, what the page tables hold, and what <code>fork</code> copies. The rules run
          in your browser, and every answer was compared with eight real kernels.
        </p>
        <TracePlayer
          lines={STORY_LINES}
          start={4}
          title="A guard page, a neighbour, a merge: the flag sticks"
          pictureFirst
        />
        <p className="home-read">
          Each bar is a <Link to="/glossary">VMA</Link>: a stretch of memory with one record in the kernel. Here two
          VMAs and the gap between them became one, and the result still says that there may be a guard (<code>gu</code>
          ). Step through it, or choose a kernel from before the change. All this is new to you? Start with{' '}
          <Link to="/in-one-minute">in one minute</Link>.
        </p>
        <h2>On your own machine</h2>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that may scroll needs the focus */}
        <pre className="home-commands" tabIndex={0}>
          <code>{'npm install && npm run demo\nnpm install && npm test'}</code>
        </pre>
        <p>
          The first command replays the log of a real program, and compares the result with the kernel's own map. The
          second tests everything. Both need only Node 20.
        </p>
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
