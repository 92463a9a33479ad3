import ErrorBoundary from '@docusaurus/ErrorBoundary';
import PlaygroundHeader from '@theme/Playground/Header';
import ReactLiveScope from '@theme/ReactLiveScope';
import { type ReactNode, useContext, useState } from 'react';
import { generateElement, LiveContext, LiveError, LivePreview } from 'react-live';

/**
 * What live code gives. The original shows nothing before the page's scripts have run; here the code runs when the page is built
 * as well, so that its result can be read without JavaScript, and what fails to run fails the build.
 */
export default function PlaygroundPreview(): ReactNode {
  const { element, error } = useContext(LiveContext);
  return (
    <>
      <PlaygroundHeader>Result</PlaygroundHeader>
      <div className="live-preview">
        <ErrorBoundary fallback={({ error }) => <p role="alert">{error.message}</p>}>
          {element === undefined && error === undefined ? <FirstResult /> : <LivePreview />}
        </ErrorBoundary>
        <LiveError />
      </div>
    </>
  );
}

/** The result of the code as the page has it, before the editor takes over. */
function FirstResult(): ReactNode {
  const { code } = useContext(LiveContext);
  const [Element] = useState(() =>
    generateElement({ code: `${code};`, scope: { ...ReactLiveScope }, enableTypeScript: true }, (error) => {
      throw error;
    }),
  );
  return <Element />;
}
