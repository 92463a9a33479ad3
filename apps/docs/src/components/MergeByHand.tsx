import type { ReactNode } from 'react';
import { Live, livePart } from './Live.tsx';

const part = livePart<object>(
  async () => (await import(/* webpackChunkName: "pictures", webpackPrefetch: true */ './pictures/Merge.tsx')).Merge,
);

/** Three ranges that touch, set by hand: may the middle one join its neighbours? The engine answers. */
export function MergeByHand(): ReactNode {
  return <Live part={part} props={{}} />;
}
