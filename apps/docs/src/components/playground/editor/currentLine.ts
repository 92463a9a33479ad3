import { StateEffect, StateField } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView } from '@codemirror/view';

/** Says which line is the step that is shown, from 1; `null`: none. */
export const setCurrentLine = StateEffect.define<number | null>();

/** Marks the line of the step that is shown. */
export const currentLine = StateField.define<DecorationSet>({
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
