import ExecutionEnvironment from '@docusaurus/ExecutionEnvironment';
import { useColorMode, usePrismTheme } from '@docusaurus/theme-common';
import useBaseUrl from '@docusaurus/useBaseUrl';
import useIsBrowser from '@docusaurus/useIsBrowser';
import type { Props } from '@theme/Playground';
import { type ComponentProps, memo, type ReactNode, type RefObject, useEffect, useRef, useState } from 'react';
import { Editor } from 'react-live';
import { elementOf } from '../../components/live/elementOf.ts';
import { useLiveFrame } from '../../components/live/useLiveFrame.ts';

/** So long after the last key the code runs. Milliseconds. */
const SETTLED = 300;

/**
 * The editor, drawn anew only for itself: it would lose what is being typed. When it is drawn for the second time it takes the keys anew, and loses the
 * focus; so that happens at once, and not at the first key.
 */
const StillEditor = memo(function StillEditor(props: ComponentProps<typeof Editor>): ReactNode {
  const [ready, setReady] = useState(false);
  useEffect(() => setReady(true), []);
  return <Editor {...props} disabled={!ready} />;
});

/**
 * A block of live code: an editor, and what the code gives. The page itself never runs it. Its first result was made when the page was built; after
 * a change, or at a press of Run, the code runs in a sandboxed frame that reaches neither this page nor the network.
 */
export default function Playground({ children }: Props): ReactNode {
  const first = (children ?? '').replace(/\n$/, '');
  const [code, setCode] = useState(first);
  const [edition, setEdition] = useState(0);
  const built = useRef<HTMLDivElement>(null);
  const { frame, life, height, problem, shown, run } = useLiveFrame();
  const { colorMode } = useColorMode();
  const theme = usePrismTheme();
  const isBrowser = useIsBrowser();
  const address = useBaseUrl('/live-frame');
  const changed = code !== first || edition > 0;

  useEffect(() => {
    // A page that was reached by a link within the site has no result from the build.
    if (!changed && built.current?.childNodes.length !== 0) return;
    const timer = setTimeout(() => run(code, colorMode), SETTLED);
    return () => clearTimeout(timer);
  }, [code, colorMode, changed, run]);

  const reset = (): void => {
    setCode(first);
    setEdition((before) => before + 1);
  };
  return (
    <div className="live-block">
      <div className="live-head">
        <span>Code</span>
        <button type="button" className="lab-button" onClick={reset}>
          Reset
        </button>
      </div>
      {/* Made anew in the browser: the theme of the page is known only there. It keeps what is typed by itself. */}
      <StillEditor
        key={`${isBrowser} ${edition}`}
        className="live-editor"
        code={first}
        language="tsx"
        theme={theme}
        onChange={setCode}
      />
      <div className="live-head">
        <span>Result</span>
        <button type="button" className="lab-button" onClick={() => run(code, colorMode)}>
          Run
        </button>
      </div>
      {!shown && <Built code={first} element={built} wake={() => run(code, colorMode)} />}
      {life !== null && (
        <iframe
          key={life}
          ref={frame}
          className="live-frame"
          title="Result of the code"
          src={address}
          sandbox="allow-scripts"
          style={{ height: shown ? height : 0 }}
        />
      )}
      {problem !== '' && (
        <p className="live-problem" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}

interface BuiltProps {
  readonly code: string;
  readonly element: RefObject<HTMLDivElement | null>;
  /** Runs the code. */
  readonly wake: () => void;
}

/** React leaves what the page has. */
const AS_BUILT = { __html: '' };

/** The result of the page's own code, made when the page is built; what fails to run fails the build. In the browser it stays as it is. */
function Built({ code, element, wake }: BuiltProps): ReactNode {
  // Its controls wait for a press, which makes the code run; they look as they will.
  useEffect(() => {
    for (const part of element.current?.querySelectorAll('.interactive') ?? []) part.className = 'interactive-built';
  }, [element]);
  if (ExecutionEnvironment.canUseDOM) {
    const html = (
      <div
        ref={element}
        className="live-preview"
        suppressHydrationWarning
        // biome-ignore lint/security/noDangerouslySetInnerHtml: it is empty, and so React leaves what the page has
        dangerouslySetInnerHTML={AS_BUILT}
      />
    );
    return <div onPointerDown={wake}>{html}</div>;
  }
  const Element = elementOf(code, (error) => {
    throw error;
  });
  return (
    <div>
      <div className="live-preview">
        <Element />
      </div>
    </div>
  );
}
