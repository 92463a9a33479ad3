import type { ReactNode } from 'react';
import { Live, livePart } from './Live.tsx';

export interface TracePlayerProps {
  /** Scenario lines; `;` or a new line between them. */
  readonly lines: string;
  readonly profile?: string;
  /** The step shown first, from 1; default the last. */
  readonly start?: number;
  readonly softDirty?: boolean;
  /** Names the picture. */
  readonly title?: string;
  /** The reader may choose the kernel. */
  readonly choose?: boolean;
  /** The picture comes before the list of calls, so that it is seen first on a small screen. */
  readonly pictureFirst?: boolean;
}

const part = livePart<TracePlayerProps>(
  async () => (await import(/* webpackChunkName: "pictures", webpackPrefetch: true */ './pictures/Player.tsx')).Player,
);

/** A scenario that readers step through. The first frame is in the HTML. */
export function TracePlayer(props: TracePlayerProps): ReactNode {
  return <Live part={part} props={props} />;
}
