import { autocompletion, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete';
import { HighlightStyle, StreamLanguage, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { EditorState, StateEffect, StateField } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { minimalSetup } from 'codemirror';
import { type ReactNode, useEffect, useRef } from 'react';
import { ADVICE_NAMES, FLAG_WORDS, type LineProblem, OP_NAMES } from '../../lab/opText.ts';

interface EditorProps {
  readonly text: string;
  readonly problems: readonly LineProblem[];
  /** The line of the step that is shown, from 1. */
  readonly current: number | null;
  readonly onText: (text: string) => void;
  /** The reader put the cursor into another line. */
  readonly onLine: (line: number) => void;
}

const setCurrentLine = StateEffect.define<number | null>();

const currentLine = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    let next = marks.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(setCurrentLine)) continue;
      const { doc } = transaction.state;
      const line = effect.value;
      next =
        line === null || line < 1 || line > doc.lines
          ? Decoration.none
          : Decoration.set([Decoration.line({ class: 'cm-step' }).range(doc.line(line).from)]);
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

const language = StreamLanguage.define<null>({
  token(stream) {
    if (stream.eatSpace()) return null;
    if (stream.match(/^#.*/)) return 'comment';
    if (stream.match(/^\d+(\+\d+)?/) || stream.match(/^0x[0-9a-f]+/)) return 'number';
    if (stream.match(/^[a-z_0-9]+/i)) return OP_NAMES.includes(stream.current() as 'mmap') ? 'keyword' : 'atom';
    stream.next();
    return null;
  },
});

/** Colours of the site, so that both themes are readable. */
const colours = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--ifm-color-primary)', fontWeight: '700' },
  { tag: tags.number, color: 'var(--lab-ok)' },
  { tag: tags.comment, color: 'var(--lab-quiet)', fontStyle: 'italic' },
  { tag: tags.atom, color: 'var(--lab-sticky)' },
]);

function complete(context: CompletionContext): CompletionResult | null {
  const word = context.matchBefore(/[\w+]*/);
  const line = context.state.doc.lineAt(context.pos);
  const before = line.text.slice(0, context.pos - line.from);
  if (!word || (word.from === word.to && !context.explicit)) return null;
  const op = /^\s*(\w+)\s/.exec(before)?.[1];
  const options = op === undefined ? OP_NAMES : wordsFor(op);
  return {
    from: word.from,
    options: options.map((label) => ({ label, type: op === undefined ? 'keyword' : 'constant' })),
  };
}

function wordsFor(op: string): readonly string[] {
  if (op === 'madvise') return ADVICE_NAMES;
  if (op === 'mprotect') return ['none', 'r', 'rw', 'rx'];
  if (op === 'mmap') return ['r', 'rw', 'none', 'file0@', 'file1@', 'file0b@', ...(FLAG_WORDS.mmap ?? [])];
  if (op === 'touch') return ['read', 'write'];
  if (op === 'uffd_register') return ['wp', 'missing', 'wp+missing', ...(FLAG_WORDS.uffd_register ?? [])];
  return FLAG_WORDS[op] ?? [];
}

function diagnosticsOf(state: EditorState, problems: readonly LineProblem[]): Diagnostic[] {
  return problems.flatMap(({ line, column, end, message }) => {
    if (line > state.doc.lines) return [];
    const at = state.doc.line(line);
    const from = Math.min(at.to, at.from + column - 1);
    return [{ from, to: Math.min(at.to, Math.max(from, at.from + end - 1)), severity: 'error' as const, message }];
  });
}

/** The editor of the playground: CodeMirror, with completion, and errors in place. */
export default function Editor({ text, problems, current, onText, onLine }: EditorProps): ReactNode {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const told = useRef({ onText, onLine });
  told.current = { onText, onLine };

  useEffect(() => {
    if (!host.current) return;
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: '',
        extensions: [
          minimalSetup,
          lineNumbers(),
          lintGutter(),
          language,
          syntaxHighlighting(colours),
          currentLine,
          autocompletion({ override: [complete] }),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': 'Operations, one a line' }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) told.current.onText(update.state.doc.toString());
            const moved = update.transactions.some((one) => one.isUserEvent('select'));
            if (moved) told.current.onLine(update.state.doc.lineAt(update.state.selection.main.head).number);
          }),
        ],
      }),
    });
    view.current = editor;
    return () => editor.destroy();
  }, []);
  useEffect(() => {
    const editor = view.current;
    if (!editor || editor.state.doc.toString() === text) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } });
  }, [text]);
  useEffect(() => {
    const editor = view.current;
    if (editor) editor.dispatch(setDiagnostics(editor.state, diagnosticsOf(editor.state, problems)));
  }, [problems]);
  useEffect(() => {
    view.current?.dispatch({ effects: setCurrentLine.of(current) });
  }, [current]);
  return <div className="editor" ref={host} />;
}
