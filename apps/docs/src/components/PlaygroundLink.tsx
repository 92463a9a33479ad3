import Link from '@docusaurus/Link';
import useBaseUrl from '@docusaurus/useBaseUrl';
import type { ReactNode } from 'react';
import { encodeShare } from '../link/shareLink.ts';
import { ShareButton } from './ShareButton.tsx';

interface PlaygroundLinkProps {
  readonly lines: string;
  readonly profile: string;
  readonly step?: number;
  readonly other?: string;
  readonly softDirty?: boolean;
  /** A page that shows the same, and has a picture for previews of links; absent: the playground is what is shared. */
  readonly page?: string | undefined;
}

/** A link that opens a scenario in the playground, and a button that copies a link to it. */
export function PlaygroundLink({ lines, profile, step, other, softDirty, page }: PlaygroundLinkProps): ReactNode {
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
  const playground = `${useBaseUrl('/playground')}#${fragment}`;
  const shared = useBaseUrl(page);
  return (
    <p className="playground-link">
      <Link data-noBrokenLinkCheck to={playground}>
        Open in the playground
      </Link>
      <ShareButton path={page === undefined ? playground : shared} />
    </p>
  );
}
