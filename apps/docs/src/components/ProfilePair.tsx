import type { Scenario } from 'fork-sim';
import type { ReactNode } from 'react';
import type { View } from '../picture/view.ts';
import { Live, livePart } from './Live.tsx';

export interface ProfilePairProps {
  /** Scenario lines, or a scenario where the notation has no word for one of its calls. */
  readonly lines: string | Scenario;
  /** Two or three profiles, side by side. */
  readonly profiles: readonly string[];
  readonly softDirty?: boolean;
  readonly title?: string;
  readonly choose?: boolean;
  /** The pages to draw; default all that are used. */
  readonly view?: View;
  /** Also says how much memory the page tables take. */
  readonly tables?: boolean;
}

const part = livePart<ProfilePairProps>(
  async () => (await import(/* webpackChunkName: "pictures", webpackPrefetch: true */ './pictures/Pair.tsx')).Pair,
);

/** The same operations on several kernels, one pane each; the step shown first is the first that differs. */
export function ProfilePair(props: ProfilePairProps): ReactNode {
  return <Live part={part} props={props} />;
}
