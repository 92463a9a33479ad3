import Link from '@docusaurus/Link';
import useBaseUrl from '@docusaurus/useBaseUrl';
import type { ReactNode } from 'react';
import { encodeShare } from '../link/shareLink.ts';

interface PlaygroundLinkProps {
  readonly lines: string;
  readonly profile: string;
  readonly step?: number;
  readonly other?: string;
  readonly softDirty?: boolean;
}

/** A link that opens a scenario in the playground. */
export function PlaygroundLink({ lines, profile, step, other, softDirty }: PlaygroundLinkProps): ReactNode {
  const fragment = encodeShare({
    text: lines
      .split(';')
      .map((line) => line.trim())
      .join('\n'),
    profile,
    ...(other === undefined ? {} : { other }),
    ...(step === undefined ? {} : { step }),
    ...(softDirty ? { softDirty } : {}),
  });
  return (
    <p className="playground-link">
      <Link data-noBrokenLinkCheck to={`${useBaseUrl('/playground')}#${fragment}`}>
        Open in the playground
      </Link>
    </p>
  );
}
