import type { ReactNode } from 'react';
import { Live, livePart } from './Live.tsx';

const part = livePart<object>(
  async () =>
    (await import(/* webpackChunkName: "playground", webpackPrefetch: true */ './playground/Playground.tsx'))
      .Playground,
);

/** A link to a state: the first example, which the HTML shows, is not what was asked for. */
const isLinked = (): boolean => window.location.hash.length > 3;

/** The playground. The page's HTML has its first example, stepped to its merge. */
export function LivePlayground(): ReactNode {
  return <Live part={part} props={{}} takesKeys atOnce={isLinked} />;
}
