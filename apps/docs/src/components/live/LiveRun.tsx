import { Component, type ComponentType, type ReactNode, useEffect, useRef, useState } from 'react';
import { elementOf } from './elementOf.ts';
import { type LiveReport, readOrder } from './liveMessages.ts';

/** The page around the frame. Its origin has no name here, and what is sent are results of the reader's own code. */
function say(report: LiveReport): void {
  window.parent.postMessage(report, '*');
}

interface Shown {
  readonly run: number;
  readonly Element: ComponentType;
}

/**
 * Runs the code that the page around this frame sends, and nothing else. Where the frame is not a sandbox, with an origin of its own that is nobody's, no
 * code runs: neither a link to this page nor another site that frames it can start any in the name of this one.
 */
export function LiveRun(): ReactNode {
  const [shown, setShown] = useState<Shown | null>(null);
  const content = useRef<HTMLDivElement>(null);
  const sandboxed = window.origin === 'null' && window.parent !== window;

  useEffect(() => {
    if (!sandboxed) return;
    const hear = (event: MessageEvent<unknown>): void => {
      const order = event.source === window.parent ? readOrder(event.data) : null;
      if (order === null) return;
      if (order.kind === 'ping') {
        say({ kind: 'pong' });
        return;
      }
      const { run, code, theme } = order;
      document.documentElement.dataset.theme = theme === 'dark' ? 'dark' : 'light';
      try {
        setShown({ run, Element: elementOf(code, (error) => say({ kind: 'failed', run, message: textOf(error) })) });
      } catch (error) {
        say({ kind: 'failed', run, message: textOf(error) });
      }
    };
    window.addEventListener('message', hear);
    const sized = new ResizeObserver(([entry]) => {
      say({ kind: 'height', height: entry?.target.getBoundingClientRect().height ?? 0 });
    });
    if (content.current) sized.observe(content.current);
    say({ kind: 'ready' });
    return () => {
      window.removeEventListener('message', hear);
      sized.disconnect();
    };
  }, [sandboxed]);

  if (!sandboxed) return <p>Code of the site's pages runs here, in a frame of theirs.</p>;
  return (
    <div ref={content} className="live-preview">
      {shown && (
        <Guarded key={shown.run} run={shown.run}>
          <shown.Element />
        </Guarded>
      )}
    </div>
  );
}

interface GuardedProps {
  readonly run: number;
  readonly children: ReactNode;
}

/** Tells the page when the code has been drawn, or why not. */
class Guarded extends Component<GuardedProps, { readonly failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override componentDidMount(): void {
    if (!this.state.failed) say({ kind: 'shown', run: this.props.run });
  }

  override componentDidCatch(error: unknown): void {
    say({ kind: 'failed', run: this.props.run, message: textOf(error) });
  }

  override render(): ReactNode {
    return this.state.failed ? null : this.props.children;
  }
}

function textOf(error: unknown): string {
  return String(error instanceof Error ? error : new Error(String(error)));
}
