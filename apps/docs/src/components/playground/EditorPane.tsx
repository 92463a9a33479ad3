import BrowserOnly from '@docusaurus/BrowserOnly';
import type { LineProblem } from 'fork-sim';
import { lazy, type ReactNode, Suspense } from 'react';

// The text can be read while the page starts; the editor comes right after.
const Editor = lazy(() => import('./editor/Editor.tsx'));

interface EditorPaneProps {
  readonly text: string;
  readonly problems: readonly LineProblem[];
  /** Claims that fail, and how many hold. */
  readonly claims: readonly LineProblem[];
  readonly summary: string;
  /** The line of the step that is shown, from 1. */
  readonly current: number | null;
  /** What the example shows; absent: it is the reader's own. */
  readonly note: string | undefined;
  /** The text was kept from an earlier visit. */
  readonly restored: boolean;
  readonly onAfresh: () => void;
  readonly onUndo: () => void;
  readonly onRedo: () => void;
  readonly onText: (text: string, line: number) => void;
  readonly onLine: (line: number) => void;
}

/** The operations: an editor, or, until there is one, their text; and every line that cannot be read. */
export function EditorPane(props: EditorPaneProps): ReactNode {
  const still = <pre className="editor-still">{props.text}</pre>;
  return (
    <section className="playground-editor" aria-label="Operations">
      {props.note !== undefined && <p className="playground-note">{props.note}</p>}
      {props.restored && (
        <p className="playground-note" role="status">
          This is your scenario from last time.{' '}
          <button type="button" className="link-button" onClick={props.onAfresh}>
            Start afresh
          </button>
        </p>
      )}
      <BrowserOnly fallback={still}>
        {() => (
          <Suspense fallback={still}>
            <Editor {...props} />
          </Suspense>
        )}
      </BrowserOnly>
      <p className="editor-hint">
        One operation a line: <code>mmap 2+4 r</code> maps four pages from page 2 on, readable. You can also type system
        calls as strace prints them, and claims: <code>map ..AAAA</code>, <code>flags A has gu</code>. Ctrl+Space
        completes, Escape leaves. A whole log or smaps that you paste opens as a file.
      </p>
      {props.summary !== '' && (
        <p className="editor-hint" role="status">
          {props.summary}
        </p>
      )}
      {props.problems.length + props.claims.length > 0 && (
        <ul className="problems" role="status">
          {[...props.problems, ...props.claims].map(({ line, column, message }) => (
            <li key={`${line}:${column}:${message}`} className="problem">
              {line}:{column}: {message}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
