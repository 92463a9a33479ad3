import Link from '@docusaurus/Link';
import kept from '@generated/story-traces/default/kept.json';
import Layout from '@theme/Layout';
import type { ReactNode } from 'react';
import { TracePlayer } from '../components/TracePlayer.tsx';
import { STORY, STORY_LINES } from '../content/story.ts';

interface Way {
  readonly to: string;
  readonly title: string;
  readonly text: string;
}

const DOORS: readonly Way[] = [
  {
    to: '/in-one-minute',
    title: 'Learn',
    text: 'Six pictures, from a process to a guard page. You need to know nothing before.',
  },
  {
    to: '/playground',
    title: 'Try it yourself',
    text: 'Type system calls, step through them, compare two kernels, share the link.',
  },
  {
    to: '/guides/read-a-log',
    title: 'Read your own program',
    text: 'Drop a log of strace. See how many VMAs your program has, and which rule keeps each pair apart.',
  },
];

const MORE: readonly Way[] = [
  { to: '/story', title: 'Follow the story', text: 'one guard page through a merge, a split and a fork' },
  { to: '/exercises', title: 'Predict, then look', text: 'real kernels answer the hard ones' },
  { to: '/patch', title: 'Settle an argument', text: 'the sticky-flag patch as posted and as merged, call by call' },
  { to: '/how-we-know', title: 'See why to trust it', text: 'every answer is compared with eight real kernels' },
];

const SENTENCES = STORY.map(({ short }) => short);

export default function Home(): ReactNode {
  return (
    <Layout
      title="Linux VMAs you can watch"
      description="See which mappings Linux merges, what the page tables hold, and what fork copies"
    >
      <main className="home">
        <header className="home-head">
          <h1>Watch Linux cut an address space into VMAs</h1>
          <p className="home-lead">
            See which mappings Linux merges, what the page tables hold, and what <code>fork</code> copies. The rules run
            in your browser, and every answer was compared with eight real kernels.
          </p>
        </header>
        <TracePlayer
          lines={STORY_LINES}
          kept={kept}
          start={4}
          title="A guard page, a neighbour, a merge: the flag sticks"
          sentences={SENTENCES}
          playsFrom={1}
          hidesCalls
          legend
        />
        <nav className="home-doors" aria-label="Where to begin">
          {DOORS.map(({ to, title, text }) => (
            <Link key={to} to={to} className="door">
              <strong>{title}</strong>
              <span>{text}</span>
            </Link>
          ))}
        </nav>
        <div className="home-more">
          <section>
            <h2>Go further</h2>
            <ul>
              {MORE.map(({ to, title, text }) => (
                <li key={to}>
                  <Link to={to}>{title}</Link>: {text}
                </li>
              ))}
            </ul>
          </section>
          <section>
            <h2>On your own machine</h2>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that may scroll needs the focus */}
            <pre className="home-commands" tabIndex={0}>
              <code>{'npm install && npm run demo\nnpm install && npm test'}</code>
            </pre>
            <p>
              The first command replays the log of a real program, and compares the result with the kernel's own map.
              The second tests everything. Both need only Node 20.
            </p>
          </section>
        </div>
      </main>
    </Layout>
  );
}
