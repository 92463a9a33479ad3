import type { Props } from '@theme/CodeBlock';
import LiveCodeBlock from '@theme/LiveCodeBlock';
import type { ReactNode } from 'react';
import { Live, livePart } from '../../components/Live.tsx';

/** What colours code sets up twenty languages when it is loaded: up to half of all that a page's scripts did at their start. */
const part = livePart<Props>(async () => (await import('@theme-original/CodeBlock')).default);

/** A block of code. The page's HTML has its colours. */
export default function CodeBlock(props: Props): ReactNode {
  const { children } = props;
  if ('live' in props && typeof children === 'string') return <LiveCodeBlock {...props}>{children}</LiveCodeBlock>;
  const plain = (
    <pre>
      <code>{children}</code>
    </pre>
  );
  return <Live part={part} props={props} fallback={plain} />;
}
