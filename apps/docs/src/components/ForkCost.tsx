import type { ReactNode } from 'react';
import { Live, livePart } from './Live.tsx';

const part = livePart<object>(
  async () =>
    (await import(/* webpackChunkName: "pictures", webpackPrefetch: true */ './pictures/ForkCosts.tsx')).ForkCosts,
);

/** What a fork of 16 MiB copies, by kind of memory and by kernel: bars, and the figures. */
export function ForkCost(): ReactNode {
  return <Live part={part} props={{}} />;
}
