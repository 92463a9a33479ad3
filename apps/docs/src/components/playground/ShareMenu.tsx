import useBaseUrl from '@docusaurus/useBaseUrl';
import { type ReactNode, useState } from 'react';
import { encodeShare, type ShareState } from '../../link/shareLink.ts';
import { download, downloadPng, EXPORTS, type Traces } from './exports.ts';

interface ShareMenuProps {
  readonly state: ShareState;
  /** One for each kernel that is shown. */
  readonly traces: Traces;
  readonly index: number;
}

/** The code that shows the playground in another page. */
function iframeCode(src: string): string {
  return `<iframe src="${src}" width="100%" height="700" title="VMA Lab playground" allow="clipboard-write; fullscreen"></iframe>`;
}

/** Copies the link or the code of an iframe, and hands out files. Nothing is uploaded. */
export function ShareMenu({ state, traces, index }: ShareMenuProps): ReactNode {
  const [said, setSaid] = useState('');
  const pathname = useBaseUrl('/playground');
  const copy = (text: string, what: string): void => {
    navigator.clipboard.writeText(text).then(
      () => setSaid(`${what} copied.`),
      () => setSaid('The browser does not let pages copy; take it from the address bar.'),
    );
  };
  const link = (query = ''): string =>
    `${window.location.origin}${window.location.pathname}${query}#${encodeShare({ ...state, step: index })}`;
  return (
    <span className="share">
      <button type="button" className="lab-button" onClick={() => copy(link(), 'Link')}>
        Copy link
      </button>
      <details className="share-menu">
        <summary className="lab-button">Export</summary>
        <ul>
          {EXPORTS.map(({ name, file, type, make }) => (
            <li key={name}>
              <button
                type="button"
                className="lab-button"
                onClick={() => {
                  download(new Blob([make(traces, index, state.text)], { type }), file);
                  setSaid(`${file} saved.`);
                }}
              >
                {name}
              </button>
            </li>
          ))}
          <li>
            <button
              type="button"
              className="lab-button"
              onClick={() => {
                downloadPng(traces, index).then(
                  () => setSaid('vma-lab.png saved.'),
                  () => setSaid('The picture could not be made.'),
                );
              }}
            >
              Picture (PNG)
            </button>
          </li>
          <li>
            <button
              type="button"
              className="lab-button"
              onClick={() => copy(iframeCode(link('?embed')), 'Code of an iframe')}
            >
              Embed (iframe)
            </button>
          </li>
          <li>
            <button
              type="button"
              className="lab-button"
              onClick={() => copy(iframeCode(link('?embed=picture')), 'Code of an iframe')}
            >
              Embed the picture (iframe)
            </button>
          </li>
        </ul>
      </details>
      <a
        className="lab-button embed-link"
        href={`${pathname}#${encodeShare({ ...state, step: index })}`}
        target="_blank"
        rel="noopener"
      >
        Open in a window
      </a>
      <span className="share-said" role="status">
        {said}
      </span>
    </span>
  );
}
