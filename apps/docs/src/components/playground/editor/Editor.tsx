import { autocompletion } from '@codemirror/autocomplete';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { EditorState, Transaction } from '@codemirror/state';
import { EditorView, keymap, lineNumbers } from '@codemirror/view';
import { minimalSetup } from 'codemirror';
import type { LineProblem } from 'fork-sim';
import { type ReactNode, useEffect, useLayoutEffect, useRef } from 'react';
import { complete } from './complete.ts';
import { currentLine, setCurrentLine } from './currentLine.ts';
import { hoverHelp } from './hover.ts';
import { language } from './language.ts';

interface EditorProps {
  readonly text: string;
  readonly problems: readonly LineProblem[];
  /** Claims that fail. */
  readonly claims: readonly LineProblem[];
  /** The line of the step that is shown, from 1. */
  readonly current: number | null;
  /** The reader changed the text; the cursor is in that line, from 1. */
  readonly onText: (text: string, line: number) => void;
  /** The reader put the cursor into another line. */
  readonly onLine: (line: number) => void;
  /** The playground's own, which knows edits of the picture and the kernel too. */
  readonly onUndo: () => void;
  readonly onRedo: () => void;
}

function diagnosticsOf(
  state: EditorState,
  problems: readonly LineProblem[],
  severity: 'error' | 'warning',
): Diagnostic[] {
  return problems.flatMap(({ line, column, end, message }) => {
    if (line > state.doc.lines) return [];
    const at = state.doc.line(line);
    const from = Math.min(at.to, at.from + column - 1);
    return [{ from, to: Math.min(at.to, Math.max(from, at.from + end - 1)), severity, message }];
  });
}

/** A key that was taken. */
function done(act: () => void): true {
  act();
  return true;
}

/** The one place in which two texts differ, so that a cursor elsewhere stays where it is. */
function changeTo(old: string, text: string): { from: number; to: number; insert: string } {
  const most = Math.min(old.length, text.length);
  let from = 0;
  while (from < most && old[from] === text[from]) from++;
  let same = 0;
  while (same < most - from && old[old.length - 1 - same] === text[text.length - 1 - same]) same++;
  return { from, to: old.length - same, insert: text.slice(from, text.length - same) };
}

/** Gives the keys back to the page. */
function leave(view: EditorView): boolean {
  view.contentDOM.blur();
  return true;
}

/** The editor of the playground: CodeMirror, with completion, and errors in place. */
export default function Editor(props: EditorProps): ReactNode {
  const { text, problems, claims, current } = props;
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const told = useRef(props);
  told.current = props;

  // Before anything is painted: an editor that is empty for a moment moves all below it up and down again.
  useLayoutEffect(() => {
    if (!host.current) return;
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: '',
        extensions: [
          // Before those of the setup: one history for the text and all else.
          keymap.of([
            { key: 'Mod-z', run: () => done(told.current.onUndo), preventDefault: true },
            { key: 'Mod-y', mac: 'Mod-Shift-z', run: () => done(told.current.onRedo), preventDefault: true },
            { key: 'Mod-Shift-z', run: () => done(told.current.onRedo), preventDefault: true },
          ]),
          minimalSetup,
          lineNumbers(),
          lintGutter(),
          language,
          currentLine,
          hoverHelp,
          autocompletion({ override: [complete] }),
          // Tab leaves the editor, as everywhere on the page; Escape does too.
          keymap.of([{ key: 'Escape', run: leave }]),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': 'Operations, one a line' }),
          EditorView.updateListener.of((update) => {
            const line = update.state.doc.lineAt(update.state.selection.main.head).number;
            const mine = update.transactions.some((one) => one.annotation(Transaction.userEvent) !== undefined);
            if (update.docChanged && mine) told.current.onText(update.state.doc.toString(), line);
            const moved = update.transactions.some((one) => one.isUserEvent('select'));
            if (moved) told.current.onLine(line);
          }),
        ],
      }),
    });
    view.current = editor;
    return () => editor.destroy();
  }, []);
  useLayoutEffect(() => {
    const editor = view.current;
    if (!editor || editor.state.doc.toString() === text) return;
    editor.dispatch({ changes: changeTo(editor.state.doc.toString(), text) });
  }, [text]);
  useEffect(() => {
    const editor = view.current;
    if (!editor) return;
    const { state } = editor;
    const all = [...diagnosticsOf(state, problems, 'error'), ...diagnosticsOf(state, claims, 'warning')];
    editor.dispatch(setDiagnostics(state, all));
  }, [problems, claims]);
  useEffect(() => {
    view.current?.dispatch({ effects: setCurrentLine.of(current) });
  }, [current]);
  return <div className="editor" ref={host} />;
}
