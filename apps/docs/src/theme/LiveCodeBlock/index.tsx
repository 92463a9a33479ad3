import type { Props } from '@theme/LiveCodeBlock';
import type { ReactNode } from 'react';
import { Live, livePart } from '../../components/Live.tsx';

/** The editor and its compiler are large, and most pages have no live code. */
const part = livePart<Props>(async () => (await import('@theme-original/LiveCodeBlock')).default);

/** A live code block. Its first result is in the page's HTML. */
export default function LiveCodeBlock(props: Props): ReactNode {
  return <Live part={part} props={props} />;
}
