import BrowserOnly from '@docusaurus/BrowserOnly';
import type { LineProblem } from 'fork-sim';
import { lazy, type ReactNode, Suspense } from 'react';

// The text can be read while the page starts; the editor comes right after.
const Editor = lazy(() => import('./editor/Editor.tsx'));

interface EditorPaneProps {
  readonly text: string;
  readonly problems: readonly LineProblem[];
  /** The line of the step that is shown, from 1. */
  readonly current: number | null;
  readonly onText: (text: string, line: number) => void;
  readonly onLine: (line: number) => void;
}

/** The operations: an editor, or, until there is one, their text; and every line that cannot be read. */
export function EditorPane(props: EditorPaneProps): ReactNode {
  const still = <pre className="editor-still">{props.text}</pre>;
  return (
    <section className="playground-editor" aria-label="Operations">
      <BrowserOnly fallback={still}>
        {() => (
          <Suspense fallback={still}>
            <Editor {...props} />
          </Suspense>
        )}
      </BrowserOnly>
      <p className="editor-hint">
        One operation a line: <code>mmap 2+4 r</code> maps four pages from page 2 on, readable. System calls as strace
        prints them do as well. Ctrl+Space completes, Escape leaves.
      </p>
      {props.problems.length > 0 && (
        <ul className="problems" role="status">
          {props.problems.map(({ line, column, message }) => (
            <li key={`${line}:${column}`} className="problem">
              {line}:{column}: {message}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
