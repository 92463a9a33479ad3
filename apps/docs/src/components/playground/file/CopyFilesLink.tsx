import { type ReactNode, useState } from 'react';
import type { DroppedFiles } from '../../../files/droppedFiles.ts';
import { encodeFiles, TooLongError } from '../../../link/sharedFiles.ts';
import type { ShareState } from '../../../link/shareLink.ts';

interface CopyFilesLinkProps {
  readonly files: DroppedFiles;
  /** What is shown of them now. */
  readonly shown: () => Pick<ShareState, 'profile' | 'step' | 'faults'>;
}

/** Makes a link that holds the files themselves: puts it into the address, and copies it. */
export function CopyFilesLink({ files, shown }: CopyFilesLinkProps): ReactNode {
  const [said, setSaid] = useState('');
  const copy = async (): Promise<void> => {
    try {
      window.history.replaceState(null, '', `#${await encodeFiles(files, shown())}`);
    } catch (error) {
      setSaid(error instanceof TooLongError ? error.message : 'The files could not be read.');
      return;
    }
    try {
      await navigator.clipboard.writeText(window.location.href);
      setSaid('Link copied. It holds the files: anyone with the link can read them.');
    } catch {
      setSaid('The link, which holds the files, is in the address bar: this browser does not let pages copy.');
    }
  };
  return (
    <>
      <button type="button" className="lab-button" onClick={() => void copy()}>
        Copy link
      </button>
      <span className="share-said" role="status">
        {said}
      </span>
    </>
  );
}
