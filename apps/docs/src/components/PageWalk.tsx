import type { ReactNode } from 'react';
import { Live, livePart } from './Live.tsx';

const part = livePart<object>(
  async () => (await import(/* webpackChunkName: "pictures", webpackPrefetch: true */ './pictures/Walk.tsx')).Walk,
);

/** Walks the four levels of a page table to the entry of one page. */
export function PageWalk(): ReactNode {
  return <Live part={part} props={{}} />;
}
