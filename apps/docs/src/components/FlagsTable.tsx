import type { ReactNode } from 'react';
import { Live, livePart } from './Live.tsx';

const part = livePart<object>(
  async () => (await import(/* webpackChunkName: "pictures", webpackPrefetch: true */ './pictures/Flags.tsx')).Flags,
);

/** Every flag against the masks of a profile. */
export function FlagsTable(): ReactNode {
  return <Live part={part} props={{}} />;
}
