import Link from '@docusaurus/Link';
import Layout from '@theme/Layout';
import type { ReactNode } from 'react';
import { TracePlayer } from '../components/TracePlayer.tsx';
import { STORY_LINES } from '../content/story.ts';

const WAYS: readonly { readonly to: string; readonly title: string; readonly text: string }[] = [
  {
    to: '/story',
    title: 'Follow the story',
    text: 'A guard page survives a merge, a split and a fork. Seven steps, ten minutes, no knowledge needed.',
  },
  {
    to: '/playground',
    title: 'Try it yourself',
    text: 'Type system calls, step through them, put two kernels side by side, share the link.',
  },
  {
    to: '/guides/read-a-log',
    title: "Read your own program's log",
    text: 'Drop what strace wrote: how many VMAs, at which call, how far from the limit, what guards would save.',
  },
  {
    to: '/exercises',
    title: 'Predict, then look',
    text: 'How many VMAs will there be? What will the child see? Endless exercises, the hard ones from real kernels.',
  },
  {
    to: '/patch',
    title: 'Settle an argument',
    text: 'The sticky-flag patch before, as posted and as merged, with the calls on which they differ.',
  },
  {
    to: '/how-we-know',
    title: 'See why to trust it',
    text: 'Every answer is compared with recordings of eight real kernels, field by field.',
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
          Which mappings become one, what the page tables hold, what a fork copies: Linux's own rules, running in your
          browser, exact against recordings of eight real kernels.
        </p>
        <TracePlayer
          lines={STORY_LINES}
          start={4}
          title="A guard page, a neighbour, a merge: the flag sticks"
          pictureFirst
        />
        <p className="home-read">
          Each bar is a <Link to="/glossary">VMA</Link>: a stretch of memory that the kernel keeps one record for. Here
          two of them and the gap between became one, and it still says that there may be a guard (<code>gu</code>).
          Step through it, or choose a kernel from before the change.
        </p>
        <h2>On your own machine</h2>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that may scroll needs the focus */}
        <pre className="home-commands" tabIndex={0}>
          <code>{'npm install && npm run demo\nnpm install && npm test'}</code>
        </pre>
        <p>
          The first replays the log of a real program and compares the result with what the kernel said; the second
          tests everything. Node 20 is all they need.
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
